import { consistsOf, TOKEN, VALUE } from './chars.ts';
import type { Fields } from './types.ts';

/** Fields of one connection only, which HTTP/2 has no use for (RFC 9113 §8.2.2), and the one that `length` decides. */
const NOT_IN_HTTP2 = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'http2-settings', 'content-length']);

/** Names as HTTP/2 writes them; bounded, because callers may take names from clients. */
const lowerNames = new Map<string, string>();
const MAX_LOWER_NAMES = 2000;

function lowerName(name: string): string {
  const known = lowerNames.get(name);
  if (known !== undefined) return known;
  if (!consistsOf(name, TOKEN)) throw new Error(`Header name ${JSON.stringify(name)} is not a token (RFC 9110 §5.1); remove or rename this header.`);
  const lower = name.toLowerCase();
  if (NOT_IN_HTTP2.has(lower)) throw new Error(`Header ${name} is set by the HTTP engine; leave it out of the fields and use length or closeAfter.`);
  if (lowerNames.size < MAX_LOWER_NAMES) lowerNames.set(name, lower);
  return lower;
}

function checkValue(name: string, value: string): void {
  if (value !== '' && !consistsOf(value, VALUE)) {
    throw new Error(`The value of header ${name} holds a control character or one beyond latin1: ${JSON.stringify(value)}. Remove or encode it.`);
  }
}

/** Appends fields to a raw HTTP/2 header list, names in lower case. Throws on names and values that would change the message's structure. */
export function appendFields(list: string[], fields: Fields): void {
  for (let at = 0; at < fields.length; at += 2) {
    const name = lowerName(fields[at] ?? '');
    const value = fields[at + 1] ?? '';
    checkValue(name, value);
    // The only meaning that TE has in HTTP/2 (RFC 9113 §8.2.2).
    if (name !== 'te' || value.toLowerCase() === 'trailers') list.push(name, value);
  }
}

/** The object form that node:http2 wants for trailers and interim answers; repeated fields become arrays. */
export function fieldsObject(fields: Fields): Record<string, string[]> {
  const list: string[] = [];
  appendFields(list, fields);
  const object: Record<string, string[]> = {};
  for (let at = 0; at < list.length; at += 2) (object[list[at] ?? ''] ??= []).push(list[at + 1] ?? '');
  return object;
}

/** What a raw HTTP/2 header list holds, pseudo-header fields apart. */
export interface RawHead {
  pseudo: Record<string, string>;
  fields: Fields;
}

/** Takes a raw HTTP/2 header list apart and puts the pieces of Cookie together again (RFC 9113 §8.2.3). */
export function splitHead(raw: readonly string[]): RawHead {
  const pseudo: Record<string, string> = {};
  const fields: Fields = [];
  let cookieAt = -1;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const value = raw[at + 1] ?? '';
    if (name.startsWith(':')) {
      pseudo[name] = value;
    } else if (name === 'cookie' && cookieAt !== -1) {
      fields[cookieAt] = `${fields[cookieAt]}; ${value}`;
    } else {
      if (name === 'cookie') cookieAt = fields.length + 1;
      fields.push(name, value);
    }
  }
  return { pseudo, fields };
}

/** The value of Content-Length where it is a number of bytes, else -1. */
export function contentLengthOf(fields: Fields): number {
  for (let at = 0; at < fields.length; at += 2) {
    const value = fields[at + 1] ?? '';
    if (fields[at] === 'content-length' && /^[0-9]{1,15}$/.test(value)) return Number(value);
  }
  return -1;
}
