/**
 * MurmurHash3 with seed 0 as hexadecimal text, most significant digit first: the form in which hashed key names are stored
 * (spec/gateway/auth.md §3). The algorithm is Austin Appleby's, in the public domain: x86_32 and x64_128.
 */

function rotate32(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function mix32(block: number): number {
  return Math.imul(rotate32(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593);
}

/**
 * Eight digits. Tyk's stored names are the running state after the whole blocks of four bytes: neither the last bytes that fill no block nor
 * the final mixing take part. Names in existing stores were made so, so these must be.
 */
export function murmur32(data: Buffer): string {
  const end = data.length & ~3;
  let h = 0;
  for (let i = 0; i < end; i += 4) h = Math.imul(rotate32(h ^ mix32(data.readInt32LE(i)), 13), 5) + 0xe6546b64;
  return (h >>> 0).toString(16).padStart(8, '0');
}

const MASK = 0xffff_ffff_ffff_ffffn;
const C1 = 0x87c3_7b91_1142_53d5n;
const C2 = 0x4cf5_ad43_2745_937fn;

function rotate64(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & MASK;
}

function mixLow(block: bigint): bigint {
  return (rotate64((block * C1) & MASK, 31n) * C2) & MASK;
}

function mixHigh(block: bigint): bigint {
  return (rotate64((block * C2) & MASK, 33n) * C1) & MASK;
}

function finish64(value: bigint): bigint {
  let k = ((value ^ (value >> 33n)) * 0xff51_afd7_ed55_8ccdn) & MASK;
  k = ((k ^ (k >> 33n)) * 0xc4ce_b9fe_1a85_ec53n) & MASK;
  return k ^ (k >> 33n);
}

/** Thirty-two digits. */
export function murmur128(data: Buffer): string {
  const tail = data.length & ~15;
  let h1 = 0n;
  let h2 = 0n;
  for (let i = 0; i < tail; i += 16) {
    h1 = ((rotate64(h1 ^ mixLow(data.readBigUInt64LE(i)), 27n) + h2) * 5n + 0x52dc_e729n) & MASK;
    h2 = ((rotate64(h2 ^ mixHigh(data.readBigUInt64LE(i + 8)), 31n) + h1) * 5n + 0x3849_5ab5n) & MASK;
  }
  const rest = Buffer.alloc(16);
  data.copy(rest, 0, tail);
  h2 ^= mixHigh(rest.readBigUInt64LE(8));
  h1 ^= mixLow(rest.readBigUInt64LE(0));
  const length = BigInt(data.length);
  h1 = ((h1 ^ length) + (h2 ^ length)) & MASK;
  h2 = ((h2 ^ length) + h1) & MASK;
  h1 = finish64(h1);
  h2 = finish64(h2);
  h1 = (h1 + h2) & MASK;
  h2 = (h2 + h1) & MASK;
  return h1.toString(16).padStart(16, '0') + h2.toString(16).padStart(16, '0');
}

/** Sixteen digits: the first half of `murmur128`. */
export function murmur64(data: Buffer): string {
  return murmur128(data).slice(0, 16);
}
