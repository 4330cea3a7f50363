import { describe, expect, it } from 'vitest';
import { ClockCache } from './cache.ts';

describe('the cache of a thread', () => {
  it('keeps what was used since the hand passed, and drops the first other one', () => {
    const cache = new ClockCache<number>(3);
    for (const [key, value] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ] as const)
      cache.set(key, value);
    cache.get('a');
    cache.set('d', 4);
    expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key))).toEqual([1, undefined, 3, 4]);
  });

  it('replaces a value in its place', () => {
    const cache = new ClockCache<number>(2);
    cache.set('a', 1);
    cache.set('a', 2);
    expect(cache.get('a')).toBe(2);
    expect(cache.size).toBe(1);
  });

  it('never grows beyond its bound, also when every entry is in use', () => {
    const cache = new ClockCache<number>(100);
    for (let i = 0; i < 10_000; i++) {
      cache.set(`key-${i}`, i);
      cache.get(`key-${i}`);
    }
    expect(cache.size).toBe(100);
    expect(cache.get('key-9999')).toBe(9999);
  });

  it('keeps busy entries while others stream through', () => {
    const cache = new ClockCache<number>(10);
    for (let i = 0; i < 1000; i++) {
      if (cache.get('busy') === undefined) {
        expect(i).toBe(0);
        cache.set('busy', i);
      }
      cache.set(`passing-${i}`, i);
    }
  });
});
