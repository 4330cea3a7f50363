import type { KeyStore, Maybe, StoredKey } from '@gatehouse/store';
import type { GatewayConfig } from '../config/types.ts';
import type { EffectiveIdentity } from '../contract/identity.ts';
import type { ApiFrame } from '../contract/site.ts';
import { ClockCache } from './cache.ts';
import { type FoundKey, KeyIdentity } from './effective.ts';
import { isHashFunction } from './key-hash.ts';
import { createMatcher } from './pattern.ts';
import { Plans, takeApart } from './plans.ts';
import type { PolicySet } from './policies.ts';
import { storedName, tokenCandidates, type TokenSettings } from './token.ts';

export { sessionOf } from './plans.ts';

/** Keys that a thread keeps ready. */
const CACHED_KEYS = 1_000_000;
/** Identities of one key, of different APIs, that are kept. */
const APIS_PER_KEY = 16;

export interface IdentifierOptions {
  readonly config: GatewayConfig;
  readonly keys: KeyStore;
  /** Keys kept per thread. */
  readonly capacity?: number;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

/** Credential as presented → what it means for an API. One object per data thread. */
export interface Identifier {
  /** Undefined: unknown key, key of another organisation, or a key whose policies cannot be applied. A promise only where the store gives one. */
  identify(credential: string, api: ApiFrame): Maybe<EffectiveIdentity | undefined>;
  /** The policies of a new generation; identities made before are made again. */
  policies(policies: PolicySet, generation: number): void;
}

export function createIdentifier(options: IdentifierOptions): Identifier {
  return new CachingIdentifier(options);
}

export function tokenSettings(config: GatewayConfig): TokenSettings {
  return {
    hashKeys: config.hash_keys,
    hashFunction: isHashFunction(config.hash_key_function) ? config.hash_key_function : '',
    fallbacks: config.hash_key_function_fallback.filter(isHashFunction),
    customIds: !config.disable_key_actions_by_username,
    minTokenLength: config.min_token_length || 3,
  };
}

class CachingIdentifier implements Identifier {
  private readonly keys: KeyStore;
  private readonly now: () => number;
  private readonly settings: TokenSettings;
  private readonly plans: Plans;
  private readonly cache: ClockCache<KeyIdentity>;

  constructor({ config, keys, capacity = CACHED_KEYS, now = Date.now }: IdentifierOptions) {
    const { enable_path_prefix_matching: prefix, enable_path_suffix_matching: suffix } = config.http_server_options;
    this.keys = keys;
    this.now = now;
    this.settings = tokenSettings(config);
    this.plans = new Plans(createMatcher({ prefix, suffix }));
    this.cache = new ClockCache(capacity);
  }

  policies(policies: PolicySet, generation: number): void {
    this.plans.replace(policies, generation);
  }

  identify(credential: string, api: ApiFrame): Maybe<EffectiveIdentity | undefined> {
    const known = find(this.cache.get(credential), api);
    return known !== undefined && this.isCurrent(known) ? known : this.look(credential, api);
  }

  private isCurrent({ epoch, plan, storedUntil }: KeyIdentity): boolean {
    return epoch === this.keys.epoch() && plan.generation === this.plans.generation && (storedUntil === 0 || storedUntil > this.now());
  }

  /** Tries the tokens that a credential may stand for, one after the other. */
  private look(credential: string, api: ApiFrame): Maybe<EffectiveIdentity | undefined> {
    // Read before the store: a write in between makes the entry stale instead of wrong.
    const epoch = this.keys.epoch();
    // A copy: a part of a request's head would keep the whole head in memory.
    const own = Buffer.from(credential).toString();
    const tokens = tokenCandidates(own, api.orgId, this.settings);
    const next = (at: number): Maybe<EffectiveIdentity | undefined> => {
      const token = tokens[at];
      if (token === undefined) return undefined;
      const name = storedName(token, this.settings);
      const use = (stored: StoredKey | undefined): Maybe<EffectiveIdentity | undefined> =>
        stored === undefined ? next(at + 1) : this.keep(own, api, epoch, stored, { token, name });
      const stored = this.keys.get(name);
      return stored instanceof Promise ? stored.then(use) : use(stored);
    };
    return next(0);
  }

  private keep(credential: string, api: ApiFrame, epoch: number, stored: StoredKey, key: FoundKey): EffectiveIdentity | undefined {
    const session = takeApart(stored.json);
    const plan = session && this.plans.get(session, api);
    if (session === undefined || plan === undefined) return undefined;
    const head = this.cache.get(credential);
    const known = find(head, api);
    const identity = known?.isMadeOf(plan, key, session.facts) === true ? known : new KeyIdentity(plan, key, session.facts);
    identity.epoch = epoch;
    identity.storedUntil = stored.expiresAt;
    if (identity === known) return identity;
    identity.next = without(head, api, APIS_PER_KEY - 1);
    this.cache.set(credential, identity);
    return identity;
  }
}

function find(head: KeyIdentity | undefined, api: ApiFrame): KeyIdentity | undefined {
  let entry = head;
  while (entry !== undefined && entry.plan.apiId !== api.id) entry = entry.next;
  return entry;
}

/** The chain without the entry of an API, and not longer than `most`. */
function without(head: KeyIdentity | undefined, api: ApiFrame, most: number): KeyIdentity | undefined {
  if (head === undefined || most === 0) return undefined;
  if (head.plan.apiId === api.id) return without(head.next, api, most);
  head.next = without(head.next, api, most - 1);
  return head;
}
