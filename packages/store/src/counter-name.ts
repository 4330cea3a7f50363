import type { CounterName } from './types.ts';

const SEED_HIGH = 0x9e3779b9;
const SEED_LOW = 0x85ebca6b;

/** Scrambles 32 bits so that each input bit reaches each output bit (the finalizer of MurmurHash3). */
function scramble(bits: number): number {
  let h = bits ^ (bits >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * The name of a counter with its 64-bit hash: two lanes in the manner of MurmurHash3 over the UTF-16 units of the text, mixed at the end.
 * The hash is the counter's identity on disk, so it never changes. `low` is never 0: shared tables mark empty slots so.
 */
export function counterName(text: string): CounterName {
  let a = SEED_HIGH;
  let b = SEED_LOW;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ Math.imul(unit, 0xcc9e2d51), 0x1b873593);
    a = (a << 13) | (a >>> 19);
    b = Math.imul(b ^ Math.imul(unit, 0x239b961b), 0xab0e9789);
    b = (b << 15) | (b >>> 17);
  }
  a = scramble(a ^ text.length);
  b = scramble(b ^ a);
  a = scramble(a + b);
  return { text, high: a >>> 0, low: b >>> 0 || 1 };
}
