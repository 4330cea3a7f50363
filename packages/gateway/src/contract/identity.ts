import type { CounterName } from '@gatehouse/store';

/** A rate: `rate` uses per `perMs` milliseconds; undefined where there is no limit. Counted under `counter`. */
export interface RateLimit {
  readonly rate: number;
  readonly perMs: number;
  readonly counter: CounterName;
}

export interface EndpointRateLimit extends RateLimit {
  /** Upper case. */
  readonly method: string;
  readonly pattern: RegExp;
}

export interface QuotaLimit {
  /** As set; -1 and 0 are unlimited (then there is no limit to count). */
  readonly max: number;
  /** 0 = never renews. */
  readonly renewalMs: number;
  readonly counter: CounterName;
}

export interface UrlGrant {
  readonly pattern: RegExp;
  /** As written in the key; compared exactly. */
  readonly methods: readonly string[];
}

/**
 * What a key means for one API, computed once per (session version, policy generation) by `identity/effective.ts` and cached:
 * steps only read it. Everything that a request needs is here; nothing is merged, parsed or hashed per request.
 */
export interface EffectiveIdentity {
  /** The key as stored (custom keys with their organisation). */
  readonly token: string;
  /** As analytics and logs show it: hashed where `hash_keys` is on. */
  readonly shownKey: string;
  readonly orgId: string;
  readonly alias: string;
  readonly tags: readonly string[];
  readonly metaData: Readonly<Record<string, unknown>>;
  readonly oauthClientId: string;
  /** Unix milliseconds; 0 = never. */
  readonly expiresAt: number;
  readonly inactive: boolean;
  /** False: the key's access rights do not name this API. */
  readonly allowed: boolean;
  /** Names of versions that the key may use; undefined = all (no access rights at all). */
  readonly versions: readonly string[] | undefined;
  /** Undefined: no list, every URL is allowed. */
  readonly urls: readonly UrlGrant[] | undefined;
  readonly rate: RateLimit | undefined;
  readonly endpointRates: readonly EndpointRateLimit[];
  readonly throttle: { readonly intervalMs: number; readonly retries: number } | undefined;
  readonly quota: QuotaLimit | undefined;
  /** `quota_max` and the root's `quota_renews` as the quota fields of answers show them without a counted quota. */
  readonly shownQuota: { readonly max: number; readonly renews: number };
  /** Root limits of the session as `/tyk/rate-limits/` shows them. */
  readonly root: { readonly rate: number; readonly per: number; readonly quotaMax: number; readonly quotaRemaining: number; readonly quotaRenews: number };
  /** Values for `$tyk_context`, records and monitors. */
  readonly policyIds: readonly string[];
}
