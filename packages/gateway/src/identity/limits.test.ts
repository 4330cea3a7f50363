import { type CounterStore, counterName } from '@gatehouse/store';
import { MemoryCounterStore } from '@gatehouse/store/memory';
import { createCounterMemory, SharedCounterStore } from '@gatehouse/store/shared';
import { describe, expect, it } from 'vitest';
import type { QuotaLimit, RateLimit } from '../contract/identity.ts';
import { countQuota, countRate, peekQuota, Throttling, type Verdict, wouldPass } from './limits.ts';

const T0 = 1_800_000_000_000;
const STORES: [string, () => CounterStore][] = [
  ['memory', () => new MemoryCounterStore()],
  ['shared memory', () => new SharedCounterStore(createCounterMemory())],
];

function rate(count: number, perSeconds: number): RateLimit {
  return { rate: count, perMs: perSeconds * 1000, counter: counterName('rate-limit-key') };
}

function quota(max: number, renewalSeconds: number): QuotaLimit {
  return { max, renewalMs: Math.max(0, renewalSeconds * 1000), counter: counterName('quota-key') };
}

async function settle(verdicts: readonly (Verdict | Promise<Verdict>)[]): Promise<Verdict[]> {
  return Promise.all(verdicts.map(async (verdict) => verdict));
}

async function allowed(verdicts: readonly (Verdict | Promise<Verdict>)[]): Promise<string> {
  return (await settle(verdicts)).map((verdict) => (verdict.allowed ? '+' : '-')).join('');
}

describe.each(STORES)('a rate in %s', (_, open) => {
  it.each([
    ['3 per 60', 3, 60, [0, 0, 0, 0], '+++-'],
    ['1 per 60', 1, 60, [0, 1, 59_999], '+--'],
    ['fills the bucket when the window of the first use ends', 2, 60, [0, 30_000, 59_999, 60_000, 60_001, 60_002], '++-++-'],
    ['refusals do not make the window longer', 1, 1, [0, 900, 1000], '+-+'],
    ['fractions are cut off', 2.9, 60, [0, 0, 0], '++-'],
    ['but one request always passes', 0.5, 60, [0, 0, 0], '+--'],
    ['a window of 0 never blocks', 1, 0, [0, 0, 0], '+++'],
    ['rate 0 is unlimited', 0, 60, [0, 0, 0], '+++'],
    ['rate -1 is unlimited', -1, -1, [0, 0, 0], '+++'],
    ['a fraction of a second', 1, 0.5, [0, 499, 500], '+-+'],
  ])('%s', async (_name, count, per, times, want) => {
    const store = open();
    expect(await allowed(times.map((time) => countRate(store, rate(count, per), T0 + time)))).toBe(want);
  });

  it('tells what is left and when the window ends', async () => {
    const store = open();
    const said = [0, 10, 20, 30].map((time) => countRate(store, rate(3, 1800), T0 + time));
    expect((await settle(said)).map(({ limit, remaining, reset }) => [limit, remaining, reset])).toEqual([
      [3, 2, T0 / 1000 + 1800],
      [3, 1, T0 / 1000 + 1800],
      [3, 0, T0 / 1000 + 1800],
      [3, 0, T0 / 1000 + 1800],
    ]);
  });

  it('can be asked without counting', async () => {
    const store = open();
    expect(await wouldPass(store, rate(1, 60), T0)).toBe(true);
    expect(await wouldPass(store, rate(1, 60), T0)).toBe(true);
    await countRate(store, rate(1, 60), T0);
    expect(await wouldPass(store, rate(1, 60), T0)).toBe(false);
    expect(await wouldPass(store, rate(1, 60), T0 + 60_000)).toBe(true);
    expect(await wouldPass(store, rate(0, 60), T0)).toBe(true);
  });
});

describe.each(STORES)('a quota in %s', (_, open) => {
  it.each([
    ['of one', 1, 3600, [0, 0, 0], '+--'],
    ['begins anew after its window', 1, 1, [0, 500, 1300], '+-+'],
    ['without renewal never does', 2, 0, [0, 0, 1e10, 2e10], '++--'],
    ['with a negative renewal neither', 2, -1, [0, 0, 1e10], '++-'],
  ])('%s', async (_name, max, renewal, times, want) => {
    const store = open();
    expect(await allowed(times.map((time) => countQuota(store, quota(max, renewal), T0 + time)))).toBe(want);
  });

  it('goes on counting refused requests: a higher maximum does not help them', async () => {
    const store = open();
    for (let i = 0; i < 5; i++) await countQuota(store, quota(1, 3600), T0);
    expect((await countQuota(store, quota(3, 3600), T0)).allowed).toBe(false);
  });

  it('is whole before its window, and can be looked at', async () => {
    const store = open();
    expect(await peekQuota(store, quota(5, 60), T0)).toEqual({ allowed: true, limit: 5, remaining: 5, reset: 0 });
    await countQuota(store, quota(5, 60), T0);
    expect(await peekQuota(store, quota(5, 60), T0)).toEqual({ allowed: true, limit: 5, remaining: 4, reset: T0 / 1000 + 60 });
  });
});

describe('throttling', () => {
  const throttle = { intervalMs: 400, retries: 4 };
  function setUp(): { store: CounterStore; throttling: Throttling; slept: () => number } {
    let time = T0;
    const store = new MemoryCounterStore();
    const sleep = async (ms: number): Promise<void> => void (time += ms);
    return { store, throttling: new Throttling(store, () => time, sleep), slept: () => time - T0 };
  }

  it('passes when the bucket is full again', async () => {
    const { store, throttling, slept } = setUp();
    await countRate(store, rate(1, 1), T0);
    const refused = await countRate(store, rate(1, 1), T0);
    expect(refused.allowed).toBe(false);
    expect((await throttling.retry(rate(1, 1), throttle, refused)).allowed).toBe(true);
    expect(slept()).toBe(1200);
  });

  it('gives up after the retries, without having counted', async () => {
    const { store, throttling, slept } = setUp();
    await countRate(store, rate(1, 60), T0);
    const refused = await countRate(store, rate(1, 60), T0);
    expect(await throttling.retry(rate(1, 60), throttle, refused)).toBe(refused);
    expect(slept()).toBe(1600);
    expect((await store.peek(rate(1, 60).counter, T0))?.count).toBe(2);
  });

  it('lets only so many requests sleep at once', async () => {
    const store = new MemoryCounterStore();
    const wake: (() => void)[] = [];
    const throttling = new Throttling(
      store,
      () => T0,
      () => new Promise((resolve) => wake.push(resolve)),
    );
    const refused: Verdict = { allowed: false, limit: 1, remaining: 0, reset: 0 };
    const sleeping = Array.from({ length: 1000 }, () => throttling.retry(rate(1, 60), { intervalMs: 1, retries: 1 }, refused));
    expect(await throttling.retry(rate(1, 60), throttle, refused)).toBe(refused);
    expect(wake).toHaveLength(1000);
    for (const go of wake) go();
    await Promise.all(sleeping);
    void throttling.retry(rate(1, 60), { intervalMs: 1, retries: 1 }, refused);
    expect(wake).toHaveLength(1001);
  });
});
