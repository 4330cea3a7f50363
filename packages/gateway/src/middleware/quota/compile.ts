import { E } from '../../contract/errors.ts';
import type { Exchange } from '../../contract/exchange.ts';
import { type Outcome, refuse } from '../../contract/outcome.ts';
import type { Site } from '../../contract/site.ts';
import type { Middleware } from '../../contract/step.ts';
import { countQuota, type Verdict } from '../../identity/limits.ts';
import { keepLimit } from '../context-values.ts';
import type { QuotaConfig } from './schema.ts';

/** Counts requests against the quota of a key, and notes it for the answer's fields. The quota is the key's; `disable_quota` only shows it. */
export const quota: Middleware<QuotaConfig> = {
  id: 'quota',
  name: 'RateLimitAndQuotaCheck',
  stage: 'limit',
  skipIgnored: true,
  read: ({ definition }) => (definition.use_keyless ? undefined : { counts: !definition.disable_quota }),
  compile({ counts }, site) {
    const { use } = site;
    const settle = settling(site);
    return {
      request: function countKeyQuota(x) {
        if (x.identity === undefined || !x.checkLimits) return;
        const limit = counts ? x.identity.quota : undefined;
        if (limit === undefined) return show(x);
        const verdict = countQuota(use.counters, limit, use.now());
        return verdict instanceof Promise ? verdict.then((late) => settle(x, late)) : settle(x, verdict);
      },
    };
  },
};

/** A quota that is not counted shows its size and nothing left. */
function show(x: Exchange): void {
  const { max = 0, renews = 0 } = x.identity?.shownQuota ?? {};
  x.quota = { limit: max, remaining: 0, reset: renews };
  keepLimit(x, 'quota', x.quota);
}

function settling({ api, use }: Site): (x: Exchange, verdict: Verdict) => Outcome | void {
  return function settleQuota(x, verdict) {
    // A quota that never renews shows the time that is written in the key, or else the present.
    x.quota = verdict.reset === 0 ? { ...verdict, reset: x.identity?.shownQuota.renews || Math.floor(use.now() / 1000) } : verdict;
    keepLimit(x, 'quota', x.quota);
    if (verdict.allowed) return;
    use.event('QuotaExceeded', api, { path: x.originalPath, origin: x.clientIp, key: x.identity?.shownKey ?? '' });
    return refuse(E.QUOTA_EXCEEDED, quota.name);
  };
}
