import type { CounterName } from '@gatehouse/store';
import type { EffectiveIdentity, EndpointRateLimit, QuotaLimit, RateLimit } from '../contract/identity.ts';
import type { Session } from '../definition/index.ts';
import { quotaCounter, rateCounter } from './counter-names.ts';
import type { Matcher } from './pattern.ts';
import { type Plan, planFor, RENEWS_WITH_KEY } from './plan.ts';

/** A key as it was found: its token, and the name that stores and counters use (the token, or its hash). */
export interface FoundKey {
  readonly token: string;
  readonly name: string;
}

/** What a session says that hardly two keys have in common. */
export interface KeyFacts {
  readonly alias: string;
  /** Unix seconds; less than 1 = never. */
  readonly expires: number;
  /** Unix seconds as text. */
  readonly lastUpdated: string;
  /** Unix seconds. */
  readonly quotaRenews: number;
}

const NONE: readonly never[] = [];

/** A key at one API: a shared plan, and the little that is the key's own. It is also the cache's entry. */
export class KeyIdentity implements EffectiveIdentity {
  readonly plan: Plan;
  readonly token: string;
  readonly shownKey: string;
  readonly alias: string;
  readonly expiresAt: number;
  readonly rate: RateLimit | undefined;
  readonly quota: QuotaLimit | undefined;
  readonly endpointRates: readonly EndpointRateLimit[];
  readonly lastUpdated: string;
  readonly quotaRenews: number;
  /** Epoch of the key store under which this was last found right. */
  epoch = 0;
  /** Unix milliseconds at which the store drops the key; 0 = never. */
  storedUntil = 0;
  /** The same credential at another API. */
  next: KeyIdentity | undefined = undefined;

  constructor(plan: Plan, key: FoundKey, facts: KeyFacts) {
    this.plan = plan;
    this.token = key.token;
    this.shownKey = key.name;
    this.alias = facts.alias;
    this.expiresAt = facts.expires < 1 ? 0 : facts.expires * 1000;
    this.lastUpdated = facts.lastUpdated;
    this.quotaRenews = facts.quotaRenews;
    this.rate = plan.rate === undefined ? undefined : { rate: plan.rate.rate, perMs: plan.rate.perMs, counter: this.rateCounter('') };
    this.quota =
      plan.quota === undefined ? undefined : { max: plan.quota.max, renewalMs: plan.quota.renewalMs, counter: quotaCounter(this.counterKey, plan.scope) };
    this.endpointRates = plan.endpoints.length === 0 ? NONE : plan.endpoints.map((endpoint) => ({ ...endpoint, counter: this.rateCounter(endpoint.name) }));
  }

  get orgId(): string {
    return this.plan.orgId;
  }
  get tags(): readonly string[] {
    return this.plan.tags;
  }
  get metaData(): Readonly<Record<string, unknown>> {
    return this.plan.metaData;
  }
  get oauthClientId(): string {
    return this.plan.oauthClientId;
  }
  get inactive(): boolean {
    return this.plan.inactive;
  }
  get allowed(): boolean {
    return this.plan.allowed;
  }
  get versions(): EffectiveIdentity['versions'] {
    return this.plan.versions;
  }
  get urls(): EffectiveIdentity['urls'] {
    return this.plan.urls;
  }
  get throttle(): EffectiveIdentity['throttle'] {
    return this.plan.throttle;
  }
  get policyIds(): readonly string[] {
    return this.plan.policyIds;
  }
  get shownQuota(): EffectiveIdentity['shownQuota'] {
    return { max: this.plan.shownMax, renews: this.ownRenews(this.plan.shownRenews) };
  }
  get root(): EffectiveIdentity['root'] {
    return { ...this.plan.root, quotaRenews: this.ownRenews(this.plan.root.quotaRenews) };
  }

  /** True where a new object for this plan and these facts would be the same. */
  isMadeOf(plan: Plan, key: FoundKey, facts: KeyFacts): boolean {
    const same = this.plan === plan && this.token === key.token && this.alias === facts.alias && this.lastUpdated === facts.lastUpdated;
    return same && this.expiresAt === (facts.expires < 1 ? 0 : facts.expires * 1000) && this.quotaRenews === facts.quotaRenews;
  }

  private get counterKey(): string {
    return this.plan.counterKey === '' ? this.shownKey : this.plan.counterKey;
  }

  /** A change of key or policy begins with a full bucket; counters with a name of their own go on. */
  private rateCounter(endpoint: string): CounterName {
    const { lastUpdated, counterKey, scope } = this.plan;
    const latest = lastUpdated > this.lastUpdated ? lastUpdated : this.lastUpdated;
    return rateCounter(this.counterKey, scope, counterKey === '' ? latest : '', endpoint);
  }

  private ownRenews(renews: number): number {
    return renews === RENEWS_WITH_KEY ? this.quotaRenews : renews;
  }
}

/** What a merged session means for one API, for sessions that come from elsewhere than the key store. */
export function effectiveIdentity(session: Session, apiId: string, key: FoundKey, match: Matcher): EffectiveIdentity {
  const facts = { alias: session.alias, expires: session.expires, lastUpdated: session.last_updated, quotaRenews: session.quota_renews };
  return new KeyIdentity(planFor(session, apiId, 0, match), key, facts);
}
