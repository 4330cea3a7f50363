import { describe, expect, it } from 'vitest';
import { murmur128, murmur32, murmur64 } from './murmur3.ts';

// Published vectors of MurmurHash3 x64_128, seed 0.
const VECTORS: [string, string][] = [
  ['', '00000000000000000000000000000000'],
  ['hello', 'cbd8a7b341bd9b025b1e906a48ae1d19'],
  ['hello, world', '342fac623a5ebc8e4cdcbc079642414d'],
  ['19 Jan 2038 at 3:14:07 AM', 'b89e5988b737affc664fc2950231b2cb'],
  ['The quick brown fox jumps over the lazy dog.', 'cd99481f9ee902c9695da1a38987b6e7'],
];

describe('MurmurHash3', () => {
  it.each(VECTORS)('128 and 64 bits of %j', (text, digits) => {
    expect(murmur128(Buffer.from(text))).toBe(digits);
    expect(murmur64(Buffer.from(text))).toBe(digits.slice(0, 16));
  });

  // Recorded answers; more of them in token.test.ts.
  it.each([
    ['', '00000000'],
    ['abc', '00000000'],
    ['5eed00c0ffee5eed00c0ffeedel-custom', '21885066'],
    ['5eed00c0ffee5eed00c0ffeedel-custxx', '21885066'],
  ])('32 bits of %j', (text, digits) => expect(murmur32(Buffer.from(text))).toBe(digits));
});
