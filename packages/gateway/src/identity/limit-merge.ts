import type { AccessEndpoint, ApiLimit, NamedLimit, RateLimit, Smoothing } from '../definition/index.ts';

/** The numbers of a limit, as sessions, policies and their access rights all have them. */
export interface RateNumbers {
  rate: number;
  per: number;
  smoothing: Smoothing | null;
}

export interface LimitNumbers extends RateNumbers {
  throttle_interval: number;
  throttle_retry_limit: number;
  max_query_depth: number;
  quota_max: number;
  quota_renewal_rate: number;
}

/** True where no number is set: the limit of the session counts then (spec/gateway/traffic-policy.md §4). */
export function isEmptyLimit(limit: ApiLimit): boolean {
  return Object.values(limit).every((value) => value === 0 || value === null);
}

/** A limit of one API without any number. */
export function emptyLimit(): ApiLimit {
  return {
    rate: 0,
    per: 0,
    smoothing: null,
    throttle_interval: 0,
    throttle_retry_limit: 0,
    max_query_depth: 0,
    quota_max: 0,
    quota_renews: 0,
    quota_remaining: 0,
    quota_renewal_rate: 0,
  };
}

/** The larger value, where -1 stands for unlimited. */
export function morePermissive(a: number, b: number): number {
  return a === -1 || b === -1 ? -1 : Math.max(a, b);
}

/** Takes over the rate of another limit if that is the faster one; equal speed keeps what is there, and no rate never wins. */
function takeFasterRate(into: RateNumbers, other: Readonly<RateNumbers>): void {
  if (isNoRate(other) || (!isNoRate(into) && interval(into) <= interval(other))) return;
  into.rate = other.rate;
  into.per = other.per;
  into.smoothing = other.smoothing;
}

/** The rate part of a merge: the faster rate as a pair, the highest throttle values one by one. */
export function mergeRate(into: LimitNumbers, other: Readonly<LimitNumbers>): void {
  takeFasterRate(into, other);
  into.throttle_interval = Math.max(into.throttle_interval, other.throttle_interval);
  into.throttle_retry_limit = Math.max(into.throttle_retry_limit, other.throttle_retry_limit);
}

/** The quota part: the highest quota, and by itself the highest renewal rate. */
export function mergeQuota(into: LimitNumbers, other: Readonly<LimitNumbers>): void {
  into.quota_max = morePermissive(into.quota_max, other.quota_max);
  into.quota_renewal_rate = Math.max(into.quota_renewal_rate, other.quota_renewal_rate);
}

export function mergeComplexity(into: LimitNumbers, other: Readonly<LimitNumbers>): void {
  into.max_query_depth = morePermissive(into.max_query_depth, other.max_query_depth);
}

/** Endpoint limits of two access rights: the faster limit per path and method, sorted by both where two lists meet. */
export function mergeEndpoints(a: AccessEndpoint[] | null, b: AccessEndpoint[] | null): AccessEndpoint[] | null {
  if (a === null || a.length === 0) return b;
  if (b === null || b.length === 0) return a;
  const byPath = new Map<string, NamedLimit[]>();
  for (const endpoint of [...a, ...b]) byPath.set(endpoint.path, mergeNamed(byPath.get(endpoint.path) ?? [], endpoint.methods ?? []));
  return [...byPath].sort(byFirst).map(([path, methods]) => ({ path, methods: methods.sort((x, y) => compare(x.name, y.name)) }));
}

/** Limits with a name: the faster one of each name. */
export function mergeNamed<T extends NamedLimit>(a: readonly T[], b: readonly T[], nameOf: (entry: T) => string = (entry) => entry.name): T[] {
  const byName = new Map<string, T>();
  for (const entry of [...a, ...b]) {
    const known = byName.get(nameOf(entry));
    if (known === undefined) byName.set(nameOf(entry), { ...entry, limit: { ...entry.limit } });
    else takeFasterRate(known.limit, entry.limit);
  }
  return [...byName.values()];
}

function isNoRate(limit: Readonly<RateNumbers>): boolean {
  return limit.rate === 0 || limit.per === 0;
}

/** Seconds between two requests; 0 for an unlimited rate. */
function interval(limit: Readonly<Pick<RateLimit, 'rate' | 'per'>>): number {
  return limit.rate <= 0 || limit.per <= 0 ? 0 : limit.per / limit.rate;
}

function byFirst(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return compare(a[0], b[0]);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
