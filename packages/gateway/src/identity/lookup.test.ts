import type { KeyStore, StoredKey } from '@gatehouse/store';
import { MemoryKeyStore } from '@gatehouse/store/memory';
import { beforeEach, describe, expect, it } from 'vitest';
import { defaultsOf } from '../config/defaults.ts';
import type { EffectiveIdentity } from '../contract/identity.ts';
import type { ApiFrame } from '../contract/site.ts';
import { createIdentifier, sessionOf, tokenSettings } from './lookup.ts';
import type { PolicySet } from './policies.ts';
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

interface Subject {
  readonly identify: (credential: string, api?: ApiFrame) => EffectiveIdentity | undefined;
  readonly policies: (policies: PolicySet, generation: number) => void;
}

function identifier(conf: Json = {}, capacity = 100): Subject {
  const made = createIdentifier({ config: { ...defaultsOf('zero'), ...conf }, keys: store, capacity, now: () => time });
  return {
    identify: (credential, api = A) => made.identify(credential, api) as EffectiveIdentity | undefined,
    policies: (policies, generation) => made.policies(policies, generation),
  };
}

beforeEach(() => {
  time = 1_800_000_000_000;
  store = new CountingStore(() => time);
});

describe('a credential', () => {
  it('leads to the key that it names, as token or as custom id', () => {
    store.set(`${ORG}mine`, text({ alias: 'Ann' }), 0);
    const { identify } = identifier();
    expect(identify('mine')).toMatchObject({ token: `${ORG}mine`, shownKey: `${ORG}mine`, alias: 'Ann' });
    expect(identify(`${ORG}mine`)).toMatchObject({ token: `${ORG}mine` });
    expect(identify('mine')?.quota).toEqual(identify(`${ORG}mine`)?.quota);
  });

  it('that nobody has, or that is too short, leads nowhere', () => {
    store.set('ab', text({}), 0);
    const { identify } = identifier();
    expect(identify('nobody')).toBeUndefined();
    expect(identify('ab')).toBeUndefined();
  });

  it('is looked up by its hash where keys are hashed, which no longer opens anything itself', () => {
    const token = makeToken(ORG, 'mine', 'murmur64');
    store.set(hashKey(token), text({}), 0);
    const { identify } = identifier({ hash_keys: true, hash_key_function: 'murmur64' });
    expect(identify('mine')).toMatchObject({ token, shownKey: hashKey(token) });
    expect(identify(token)).toMatchObject({ token });
    expect(identify(hashKey(token))).toBeUndefined();
  });

  it('made with an older hash function is found by the fall-back', () => {
    const old = makeToken(ORG, 'mine', 'murmur32');
    store.set(hashKey(old), text({}), 0);
    const conf = { hash_keys: true, hash_key_function: 'sha256' };
    expect(identifier(conf).identify('mine')).toBeUndefined();
    expect(identifier({ ...conf, hash_key_function_fallback: ['murmur32'] }).identify('mine')).toMatchObject({ token: old });
  });

  it('of another organisation opens nothing, whatever its rights say', () => {
    const other = 'aaaaaaaaaaaaaaaaaaaaaaaa';
    store.set(`${other}key`, JSON.stringify({ org_id: other, access_rights: rights('a') }), 0);
    const { identify } = identifier();
    expect(identify(`${other}key`)).toBeUndefined();
    expect(identify(`${other}key`, frame('a', other))?.allowed).toBe(true);
  });

  it('whose session cannot be read leads nowhere', () => {
    store.set(`${ORG}text`, 'no JSON', 0);
    store.set(`${ORG}kind`, text({ rate: 'fast' }), 0);
    const { identify } = identifier();
    expect(identify('text')).toBeUndefined();
    expect(identify('kind')).toBeUndefined();
    expect(sessionOf({ name: 'n', json: '{"rate":2}', expiresAt: 0 })?.rate).toBe(2);
  });
});

describe('policies of a key', () => {
  it('are merged; a set that cannot be applied refuses the key', () => {
    store.set(`${ORG}one`, text({ apply_policies: ['p'] }), 0);
    store.set(`${ORG}two`, text({ apply_policies: ['gone'] }), 0);
    const subject = identifier();
    subject.policies(policySet(onA('p', { rate: 5, per: 1 })), 1);
    expect(subject.identify('one')).toMatchObject({ rate: { rate: 5 }, policyIds: ['p'] });
    expect(subject.identify('two')).toBeUndefined();
  });

  it('count anew with each generation', () => {
    store.set(`${ORG}one`, text({ apply_policies: ['p'] }), 0);
    const subject = identifier();
    subject.policies(policySet(onA('p', { rate: 5, per: 1 })), 1);
    expect(subject.identify('one')?.rate?.rate).toBe(5);
    subject.policies(policySet(onA('p', { rate: 6, per: 1 })), 2);
    expect(subject.identify('one')?.rate?.rate).toBe(6);
  });
});

describe('the cache', () => {
  it('answers the same object without asking the store', () => {
    store.set(`${ORG}key`, text({}), 0);
    const { identify } = identifier();
    const first = identify('key');
    const asked = store.asked;
    expect(identify('key')).toBe(first);
    expect(store.asked).toBe(asked);
  });

  it('sees an edited and a deleted key at once', () => {
    store.set(`${ORG}key`, text({ alias: 'old' }), 0);
    const { identify } = identifier();
    expect(identify('key')?.alias).toBe('old');
    store.set(`${ORG}key`, text({ alias: 'new' }), 0);
    expect(identify('key')?.alias).toBe('new');
    store.delete(`${ORG}key`);
    expect(identify('key')).toBeUndefined();
  });

  it('keeps what it made of a key when only others are written', () => {
    store.set(`${ORG}key`, text({}), 0);
    const { identify } = identifier();
    const first = identify('key');
    store.set(`${ORG}other`, text({}), 0);
    expect(identify('key')).toBe(first);
  });

  it('tells APIs apart, and keeps a bounded number of them', () => {
    store.set(`${ORG}key`, text({ access_rights: rights('a') }), 0);
    const { identify } = identifier();
    expect(identify('key', A)?.allowed).toBe(true);
    expect(identify('key', frame('b'))?.allowed).toBe(false);
    for (let i = 0; i < 40; i++) identify('key', frame(`api-${i}`));
    const again = identify('key', frame('api-39'));
    expect(identify('key', frame('api-39'))).toBe(again);
    expect(identify('key', A)?.allowed).toBe(true);
  });

  it('lets a key go when its entry in the store has run out', () => {
    store.set(`${ORG}key`, text({}), 10);
    const { identify } = identifier();
    expect(identify('key')).toBeDefined();
    time += 10_000;
    expect(identify('key')).toBeUndefined();
  });

  it('works when there are more keys than it holds', () => {
    for (let i = 0; i < 50; i++) store.set(`${ORG}key-${i}`, text({ alias: `${i}` }), 0);
    const { identify } = identifier({}, 10);
    for (let i = 0; i < 200; i++) expect(identify(`key-${i % 50}`)?.alias).toBe(`${i % 50}`);
  });
});

describe('keys that are alike', () => {
  it('share what their session means, and have their own name, times and counters', () => {
    const common = { rate: 5, per: 1, quota_max: 9, tags: ['t'], access_rights: rights('a') };
    store.set(
      `${ORG}one`,
      text({ ...common, alias: 'One', expires: 1_900_000_000, last_updated: '1', quota_renews: 11, date_created: '2026-01-01T00:00:00Z' }),
      0,
    );
    store.set(`${ORG}two`, text({ ...common, alias: 'Two', last_updated: '2', quota_renews: 22 }), 0);
    const { identify } = identifier();
    const [one, two] = [identify('one'), identify('two')];
    expect(one?.tags).toBe(two?.tags);
    expect(one?.versions).toBe(two?.versions);
    expect([one?.alias, two?.alias]).toEqual(['One', 'Two']);
    expect([one?.expiresAt, two?.expiresAt]).toEqual([1_900_000_000_000, 0]);
    expect([one?.shownQuota, two?.shownQuota]).toEqual([
      { max: 9, renews: 11 },
      { max: 9, renews: 22 },
    ]);
    expect([one?.root.quotaRenews, two?.root.quotaRenews]).toEqual([11, 22]);
    expect([one?.rate?.counter.text, two?.rate?.counter.text]).toEqual([`rate-limit-${ORG}one-1`, `rate-limit-${ORG}two-2`]);
  });

  it('are refused alike where a fact is of a wrong kind', () => {
    store.set(`${ORG}alias`, text({ alias: 5 }), 0);
    store.set(`${ORG}expires`, text({ expires: 'soon' }), 0);
    const { identify } = identifier();
    expect([identify('alias'), identify('expires')]).toEqual([undefined, undefined]);
  });

  it('count under the later of their own change and that of their policy', () => {
    store.set(`${ORG}old`, text({ apply_policies: ['p'], last_updated: '1700000000' }), 0);
    store.set(`${ORG}new`, text({ apply_policies: ['p'], last_updated: '1900000000' }), 0);
    const subject = identifier();
    subject.policies(policySet(onA('p', { rate: 1, per: 1, last_updated: '1800000000' })), 1);
    expect(subject.identify('old')?.rate?.counter.text).toBe(`rate-limit-${ORG}old-1800000000`);
    expect(subject.identify('new')?.rate?.counter.text).toBe(`rate-limit-${ORG}new-1900000000`);
    expect(subject.identify('new')?.shownQuota).toEqual({ max: 0, renews: 0 });
  });
});

describe('a store that answers later', () => {
  it('gives a promise once, then the cached identity at once', async () => {
    store.set(`${ORG}key`, text({ alias: 'Ann' }), 0);
    const later: KeyStore = { epoch: () => store.epoch(), get: async (name) => store.get(name), set: () => undefined, delete: () => false, names: () => [] };
    const made = createIdentifier({ config: defaultsOf('zero'), keys: later });
    const first = made.identify('key', A);
    expect(first).toBeInstanceOf(Promise);
    expect((await first)?.alias).toBe('Ann');
    expect(made.identify('key', A)).toMatchObject({ alias: 'Ann' });
    expect(await made.identify('nobody', A)).toBeUndefined();
  });
});

describe('token settings', () => {
  it('come from the configuration', () => {
    expect(tokenSettings(defaultsOf('zero'))).toEqual({ hashKeys: false, hashFunction: '', fallbacks: [], customIds: true, minTokenLength: 3 });
    const config = {
      ...defaultsOf('zero'),
      hash_key_function: 'sha256',
      hash_key_function_fallback: ['murmur64'],
      disable_key_actions_by_username: true,
      min_token_length: 8,
    };
    expect(tokenSettings(config)).toEqual({ hashKeys: false, hashFunction: 'sha256', fallbacks: ['murmur64'], customIds: false, minTokenLength: 8 });
  });
});
