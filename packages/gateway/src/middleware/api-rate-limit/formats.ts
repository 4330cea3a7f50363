import type { ClassicApi, ClassicVersion } from '../../definition/classic/types.ts';
import { type Located, readEndpoints } from '../endpoint-config.ts';
import type { ApiRateLimitConfig, RatedEndpoint } from './schema.ts';

export type ApiRateLimit = ApiRateLimitConfig & { readonly endpoints: readonly Located<RatedEndpoint>[] };

/** `global_rate_limit` and the version's `rate_limit` list. An entry without a rate leaves the limit of the API to its endpoint. */
export function fromClassic(api: ClassicApi, version: ClassicVersion): ApiRateLimit | undefined {
  if (api.disable_rate_limit) return undefined;
  const { disabled, rate, per } = api.global_rate_limit;
  const global = !disabled && rate > 0 && per > 0 ? { rate, perSeconds: per } : undefined;
  const endpoints = readEndpoints(version, 'rate_limit', (entry) => ({ rate: entry.rate, perSeconds: entry.per })).filter((entry) => entry.rate > 0);
  return global === undefined && endpoints.length === 0 ? undefined : { global, endpoints };
}
