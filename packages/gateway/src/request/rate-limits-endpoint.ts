import type { Exchange } from '../contract/exchange.ts';

const PATH = 'tyk/rate-limits/';

/** `<listen path>/tyk/rate-limits/` of an API that asks for a credential (spec/control/gateway-api.md §14). */
export function isRateLimitsPath(x: Exchange): boolean {
  if (x.api.keyless || x.loopLevel > 0 || !x.originalPath.includes(PATH)) return false;
  const below = x.originalPath.slice(x.listenPrefix.length);
  return below === PATH || below === `/${PATH}`;
}

/** Limits of the caller's key; nothing is counted. */
export function answerRateLimits(x: Exchange): void {
  const { identity } = x;
  const root = identity?.root ?? { rate: 0, per: 0, quotaMax: 0, quotaRemaining: 0, quotaRenews: 0 };
  const body = {
    quota: { quota_max: root.quotaMax, quota_remaining: root.quotaRemaining, quota_renews: root.quotaRenews },
    rate_limit: { requests: root.rate, per_unit: root.per },
  };
  x.wire.respond(200, ['Content-Type', 'application/json'], JSON.stringify(body));
}
