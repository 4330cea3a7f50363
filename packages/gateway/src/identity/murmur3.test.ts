import { describe, expect, it } from 'vitest';
import { murmur128, murmur32, murmur64 } from './murmur3.ts';

// Published vectors of MurmurHash3 x86_32 and x64_128, seed 0.
const VECTORS: [string, string, string][] = [
  ['', '00000000', '00000000000000000000000000000000'],
  ['hello', '248bfa47', 'cbd8a7b341bd9b025b1e906a48ae1d19'],
  ['hello, world', '149bbb7f', '342fac623a5ebc8e4cdcbc079642414d'],
  ['19 Jan 2038 at 3:14:07 AM', 'e31e8a70', 'b89e5988b737affc664fc2950231b2cb'],
  ['The quick brown fox jumps over the lazy dog.', 'd5c48bfc', 'cd99481f9ee902c9695da1a38987b6e7'],
];

describe('MurmurHash3', () => {
  it.each(VECTORS)('of %j', (text, h32, h128) => {
    const data = Buffer.from(text);
    expect(murmur32(data)).toBe(h32);
    expect(murmur128(data)).toBe(h128);
    expect(murmur64(data)).toBe(h128.slice(0, 16));
  });
});
