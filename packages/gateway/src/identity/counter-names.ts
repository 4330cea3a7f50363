import { type CounterName, counterName } from '@gatehouse/store';

/**
 * Names of counters (spec/gateway/traffic-policy.md §4 and §5). `key` is the key's storage name, or what `rate_limit_pattern` gives in its
 * place; `scope` is the `allowance_scope` of the access rights, `''` = shared by all APIs of the key.
 */
export function quotaCounter(key: string, scope: string): CounterName {
  return counterName(`quota-${scoped(scope)}${key}`);
}

/** A new `version` (the session's `last_updated`) begins with a full bucket. `endpoint` is `METHOD:path`, `''` for the key's own rate. */
export function rateCounter(key: string, scope: string, version: string, endpoint = ''): CounterName {
  return counterName(`rate-limit-${scoped(scope)}${key}${suffix(endpoint)}${suffix(version)}`);
}

/** Limits of an API itself count all callers together; a reload of a changed definition begins with full buckets. */
export function apiRateCounter(api: { readonly orgId: string; readonly id: string; readonly incarnation: number }, endpoint = ''): CounterName {
  return counterName(`rate-limit-apilimiter-${api.orgId}${api.id}${suffix(endpoint)}-${api.incarnation}`);
}

function scoped(scope: string): string {
  return scope === '' ? '' : `${scope}-`;
}

function suffix(part: string): string {
  return part === '' ? '' : `-${part}`;
}
