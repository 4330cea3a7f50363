import type { CounterStore, Maybe } from '@gatehouse/store';
import type { Exchange, LimitFields } from '../contract/exchange.ts';
import type { EffectiveIdentity } from '../contract/identity.ts';
import { peekQuota } from '../identity/limits.ts';

const PATH = 'tyk/rate-limits/';

/** `<listen path>/tyk/rate-limits/` of an API that asks for a credential (spec/control/gateway-api.md §14). */
export function isRateLimitsPath(x: Exchange): boolean {
  if (x.api.keyless || x.loopLevel > 0 || !x.originalPath.includes(PATH)) return false;
  const below = x.originalPath.slice(x.listenPrefix.length);
  return below === PATH || below === `/${PATH}`;
}

/** Limits of the caller's key; nothing is counted. A quota that nobody used yet is whole. */
export function answerRateLimits(x: Exchange, counters: CounterStore): Maybe<void> {
  const { identity } = x;
  const quota = identity?.quota;
  if (!identity || !quota || quota.max !== identity.root.quotaMax) return send(x, identity?.root ?? NO_LIMITS);
  const state = peekQuota(counters, quota, Date.now());
  const root = ({ remaining, reset }: LimitFields): Root => ({ ...identity.root, quotaRemaining: remaining, quotaRenews: reset || identity.root.quotaRenews });
  return state instanceof Promise ? state.then((s) => send(x, root(s))) : send(x, root(state));
}

type Root = EffectiveIdentity['root'];
const NO_LIMITS: Root = { rate: 0, per: 0, quotaMax: 0, quotaRemaining: 0, quotaRenews: 0 };

function send(x: Exchange, root: Root): void {
  const body = {
    quota: { quota_max: root.quotaMax, quota_remaining: root.quotaRemaining, quota_renews: root.quotaRenews },
    rate_limit: { requests: root.rate, per_unit: root.per },
  };
  x.wire.respond(200, ['Content-Type', 'application/json'], JSON.stringify(body));
}
