import { E } from '../../contract/errors.ts';
import type { Exchange } from '../../contract/exchange.ts';
import type { RateLimit } from '../../contract/identity.ts';
import { type Outcome, refuse } from '../../contract/outcome.ts';
import type { Site } from '../../contract/site.ts';
import type { Middleware } from '../../contract/step.ts';
import { apiRateCounter } from '../../identity/counter-names.ts';
import { countRate, type Verdict } from '../../identity/limits.ts';
import { compileEndpoints } from '../endpoint-config.ts';
import { type ApiRateLimit, fromClassic } from './formats.ts';
import type { RateConfig } from './schema.ts';

/** Counts all callers of an API together, also where no key is asked for. */
export const apiRateLimit: Middleware<ApiRateLimit> = {
  id: 'api.rate.limit',
  name: 'RateLimitForAPI',
  stage: 'limit',
  skipIgnored: false,
  read: ({ definition, version }) => fromClassic(definition, version),
  compile(config, site) {
    const { use } = site;
    const table = compileEndpoints(config.endpoints, site, (entry) => limitOf(entry, site, `${entry.method}:${entry.path}`));
    const global = config.global === undefined ? undefined : limitOf(config.global, site);
    const settle = settling(site);
    return {
      request: function countApiRate(x) {
        const limit = x.checkLimits ? (table.find(x) ?? global) : undefined;
        if (limit === undefined) return;
        const verdict = countRate(use.counters, limit, use.now());
        return verdict instanceof Promise ? verdict.then((late) => settle(x, late)) : settle(x, verdict);
      },
    };
  },
};

function limitOf({ rate, perSeconds }: RateConfig, { api }: Site, endpoint = ''): RateLimit {
  return { rate, perMs: perSeconds * 1000, counter: apiRateCounter(api, endpoint) };
}

function settling({ api, use }: Site): (x: Exchange, verdict: Verdict) => Outcome | void {
  const shown = use.config.rate_limit_response_headers === 'rate_limits';
  return function settleApiRate(x, verdict) {
    // The state of the key's own rate is the one that answers show.
    if (shown) x.rate ??= verdict;
    if (verdict.allowed) return;
    use.event('RatelimitExceeded', api, { path: x.originalPath, origin: x.clientIp, key: x.identity?.shownKey ?? '' });
    return refuse(E.API_RATE_LIMIT_EXCEEDED, apiRateLimit.name);
  };
}
