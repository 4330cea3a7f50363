import { isIP } from 'node:net';
import { type Fields, getField } from '@gatehouse/wire';

/**
 * Address of the client (spec/gateway/request-chain.md §2 "Client IP"): X-Real-IP, else one of X-Forwarded-For — the leftmost for `depth` 0, the
 * nth from the right otherwise, of the first line — else the peer. What is no address, or not there at that depth, is passed over: an address
 * is never empty, so that a block list cannot be walked around with a short chain.
 */
export function clientIp(fields: Fields, peer: string, depth: number): string {
  const real = getField(fields, 'x-real-ip');
  if (real !== undefined && isIP(real) !== 0) return real;
  const forwarded = getField(fields, 'x-forwarded-for');
  if (forwarded === undefined) return peer;
  const address = (depth > 0 ? forwarded.split(',').at(-depth) : forwarded.split(',', 1)[0])?.trim() ?? '';
  return isIP(address) === 0 ? peer : address;
}
