import type { EffectiveIdentity, UrlGrant } from '../contract/identity.ts';
import type { AccessEndpoint, AllowedUrl, ApiLimit, Session } from '../definition/index.ts';
import { isEmptyLimit } from './limit-merge.ts';
import type { Matcher } from './pattern.ts';
import { policyIds } from './policies.ts';
import { counterKeyFrom } from './rate-pattern.ts';

/** A limit without the name under which a key counts. */
export interface Rate {
  readonly rate: number;
  readonly perMs: number;
}

export interface EndpointRate extends Rate {
  readonly method: string;
  readonly pattern: RegExp;
  /** `METHOD:path`, part of the counter's name. */
  readonly name: string;
}

/**
 * What keys that are alike mean for one API. Most of a million keys differ in their name, alias and times only; all those share one plan,
 * which is what keeps them small in memory and quick to make.
 */
export interface Plan extends Pick<
  EffectiveIdentity,
  'orgId' | 'tags' | 'metaData' | 'oauthClientId' | 'inactive' | 'allowed' | 'versions' | 'urls' | 'throttle' | 'policyIds'
> {
  readonly apiId: string;
  /** Generation of the policies that were merged. */
  readonly generation: number;
  readonly rate: Rate | undefined;
  readonly endpoints: readonly EndpointRate[];
  readonly quota: { readonly max: number; readonly renewalMs: number } | undefined;
  readonly shownMax: number;
  /** `RENEWS_WITH_KEY`, or a fixed time in unix seconds. */
  readonly shownRenews: number;
  readonly root: EffectiveIdentity['root'];
  /** Name that counters use in place of the key's; `''` = the key's. */
  readonly counterKey: string;
  readonly scope: string;
  /** The latest change of a policy, unix seconds as text. */
  readonly lastUpdated: string;
}

/** Stands in a session's `quota_renews` for the time that each key has itself. */
export const RENEWS_WITH_KEY = -1;

type Limits = Pick<ApiLimit, 'rate' | 'per' | 'throttle_interval' | 'throttle_retry_limit' | 'quota_max' | 'quota_renews' | 'quota_renewal_rate'>;

const NONE: readonly never[] = [];
const NO_META: Readonly<Record<string, unknown>> = Object.freeze({});

/**
 * Reads a merged session for one API. An API's own limit counts as a whole where any of its numbers is set, else the session's
 * (spec/gateway/traffic-policy.md §1 and §4).
 */
export function planFor(session: Session, apiId: string, generation: number, match: Matcher): Plan {
  const free = Object.keys(session.access_rights ?? {}).length === 0;
  const rights = session.access_rights?.[apiId];
  const limits: Limits = rights !== undefined && !isEmptyLimit(rights.limit) ? rights.limit : session;
  return {
    apiId,
    generation,
    orgId: session.org_id,
    tags: session.tags ?? NONE,
    metaData: session.meta_data ?? NO_META,
    oauthClientId: session.oauth_client_id,
    inactive: session.is_inactive,
    allowed: free || rights !== undefined,
    versions: free ? undefined : (rights?.versions ?? NONE),
    urls: urlGrants(rights?.allowed_urls ?? NONE, match),
    rate: limits.rate > 0 ? { rate: limits.rate, perMs: limits.per * 1000 } : undefined,
    endpoints: endpointRates(rights?.endpoints ?? NONE, match),
    throttle: throttleOf(limits),
    quota: limits.quota_max > 0 ? { max: limits.quota_max, renewalMs: Math.max(0, limits.quota_renewal_rate * 1000) } : undefined,
    shownMax: limits.quota_max,
    shownRenews: limits.quota_renews,
    root: rootOf(session),
    policyIds: policyIds(session),
    counterKey: counterKeyFrom(session.meta_data),
    scope: rights?.allowance_scope ?? '',
    lastUpdated: session.last_updated,
  };
}

function rootOf(session: Session): EffectiveIdentity['root'] {
  const { rate, per, quota_max: quotaMax, quota_remaining: quotaRemaining, quota_renews: quotaRenews } = session;
  return { rate, per, quotaMax, quotaRemaining, quotaRenews };
}

function urlGrants(urls: readonly AllowedUrl[], match: Matcher): readonly UrlGrant[] | undefined {
  if (urls.length === 0) return undefined;
  return urls.flatMap(({ url, methods }) => {
    const pattern = match(url);
    return pattern === undefined ? [] : [{ pattern, methods: methods ?? NONE }];
  });
}

function endpointRates(endpoints: readonly AccessEndpoint[], match: Matcher): readonly EndpointRate[] {
  return endpoints.flatMap(({ path, methods }) => {
    const pattern = match(path);
    if (pattern === undefined) return [];
    return (methods ?? NONE).map(({ name, limit }) => {
      const method = name.toUpperCase();
      return { method, pattern, rate: limit.rate, perMs: limit.per * 1000, name: `${method}:${path}` };
    });
  });
}

function throttleOf(limits: Limits): EffectiveIdentity['throttle'] {
  if (limits.throttle_retry_limit <= 0 || limits.throttle_interval <= 0) return undefined;
  return { intervalMs: limits.throttle_interval * 1000, retries: limits.throttle_retry_limit };
}
