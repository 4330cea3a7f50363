import { BlockList, isIP } from 'node:net';
import { type Fields, getField } from '@gatehouse/wire';

/** Finds the address of a request's client; made once from the configuration. */
export type ClientIp = (fields: Fields, peer: string) => string;

/**
 * Address of the client (spec/gateway/request-chain.md §2 "Client IP"): X-Real-IP, else one of X-Forwarded-For — the leftmost for `depth` 0, the
 * nth from the right otherwise, of the first line — else the peer. What is no address, or not there at that depth, is passed over: an address
 * is never empty, so that a block list cannot be walked around with a short chain. Only `trusted` peers (addresses and networks) are believed:
 * anyone else could choose the address that lists, limits and records see. Entries that are neither are passed over.
 */
export function createClientIp(depth: number, trusted: readonly string[]): ClientIp {
  const list = trustList(trusted);
  return (fields, peer) => {
    const real = getField(fields, 'x-real-ip');
    const forwarded = getField(fields, 'x-forwarded-for');
    if (real === undefined && forwarded === undefined) return peer;
    return list.check(peer, peer.includes(':') ? 'ipv6' : 'ipv4') ? toldAddress(real, forwarded, peer, depth) : peer;
  };
}

function toldAddress(real: string | undefined, forwarded: string | undefined, peer: string, depth: number): string {
  if (real !== undefined && isIP(real) !== 0) return real;
  if (forwarded === undefined) return peer;
  const address = (depth > 0 ? forwarded.split(',').at(-depth) : forwarded.split(',', 1)[0])?.trim() ?? '';
  return isIP(address) === 0 ? peer : address;
}

function trustList(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address);
    if (family === 0) continue;
    const type = family === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, type);
    else list.addSubnet(address, Number(bits), type);
  }
  return list;
}
