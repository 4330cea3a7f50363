import { describe, expect, it } from 'vitest';
import { counterName } from './counter-name.ts';

describe('names of counters', () => {
  it('hash the same for ever: the hash is the identity on disk', () => {
    expect(['', 'a', 'quota-5eed00c0ffee5eed00c0ffeekey'].map((text) => counterName(text))).toMatchInlineSnapshot(`
      [
        {
          "high": 3826794307,
          "low": 681360195,
          "text": "",
        },
        {
          "high": 3911428030,
          "low": 1066019369,
          "text": "a",
        },
        {
          "high": 2807672097,
          "low": 2930922893,
          "text": "quota-5eed00c0ffee5eed00c0ffeekey",
        },
      ]
    `);
  });

  it('do not collide, nor do their halves more often than chance has it', () => {
    const names = Array.from({ length: 300_000 }, (_, i) => counterName(`quota-org-${i}-${i % 7}`));
    expect(new Set(names.map(({ high, low }) => high * 2 ** 32 + low)).size).toBeGreaterThan(names.length - 2);
    // 300,000 draws of 32 bits: about ten pairs.
    for (const half of ['high', 'low'] as const) expect(new Set(names.map((name) => name[half])).size).toBeGreaterThan(names.length - 50);
  });

  it('spread over the low and the high bits alike', () => {
    for (const bits of [(n: number) => n & 63, (n: number) => n >>> 26]) {
      const buckets = new Uint32Array(64);
      for (let i = 0; i < 64_000; i++) {
        const bucket = bits(counterName(`key-${i}`).high);
        buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      }
      expect(Math.min(...buckets)).toBeGreaterThan(800);
      expect(Math.max(...buckets)).toBeLessThan(1200);
    }
  });
});
