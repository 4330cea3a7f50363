import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { counterStoreContract } from '../contract.ts';
import { counterName } from '../counter-name.ts';
import { createCounterMemory, type CounterMemory, SharedCounterStore, takeChanges } from './index.ts';

const T0 = 1_800_000_000_000;
const TINY = { firstBits: 1, levels: 2 };
/** Slots of `TINY`: 2 and 8 buckets of 13. */
const TINY_SLOTS = 130;

const nothing = (): void => undefined;

describe('counters in shared memory', () => {
  counterStoreContract(() => ({ store: new SharedCounterStore(createCounterMemory()), close: nothing }));
});

describe('counters in shared memory that is far too small', () => {
  it('use the slots of windows that have ended', () => {
    const store = new SharedCounterStore(createCounterMemory(TINY));
    for (let i = 0; i < 20_000; i++) expect(store.hit(counterName(`key-${i}`), 10, T0 + i).count).toBe(1);
    expect(store.stats()).toEqual({ evicted: 0, uncounted: 0, stolenLocks: 0 });
  });

  it('give up the rate window that ends first, and say so', () => {
    const store = new SharedCounterStore(createCounterMemory(TINY));
    for (let i = 0; i < 1000; i++) store.hit(counterName(`rate-${i}`), 30_000, T0 + i);
    const { evicted, uncounted } = store.stats();
    expect(evicted).toBeGreaterThanOrEqual(1000 - TINY_SLOTS);
    expect(uncounted).toBe(0);
    expect(store.hit(counterName('rate-999'), 30_000, T0 + 1000).count).toBe(2);
  });

  it('never give up a quota: what finds no room is let through uncounted, and told', () => {
    const store = new SharedCounterStore(createCounterMemory(TINY));
    const names = Array.from({ length: 400 }, (_, i) => counterName(`quota-${i}`));
    for (const name of names) store.hit(name, 3_600_000, T0);
    const counted = names.filter((name) => store.peek(name, T0) !== undefined);
    expect(counted.length + store.stats().uncounted).toBe(names.length);
    expect(counted.length).toBeGreaterThan(TINY_SLOTS / 2);
    for (const name of counted) expect(store.hit(name, 3_600_000, T0 + 1).count).toBe(2);
    const left = names.find((name) => !counted.includes(name));
    expect(left && store.hit(left, 3_600_000, T0 + 1)).toEqual({ count: 1, endsAt: T0 + 3_600_001 });
  });

  it('keep every name once, also those that moved to a further level', () => {
    const store = new SharedCounterStore(createCounterMemory({ firstBits: 1, levels: 4 }));
    const names = Array.from({ length: 1000 }, (_, i) => counterName(`name-${i}`));
    for (let round = 1; round <= 5; round++) {
      for (const name of names) expect(store.hit(name, 0, T0).count).toBe(round);
    }
    expect(store.stats().uncounted).toBe(0);
  });
});

describe('changes of counters', () => {
  it('are taken once', () => {
    const memory = createCounterMemory();
    const store = new SharedCounterStore(memory);
    const name = counterName('quota-a');
    store.hit(name, 0, T0);
    store.hit(name, 0, T0);
    expect(takeChanges(memory)).toEqual([{ high: name.high, low: name.low, count: 2, endsAt: 0 }]);
    expect(takeChanges(memory)).toEqual([]);
    store.reset(name);
    expect(takeChanges(memory)).toMatchObject([{ high: name.high, low: name.low, count: 0 }]);
    expect(takeChanges(memory)).toEqual([]);
    expect(store.peek(name, T0)).toBeUndefined();
  });

  it('leave a counter that was put back alone', () => {
    const memory = createCounterMemory();
    const store = new SharedCounterStore(memory);
    const name = counterName('quota-a');
    store.restore(name, 7, T0 + 500, T0);
    store.restore(name, 99, T0 + 500, T0);
    expect(takeChanges(memory)).toEqual([]);
    expect(store.hit(name, 1000, T0 + 1)).toEqual({ count: 8, endsAt: T0 + 500 });
  });
});

describe('counters of several threads', () => {
  interface Job {
    memory: CounterMemory;
    names: number;
    hits: number;
    limit: number;
  }

  const SOURCE = `
    import { parentPort, workerData } from 'node:worker_threads';
    const { counterName } = await import(workerData.nameModule);
    const { SharedCounterStore } = await import(workerData.module);
    const { memory, names, hits, limit, gate } = workerData;
    const store = new SharedCounterStore(memory);
    const list = Array.from({ length: names }, (_, i) => counterName('shared-' + i));
    Atomics.add(gate, 0, 1);
    Atomics.notify(gate, 0);
    Atomics.wait(gate, 1, 0);
    let admitted = 0;
    for (let i = 0; i < hits; i++) if (store.hit(list[i % names], 0, ${T0}).count <= limit) admitted++;
    parentPort.postMessage(admitted);`;

  /** Runs the job on some threads that begin together; answers how many uses each admitted. */
  async function run(threads: number, job: Job): Promise<number[]> {
    const gate = new Int32Array(new SharedArrayBuffer(8));
    const modules = { module: new URL('index.ts', import.meta.url).href, nameModule: new URL('../counter-name.ts', import.meta.url).href };
    const workers = Array.from({ length: threads }, () => new Worker(SOURCE, { eval: true, workerData: { ...job, ...modules, gate } }));
    const answers = workers.map(async (worker) => (await once(worker, 'message')) as [number]);
    while (Atomics.load(gate, 0) < threads) await new Promise((resolve) => setTimeout(resolve, 5));
    Atomics.store(gate, 1, 1);
    Atomics.notify(gate, 1);
    return (await Promise.all(answers)).map(([admitted]) => admitted);
  }

  it.each([
    [2, 1],
    [4, 1],
    [4, 50],
    [3, 1000],
  ])('%i threads on %i names lose no use and admit none too many', async (threads, names) => {
    const memory = createCounterMemory({ firstBits: 1, levels: 6 });
    const hits = 200_000;
    const limit = 500;
    const admitted = await run(threads, { memory, names, hits, limit });
    const store = new SharedCounterStore(memory);
    const counts = Array.from({ length: names }, (_, i) => store.peek(counterName(`shared-${i}`), T0)?.count ?? 0);
    expect(counts).toEqual(counts.map(() => (threads * hits) / names));
    expect(admitted.reduce((sum, n) => sum + n, 0)).toBe(names * Math.min(limit, (threads * hits) / names));
    expect(store.stats()).toEqual({ evicted: 0, uncounted: 0, stolenLocks: 0 });
  });

  it('survive a thread that was ended at any point', async () => {
    const memory = createCounterMemory({ firstBits: 1, levels: 3 });
    const modules = { module: new URL('index.ts', import.meta.url).href, nameModule: new URL('../counter-name.ts', import.meta.url).href };
    for (let round = 0; round < 5; round++) {
      const gate = new Int32Array(new SharedArrayBuffer(8));
      Atomics.store(gate, 1, 1);
      const worker = new Worker(SOURCE, { eval: true, workerData: { memory, names: 200, hits: 1e9, limit: 1, ...modules, gate } });
      while (Atomics.load(gate, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await worker.terminate();
    }
    const store = new SharedCounterStore(memory);
    for (let i = 0; i < 200; i++) expect(store.hit(counterName(`shared-${i}`), 0, T0).count).toBeGreaterThan(0);
  });
});
