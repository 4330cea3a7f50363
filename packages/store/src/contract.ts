import { expect, it } from 'vitest';
import { counterName } from './counter-name.ts';
import type { CounterName, CounterStore, KeyStore, RecordBatch, RecordStore } from './types.ts';

/** A store under test, with a clock that the test sets (unix milliseconds). */
export interface Subject<T> {
  readonly store: T;
  readonly advance: (ms: number) => void;
  readonly now: () => number;
  readonly close: () => void;
}

/** What every key store does. The suites of this file run against each implementation. */
export function keyStoreContract(open: () => Subject<KeyStore>): void {
  const using = (name: string, test: (subject: Subject<KeyStore>) => Promise<void>): void => {
    it(name, async () => {
      const subject = open();
      try {
        await test(subject);
      } finally {
        subject.close();
      }
    });
  };

  using('answers nothing for a name that it does not know', async ({ store }) => {
    expect(await store.get('nobody')).toBeUndefined();
    expect(await store.delete('nobody')).toBe(false);
    expect(await store.names()).toEqual([]);
  });

  using('gives back what was set, to the letter', async ({ store }) => {
    const json = '{"alias":"Zoë \\u0000 \'quoted\'", "rate": 1e3}';
    await store.set("it's a key", json, 0);
    expect(await store.get("it's a key")).toEqual({ name: "it's a key", json, expiresAt: 0 });
    expect(await store.names()).toEqual(["it's a key"]);
  });

  using('replaces text and time to live', async ({ store }) => {
    await store.set('key', '{"a":1}', 10);
    await store.set('key', '{"a":2}', 0);
    expect(await store.get('key')).toEqual({ name: 'key', json: '{"a":2}', expiresAt: 0 });
  });

  using('tells apart names that differ in case', async ({ store }) => {
    await store.set('Key', '{"a":1}', 0);
    expect(await store.get('key')).toBeUndefined();
  });

  using('forgets a key when its time has come', async ({ store, advance, now }) => {
    await store.set('short', '{}', 5);
    await store.set('long', '{}', 50);
    expect((await store.get('short'))?.expiresAt).toBe(now() + 5000);
    advance(4999);
    expect(await store.get('short')).toBeDefined();
    advance(1);
    expect(await store.get('short')).toBeUndefined();
    expect(await store.delete('short')).toBe(false);
    expect(await store.names()).toEqual(['long']);
  });

  using('deletes once', async ({ store }) => {
    await store.set('key', '{}', 0);
    expect(await store.delete('key')).toBe(true);
    expect(await store.delete('key')).toBe(false);
    expect(await store.get('key')).toBeUndefined();
  });

  using('grows its epoch with every write, and with no read', async ({ store }) => {
    const epochs = [store.epoch()];
    await store.set('key', '{}', 0);
    epochs.push(store.epoch());
    await store.set('key', '{}', 0);
    epochs.push(store.epoch());
    await store.delete('key');
    epochs.push(store.epoch());
    expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
    expect(epochs).toHaveLength(4);
    await store.get('key');
    await store.names();
    expect(store.epoch()).toBe(epochs.at(-1));
  });
}

/** The answer of a `hit` as values, since the store may reuse the object. */
async function hit(store: CounterStore, name: CounterName, windowMs: number, now: number): Promise<[number, number]> {
  const { count, endsAt } = await store.hit(name, windowMs, now);
  return [count, endsAt];
}

/** What every counter store does. */
export function counterStoreContract(open: () => { store: CounterStore; close: () => void }): void {
  const T0 = 1_800_000_000_000;
  const a = counterName('quota-a');
  const b = counterName('quota-b');
  const using = (name: string, test: (store: CounterStore) => Promise<void>): void => {
    it(name, async () => {
      const { store, close } = open();
      try {
        await test(store);
      } finally {
        close();
      }
    });
  };
  using('counts from one, in a window that begins with the first use', async (store) => {
    expect(await hit(store, a, 1000, T0)).toEqual([1, T0 + 1000]);
    expect(await hit(store, a, 1000, T0 + 400)).toEqual([2, T0 + 1000]);
    expect(await hit(store, a, 1000, T0 + 999)).toEqual([3, T0 + 1000]);
    expect(await hit(store, a, 1000, T0 + 1000)).toEqual([1, T0 + 2000]);
  });

  using('keeps names apart', async (store) => {
    await hit(store, a, 1000, T0);
    expect(await hit(store, b, 5000, T0)).toEqual([1, T0 + 5000]);
  });

  using('never ends a window of 0', async (store) => {
    expect(await hit(store, a, 0, T0)).toEqual([1, 0]);
    expect(await hit(store, a, 0, T0 + 1e12)).toEqual([2, 0]);
  });

  using('keeps the window that is open when another length is asked for', async (store) => {
    await hit(store, a, 1000, T0);
    expect(await hit(store, a, 9000, T0 + 1)).toEqual([2, T0 + 1000]);
  });

  using('peeks without counting', async (store) => {
    expect(await store.peek(a, T0)).toBeUndefined();
    await hit(store, a, 1000, T0);
    expect(await store.peek(a, T0 + 1)).toEqual({ count: 1, endsAt: T0 + 1000 });
    expect(await store.peek(a, T0 + 1)).toEqual({ count: 1, endsAt: T0 + 1000 });
    expect(await store.peek(a, T0 + 1000)).toBeUndefined();
    expect(await hit(store, a, 1000, T0 + 1)).toEqual([2, T0 + 1000]);
  });

  using('begins anew after a reset', async (store) => {
    await hit(store, a, 0, T0);
    await hit(store, b, 0, T0);
    await store.reset(a);
    await store.reset(counterName('never used'));
    expect(await store.peek(a, T0)).toBeUndefined();
    expect(await hit(store, a, 1000, T0)).toEqual([1, T0 + 1000]);
    expect(await hit(store, b, 0, T0)).toEqual([2, 0]);
  });

  using('holds many names', async (store) => {
    const names = Array.from({ length: 5000 }, (_, i) => counterName(`key-${i}`));
    for (const round of [1, 2, 3]) {
      for (const name of names) expect((await store.hit(name, 60_000, T0)).count).toBe(round);
    }
  });
}

/** What every record store does with a batch. */
export function recordStoreContract(open: () => { store: RecordStore; stored: () => RecordBatch[]; close: () => void }): void {
  it('keeps batches as they were given, and none without records', async () => {
    const { store, stored, close } = open();
    const batches = [
      { count: 2, columns: { timestamp: Float64Array.of(1000, 2000), path: ['/a', '/ü'], code: Float64Array.of(200, 404) } },
      { count: 1, columns: { timestamp: Float64Array.of(3000), path: [''], code: Float64Array.of(500) } },
    ];
    try {
      for (const batch of batches) await store.append(batch);
      expect(stored()).toEqual(batches);
    } finally {
      close();
    }
  });
}
