import type { KeyStore, StoredKey } from '@gatehouse/store';
import { MemoryKeyStore } from '@gatehouse/store/memory';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../config/index.ts';
import type { GatewayConfig } from '../config/types.ts';
import type { EffectiveIdentity } from '../contract/identity.ts';
import type { ApiFrame } from '../contract/site.ts';
import { createIdentifier, sessionOf, tokenSettings } from './lookup.ts';
import { type Json, onA, ORG, policySet, rights } from './policies.fixtures.ts';
import { hashKey, makeToken } from './token.ts';

/** A store that counts how often it is asked. */
class CountingStore implements KeyStore {
  readonly inner: MemoryKeyStore;
  asked = 0;
  constructor(now: () => number) {
    this.inner = new MemoryKeyStore(now);
  }
  epoch(): number {
    return this.inner.epoch();
  }
  get(name: string): StoredKey | undefined {
    this.asked++;
    return this.inner.get(name);
  }
  set(name: string, json: string, ttlSeconds: number): void {
    this.inner.set(name, json, ttlSeconds);
  }
  delete(name: string): boolean {
    return this.inner.delete(name);
  }
  names(): string[] {
    return this.inner.names();
  }
}

function frame(id: string, orgId = ORG): ApiFrame {
  return { id, orgId, name: id, keyless: false, incarnation: 1 };
}

function text(fields: Json): string {
  return JSON.stringify({ org_id: ORG, ...fields });
}

const A = frame('a');
let time = 1_800_000_000_000;
let store: CountingStore;

function identifier(conf: Json = {}, keys: KeyStore = store, capacity = 100): { identify: (credential: string, api?: ApiFrame) => EffectiveIdentity | undefined } & Pick<ReturnType<typeof createIdentifier>, 'policies'> {
  const made = createIdentifier({ config: configOf(conf), keys, capacity, now: () => time });
  return {
    identify: (credential, api = A) => made.identify(credential, api) as EffectiveIdentity | undefined,
    policies: (set, generation) => made.policies(set, generation),
  };
}

function configOf(conf: Json): GatewayConfig {
  return CONFIG(conf);
}

beforeEach(() => {
  time = 1_800_000_000_000;
  store = new CountingStore(() => time);
});
