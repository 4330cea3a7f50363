import { STATUS_CODES } from 'node:http';
import type { Fields } from '@gatehouse/wire';
import type { Exchange } from '../contract/exchange.ts';
import type { RecordedAnswer } from './recorded-exchange.ts';
import type { DebugRequest } from './types.ts';

/**
 * Request and answer as HTTP text (spec/control/gateway-api.md §13): the request as the chain left it, with the upstream's host and path where it
 * went there; fields sorted, names as Go spells them.
 */
export function httpText(given: DebugRequest, target: string, x: Exchange | undefined, answer: RecordedAnswer): string {
  return `====== Request ======\n${requestText(given, target, x)}\n====== Response ======\n${answerText(answer)}`;
}

function requestText(given: DebugRequest, target: string, x: Exchange | undefined): string {
  const body = x?.body?.toString() ?? given.body;
  const proxied = x !== undefined && x.upstreamHost !== '';
  const line = proxied ? `${x.outgoingMethod} ${x.upstreamPath}` : `${given.method} ${target}`;
  const host = proxied ? `Host: ${x.upstreamHost}\r\n` : '';
  return `${line} HTTP/1.1\r\n${host}${fieldLines(x?.fields ?? given.fields, 'Host')}\r\n${body}`;
}

function answerText({ status, reason, fields, length, body, cut }: RecordedAnswer): string {
  if (status === 0) return `(no answer: ${cut})`;
  const framing = length < 0 ? 'Connection: close\r\n' : `Content-Length: ${length}\r\n`;
  return `HTTP/1.1 ${status} ${reason || (STATUS_CODES[status] ?? '')}\r\n${framing}${fieldLines(fields)}\r\n${body.toString()}`;
}

/** Sorted by name, those of one name in their order; without the field `except`. */
function fieldLines(fields: Readonly<Fields>, except = ''): string {
  const lines: (readonly [name: string, value: string])[] = [];
  for (let at = 0; at < fields.length; at += 2) lines.push([canonical(fields[at] ?? ''), fields[at + 1] ?? '']);
  const sorted = lines.filter(([name]) => name !== except).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted.map(([name, value]) => `${name}: ${value}\r\n`).join('');
}

/** `x-one` → `X-One`. */
const canonical = (name: string): string => name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
