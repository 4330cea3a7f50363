import { createHash, timingSafeEqual } from 'node:crypto';

/** Header that carries the gateway's secret. */
export const SECRET_HEADER: string = 'x-tyk-authorization';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares in constant time, whatever the lengths. A gateway without a secret lets nobody in. */
export function sameSecret(given: string | undefined, secret: string): boolean {
  return timingSafeEqual(digest(given ?? ''), digest(secret)) && secret !== '';
}
