import { randomBytes } from 'node:crypto';
import { setImmediate as pause } from 'node:timers/promises';
import { Blowfish } from './blowfish.ts';

/** Longer passwords would be cut by the algorithm without a word, so they are refused. */
export const LONGEST_PASSWORD: number = 72;

const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const MAGIC = Buffer.from('OrpheanBeholderScryDoubt');

/** Rounds of the costly set-up between two looks at other work. */
const ROUNDS_AT_ONCE = 32;

/**
 * A password as `$2a$<cost>$<salt><digest>`: bcrypt (Provos and Mazières, "A Future-Adaptable Password Scheme", 1999), as Tyk stores the passwords
 * of basic auth. 2^cost rounds, done in small pieces. Throws for passwords of more than 72 bytes.
 */
export async function bcrypt(password: string, cost: number, salt: Buffer = randomBytes(16)): Promise<string> {
  const key = Buffer.from(`${password}\0`);
  if (key.length > LONGEST_PASSWORD + 1) throw new RangeError(`A password may have at most ${LONGEST_PASSWORD} bytes`);
  const cipher = new Blowfish();
  cipher.expand(key.subarray(0, LONGEST_PASSWORD), salt);
  for (let round = 0; round < 2 ** cost; round++) {
    if (round % ROUNDS_AT_ONCE === 0) await pause();
    cipher.expand(key.subarray(0, LONGEST_PASSWORD));
    cipher.expand(salt);
  }
  return `$2a$${String(cost).padStart(2, '0')}$${encode(salt)}${encode(digestOf(cipher))}`;
}

/** The magic text enciphered 64 times, without its last byte. */
function digestOf(cipher: Blowfish): Buffer {
  const digest = Buffer.from(MAGIC);
  for (let at = 0; at < digest.length; at += 8) {
    cipher.left = digest.readInt32BE(at);
    cipher.right = digest.readInt32BE(at + 4);
    for (let round = 0; round < 64; round++) cipher.encipher();
    digest.writeInt32BE(cipher.left, at);
    digest.writeInt32BE(cipher.right, at + 4);
  }
  return digest.subarray(0, 23);
}

/** Base64 with bcrypt's own alphabet and no padding. */
function encode(bytes: Buffer): string {
  const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return bytes
    .toString('base64')
    .replaceAll('=', '')
    .replaceAll(/./g, (digit) => ALPHABET[standard.indexOf(digit)] ?? '');
}
