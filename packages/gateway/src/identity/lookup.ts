import { counterName, type KeyStore, type Maybe, type StoredKey } from '@gatehouse/store';
import type { GatewayConfig } from '../config/types.ts';
import type { EffectiveIdentity } from '../contract/identity.ts';
import type { ApiFrame } from '../contract/site.ts';
import { decodeSession, type Session } from '../definition/index.ts';
import { ClockCache } from './cache.ts';
import { effectiveIdentity, type FoundKey } from './effective.ts';
import { isHashFunction } from './key-hash.ts';
import { createMatcher, type Matcher } from './pattern.ts';
import { applyPolicies, type PolicySet } from './policies.ts';
import { storedName, tokenCandidates, type TokenSettings } from './token.ts';

/** Keys that a thread keeps ready; each takes about 1.5 KB. */
const CACHED_KEYS = 100_000;
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

/** A key in the cache with what it means for the APIs that asked. */
interface CachedKey {
  epoch: number;
  generation: number;
  /** Unix milliseconds; 0 = never: the store's entry vanishes then. */
  expiresAt: number;
  readonly name: string;
  /** Hash of the stored text: an unchanged key keeps its identities when other keys are written. */
  readonly high: number;
  readonly low: number;
  readonly apis: string[];
  readonly identities: EffectiveIdentity[];
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
  private readonly match: Matcher;
  private readonly cache: ClockCache<CachedKey>;
  private policySet: PolicySet = new Map();
  private generation = 0;

  constructor({ config, keys, capacity = CACHED_KEYS, now = Date.now }: IdentifierOptions) {
    const { enable_path_prefix_matching: prefix, enable_path_suffix_matching: suffix } = config.http_server_options;
    this.keys = keys;
    this.now = now;
    this.settings = tokenSettings(config);
    this.match = createMatcher({ prefix, suffix });
    this.cache = new ClockCache(capacity);
  }

  policies(policies: PolicySet, generation: number): void {
    this.policySet = policies;
    this.generation = generation;
  }

  identify(credential: string, api: ApiFrame): Maybe<EffectiveIdentity | undefined> {
    const cached = this.cache.get(credential);
    if (cached !== undefined && this.isCurrent(cached)) {
      const at = cached.apis.indexOf(api.id);
      if (at >= 0) return cached.identities[at];
    }
    return this.look(credential, api);
  }

  private isCurrent({ epoch, generation, expiresAt }: CachedKey): boolean {
    return epoch === this.keys.epoch() && generation === this.generation && (expiresAt === 0 || expiresAt > this.now());
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
    const entry = this.entryFor(credential, epoch, stored, key);
    const at = entry.apis.indexOf(api.id);
    if (at >= 0) return entry.identities[at];
    const identity = this.make(stored, api, key);
    if (identity === undefined) return undefined;
    if (entry.apis.length >= APIS_PER_KEY) {
      entry.apis.shift();
      entry.identities.shift();
    }
    entry.apis.push(api.id);
    entry.identities.push(identity);
    this.cache.set(credential, entry);
    return identity;
  }

  /** The entry that is there, where key and policies are the same as when it was made; else a new one. */
  private entryFor(credential: string, epoch: number, stored: StoredKey, key: FoundKey): CachedKey {
    const { high, low } = counterName(stored.json);
    const known = this.cache.get(credential);
    if (known?.generation === this.generation && known.name === key.name && known.high === high && known.low === low) {
      known.epoch = epoch;
      known.expiresAt = stored.expiresAt;
      return known;
    }
    return { epoch, generation: this.generation, expiresAt: stored.expiresAt, name: key.name, high, low, apis: [], identities: [] };
  }

  private make(stored: StoredKey, api: ApiFrame, key: FoundKey): EffectiveIdentity | undefined {
    const session = sessionOf(stored);
    // Rights of one organisation's key never reach into another one.
    if (session === undefined || (session.org_id !== '' && api.orgId !== '' && session.org_id !== api.orgId)) return undefined;
    const merged = applyPolicies(session, this.policySet, { orgId: api.orgId });
    return merged.error === undefined ? effectiveIdentity(merged.session, api.id, key, this.match) : undefined;
  }
}

/** The session of a stored key; undefined where its text is no session. */
export function sessionOf(stored: StoredKey): Session | undefined {
  try {
    const { value, problems } = decodeSession(JSON.parse(stored.json));
    return problems.length === 0 ? value : undefined;
  } catch {
    return undefined;
  }
}
