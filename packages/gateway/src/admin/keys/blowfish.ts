const ROUNDS = 16;
const KEYS = ROUNDS + 2;
const BOXES = 4 * 256;

/** The cipher Blowfish (Schneier, 1993) with the salted key schedule that bcrypt adds. Works on one block of two 32-bit halves. */
export class Blowfish {
  left = 0;
  right = 0;
  private readonly keys: Int32Array;
  private readonly boxes: Int32Array;

  constructor() {
    const initial = digitsOfPi();
    this.keys = initial.slice(0, KEYS);
    this.boxes = initial.slice(KEYS);
  }

  /** Enciphers the block in place. */
  encipher(): void {
    const { keys, boxes } = this;
    let l = this.left;
    let r = this.right;
    for (let round = 0; round < ROUNDS; round++) {
      l ^= keys[round] ?? 0;
      r ^= (((box(boxes, 0, l >>> 24) + box(boxes, 256, l >>> 16)) ^ box(boxes, 512, l >>> 8)) + box(boxes, 768, l)) | 0;
      const swapped = l;
      l = r;
      r = swapped;
    }
    this.left = r ^ (keys[ROUNDS + 1] ?? 0);
    this.right = l ^ (keys[ROUNDS] ?? 0);
  }

  /** Mixes a key into the state, and a salt into what is enciphered on the way. */
  expand(key: Buffer, salt?: Buffer): void {
    for (let i = 0; i < KEYS; i++) this.keys[i] = (this.keys[i] ?? 0) ^ cyclicWord(key, i);
    this.left = 0;
    this.right = 0;
    this.refill(this.boxes, salt, this.refill(this.keys, salt, 0));
  }

  /** Replaces words by the enciphered block, again and again; gives the number of salt words used so far. */
  private refill(words: Int32Array, salt: Buffer | undefined, from: number): number {
    let saltWord = from;
    for (let i = 0; i < words.length; i += 2) {
      if (salt !== undefined) {
        this.left ^= cyclicWord(salt, saltWord++);
        this.right ^= cyclicWord(salt, saltWord++);
      }
      this.encipher();
      words[i] = this.left;
      words[i + 1] = this.right;
    }
    return saltWord;
  }
}

const box = (boxes: Int32Array, first: number, index: number): number => boxes[first + (index & 0xff)] ?? 0;

/** The n-th big-endian word of bytes that repeat without end. */
function cyclicWord(bytes: Buffer, n: number): number {
  let word = 0;
  for (let i = 0; i < 4; i++) word = (word << 8) | (bytes[(n * 4 + i) % bytes.length] ?? 0);
  return word;
}

let initialState: Int32Array | undefined;

/** Blowfish starts from the binary digits of π behind the point: computed once, by Machin's formula, rather than kept as a table. */
function digitsOfPi(): Int32Array {
  initialState ??= wordsOf(fractionOfPi((KEYS + BOXES) * 32), KEYS + BOXES);
  return initialState;
}

function fractionOfPi(bits: number): bigint {
  const guard = 64n;
  const one = 1n << (BigInt(bits) + guard);
  const pi = 16n * inverseTangent(5n, one) - 4n * inverseTangent(239n, one);
  return (pi - 3n * one) >> guard;
}

/** arctan(1/n) in fixed point. */
function inverseTangent(n: bigint, one: bigint): bigint {
  const square = n * n;
  let power = one / n;
  let sum = power;
  for (let divisor = 3n, sign = -1n; power > 0n; divisor += 2n, sign = -sign) {
    power /= square;
    sum += (sign * power) / divisor;
  }
  return sum;
}

function wordsOf(value: bigint, count: number): Int32Array {
  const hex = value.toString(16).padStart(count * 8, '0');
  return Int32Array.from({ length: count }, (_, i) => Number.parseInt(hex.slice(i * 8, i * 8 + 8), 16) | 0);
}
