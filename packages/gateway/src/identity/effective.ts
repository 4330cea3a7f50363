import type { EffectiveIdentity, EndpointRateLimit, QuotaLimit, RateLimit, UrlGrant } from '../contract/identity.ts';
import type { AccessDefinition, AccessEndpoint, AllowedUrl, ApiLimit, Session } from '../definition/index.ts';
import { quotaCounter, rateCounter } from './counter-names.ts';
import { isEmptyLimit } from './limit-merge.ts';
import type { Matcher } from './pattern.ts';
import { policyIds } from './policies.ts';
import { counterKeyFrom } from './rate-pattern.ts';

/** A key as it was found: its token, and the name that stores and counters use (the token, or its hash). */
export interface FoundKey {
  readonly token: string;
  readonly name: string;
}

type Limits = Pick<ApiLimit, 'rate' | 'per' | 'throttle_interval' | 'throttle_retry_limit' | 'quota_max' | 'quota_renews' | 'quota_renewal_rate'>;

/** Names under which a session counts at one API. */
interface Counting {
  readonly key: string;
  readonly scope: string;
  /** Empty where the counters have a name of their own, which edits of the key do not renew. */
  readonly version: string;
}

const NONE: readonly never[] = [];
const NO_META: Readonly<Record<string, unknown>> = Object.freeze({});

/**
 * What a merged session means for one API. An API's own limit counts as a whole where any of its numbers is set, else the session's
 * (spec/gateway/traffic-policy.md §1 and §4).
 */
export function effectiveIdentity(session: Session, apiId: string, key: FoundKey, match: Matcher): EffectiveIdentity {
  const free = Object.keys(session.access_rights ?? {}).length === 0;
  const rights = session.access_rights?.[apiId];
  const limits: Limits = rights !== undefined && !isEmptyLimit(rights.limit) ? rights.limit : session;
  const counting = countingOf(session, rights, key);
  return {
    token: key.token,
    shownKey: key.name,
    orgId: session.org_id,
    alias: session.alias,
    tags: session.tags ?? NONE,
    metaData: session.meta_data ?? NO_META,
    oauthClientId: session.oauth_client_id,
    expiresAt: session.expires < 1 ? 0 : session.expires * 1000,
    inactive: session.is_inactive,
    allowed: free || rights !== undefined,
    versions: free ? undefined : (rights?.versions ?? NONE),
    urls: urlGrants(rights?.allowed_urls ?? NONE, match),
    rate: rateOf(limits, counting),
    endpointRates: endpointRates(rights?.endpoints ?? NONE, counting, match),
    throttle: throttleOf(limits),
    quota: quotaOf(limits, counting),
    shownQuota: { max: limits.quota_max, renews: limits.quota_renews },
    root: {
      rate: session.rate,
      per: session.per,
      quotaMax: session.quota_max,
      quotaRemaining: session.quota_remaining,
      quotaRenews: session.quota_renews,
    },
    policyIds: policyIds(session),
  };
}

function countingOf(session: Session, rights: AccessDefinition | undefined, key: FoundKey): Counting {
  const own = counterKeyFrom(session.meta_data);
  return { key: own === '' ? key.name : own, scope: rights?.allowance_scope ?? '', version: own === '' ? session.last_updated : '' };
}

function urlGrants(urls: readonly AllowedUrl[], match: Matcher): readonly UrlGrant[] | undefined {
  if (urls.length === 0) return undefined;
  return urls.flatMap(({ url, methods }) => {
    const pattern = match(url);
    return pattern === undefined ? [] : [{ pattern, methods: methods ?? NONE }];
  });
}

function rateOf({ rate, per }: Limits, { key, scope, version }: Counting): RateLimit | undefined {
  return rate > 0 ? { rate, perMs: per * 1000, counter: rateCounter(key, scope, version) } : undefined;
}

function endpointRates(endpoints: readonly AccessEndpoint[], { key, scope, version }: Counting, match: Matcher): readonly EndpointRateLimit[] {
  if (endpoints.length === 0) return NONE;
  return endpoints.flatMap(({ path, methods }) => {
    const pattern = match(path);
    if (pattern === undefined) return [];
    return (methods ?? NONE).map(({ name, limit }) => {
      const method = name.toUpperCase();
      return { method, pattern, rate: limit.rate, perMs: limit.per * 1000, counter: rateCounter(key, scope, version, `${method}:${path}`) };
    });
  });
}

function throttleOf(limits: Limits): EffectiveIdentity['throttle'] {
  if (limits.throttle_retry_limit <= 0 || limits.throttle_interval <= 0) return undefined;
  return { intervalMs: limits.throttle_interval * 1000, retries: limits.throttle_retry_limit };
}

function quotaOf(limits: Limits, { key, scope }: Counting): QuotaLimit | undefined {
  if (limits.quota_max <= 0) return undefined;
  return { max: limits.quota_max, renewalMs: Math.max(0, limits.quota_renewal_rate * 1000), counter: quotaCounter(key, scope) };
}
