import { hash } from 'node:crypto';
import { murmur128, murmur32, murmur64 } from './murmur3.ts';

/** Values of `hash_key_function` (spec/gateway/auth.md §3). */
export const HASH_FUNCTIONS = ['murmur32', 'murmur64', 'murmur128', 'sha256'] as const;
export type HashFunction = (typeof HASH_FUNCTIONS)[number];

export function isHashFunction(name: string): name is HashFunction {
  return (HASH_FUNCTIONS as readonly string[]).includes(name);
}

/** Digest as lower-case hexadecimal digits: 8, 16, 32 or 64 of them. */
export function hashWith(name: HashFunction, text: string): string {
  if (name === 'sha256') return hash('sha256', text);
  const data = Buffer.from(text);
  if (name === 'murmur64') return murmur64(data);
  return name === 'murmur128' ? murmur128(data) : murmur32(data);
}
