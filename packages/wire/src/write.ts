import { REASONS } from './status.ts';
import { consistsOf, sameName, TARGET, TOKEN, VALUE } from './chars.ts';
import type { Fields } from './types.ts';
import { isFramingName } from './fields.ts';

/** Names seen to be good tokens, as they begin a line; bounded, because callers may take names from clients. */
const lineStarts = new Map<string, string>();
const MAX_LINE_STARTS = 2000;

/** Anything but what `VALUE` has: a regular expression is quicker here than a loop over pieces of the text that was parsed. */
const NOT_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

function lineStart(name: string): string {
  if (!consistsOf(name, TOKEN)) throw new Error(`Header name ${JSON.stringify(name)} is not a token (RFC 9110 §5.1); remove or rename this header.`);
  if (isFramingName(name)) throw new Error(`Header ${name} is set by the HTTP engine; leave it out of the fields and use length, upgrade or closeAfter.`);
  const start = `${name}: `;
  if (lineStarts.size < MAX_LINE_STARTS) lineStarts.set(name, start);
  return start;
}

function badValue(name: string, value: string): never {
  throw new Error(`The value of header ${name} holds a control character or one beyond latin1: ${JSON.stringify(value)}. Remove or encode it.`);
}

/** Field lines of a head or of trailers. Throws on names and values that would change the message's structure. */
export function fieldLines(fields: Fields): string {
  let text = '';
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    const value = fields[at + 1] ?? '';
    const begin = lineStarts.get(name) ?? lineStart(name);
    if (NOT_VALUE.test(value)) badValue(name, value);
    text += `${begin}${value}\r\n`;
  }
  return text;
}

const statusLines = new Map<number, string>();

/** `HTTP/1.1 200 OK` with its line end; `reason` empty = the standard phrase. */
export function statusLine(status: number, reason: string): string {
  if (reason !== '') return customStatusLine(status, reason);
  const known = statusLines.get(status);
  if (known !== undefined) return known;
  const line = customStatusLine(status, REASONS.get(status) ?? '');
  statusLines.set(status, line);
  return line;
}

function customStatusLine(status: number, reason: string): string {
  if (!Number.isInteger(status) || status < 100 || status > 999) throw new Error(`Status ${status} is not a number from 100 to 999.`);
  if (reason !== '' && !consistsOf(reason, VALUE)) throw new Error(`The reason phrase holds a control character: ${JSON.stringify(reason)}.`);
  return `HTTP/1.1 ${status} ${reason}\r\n`;
}

/** The first line of a request. Throws on methods and paths that would change the message's structure. */
export function requestLine(method: string, path: string): string {
  if (!consistsOf(method, TOKEN)) throw new Error(`Method ${JSON.stringify(method)} is not a token (RFC 9110 §9.1).`);
  if (!consistsOf(path, TARGET)) throw new Error(`The request target ${JSON.stringify(path)} is empty or holds a blank or control character; escape it.`);
  return `${method} ${path} HTTP/1.1\r\n`;
}

/** A value for the Upgrade field, checked like any other. */
export function upgradeLines(protocol: string): string {
  if (!consistsOf(protocol, VALUE)) badValue('Upgrade', protocol);
  return `Connection: Upgrade\r\nUpgrade: ${protocol}\r\n`;
}

let dateSecond = 0;
let dateText = '';

/** The Date field's line for now (RFC 9110 §6.6.1), made once a second. */
export function dateLine(): string {
  const second = Math.floor(Date.now() / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = `Date: ${new Date(second * 1000).toUTCString()}\r\n`;
  }
  return dateText;
}

export function hasDate(fields: Fields): boolean {
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    if (name.length === 4 && sameName(name, 'date')) return true;
  }
  return false;
}

/** Size line of a chunk (RFC 9112 §7.1). */
export function chunkSize(bytes: number): string {
  return `${bytes.toString(16)}\r\n`;
}

/** The last chunk with its trailers. */
export function lastChunk(trailers: Fields | undefined): string {
  return trailers === undefined || trailers.length === 0 ? '0\r\n\r\n' : `0\r\n${fieldLines(trailers)}\r\n`;
}
