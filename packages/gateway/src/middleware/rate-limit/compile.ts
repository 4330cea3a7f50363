import { setTimeout } from 'node:timers/promises';
import { E } from '../../contract/errors.ts';
import type { Exchange } from '../../contract/exchange.ts';
import type { RateLimit } from '../../contract/identity.ts';
import { type Outcome, refuse } from '../../contract/outcome.ts';
import type { Services, Site } from '../../contract/site.ts';
import type { Middleware } from '../../contract/step.ts';
import { countRate, Throttling, type Verdict } from '../../identity/limits.ts';
import { withoutListenPathOf } from '../../routing/candidates.ts';
import { keepLimit } from '../context-values.ts';

/** Counts requests against the rate of a key. It has no settings of its own: the rate is the key's, `disable_rate_limit` switches it off. */
export const rateLimit: Middleware<true> = {
  id: 'rate.limit',
  name: 'RateLimitAndQuotaCheck',
  stage: 'limit',
  skipIgnored: true,
  read: ({ definition }) => (definition.use_keyless || definition.disable_rate_limit ? undefined : true),
  compile(_config, site) {
    const { use } = site;
    const settle = settling(site);
    const throttling = throttlingOf(site.use);
    return {
      request: function countKeyRate(x) {
        const limit = x.checkLimits ? limitFor(x) : undefined;
        if (limit === undefined) return;
        const verdict = countRate(use.counters, limit, use.now());
        if (verdict instanceof Promise) return verdict.then((late) => (late.allowed ? settle(x, late) : refusedOrRetried(x, limit, late)));
        return verdict.allowed ? settle(x, verdict) : refusedOrRetried(x, limit, verdict);
      },
    };

    function refusedOrRetried(x: Exchange, limit: RateLimit, verdict: Verdict): Outcome | void | Promise<Outcome | void> {
      const throttle = x.identity?.throttle;
      if (throttle === undefined) return settle(x, verdict);
      return throttling.retry(limit, throttle, verdict).then((last) => settle(x, last));
    }
  },
};

/** The first limit of the key for this endpoint, else its own. Patterns are tried on the path without the listen path alone, as Tyk does. */
function limitFor(x: Exchange): RateLimit | undefined {
  const { identity } = x;
  if (identity === undefined) return undefined;
  if (identity.endpointRates.length === 0) return identity.rate;
  const path = withoutListenPathOf(x);
  return identity.endpointRates.find(({ method, pattern }) => method === x.method && pattern.test(path)) ?? identity.rate;
}

function settling({ api, use }: Site): (x: Exchange, verdict: Verdict) => Outcome | void {
  const shown = use.config.rate_limit_response_headers === 'rate_limits';
  return function settleRate(x, verdict) {
    if (shown) x.rate = verdict;
    keepLimit(x, 'rate_limit', verdict);
    if (verdict.allowed) return;
    use.event('RatelimitExceeded', api, { path: x.originalPath, origin: x.clientIp, key: x.identity?.shownKey ?? '' });
    return refuse(E.RATE_LIMIT_EXCEEDED, rateLimit.name);
  };
}

/** One per thread, because it bounds how many requests sleep on it. */
const throttlings = new WeakMap<Services, Throttling>();

function throttlingOf(use: Services): Throttling {
  let throttling = throttlings.get(use);
  if (throttling === undefined) {
    throttling = new Throttling(
      use.counters,
      () => use.now(),
      (ms) => setTimeout(ms),
    );
    throttlings.set(use, throttling);
  }
  return throttling;
}
