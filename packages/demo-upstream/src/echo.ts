import type { IncomingMessage } from 'node:http';

/** What the service shows of a request, in the style of httpbin. */
export interface Echo {
  method: string;
  url: string;
  args: Record<string, string | string[]>;
  headers: Record<string, string>;
  origin: string;
  /** The body as text, `data:` URL where it is no UTF-8. */
  data: string;
  /** The body, where it is JSON; null otherwise. */
  json: unknown;
  form: Record<string, string | string[]>;
}

/** Values by name; a list where a name comes more than once. */
function grouped(pairs: Iterable<[string, string]>): Record<string, string | string[]> {
  const lists = new Map<string, string[]>();
  for (const [name, value] of pairs) lists.set(name, [...(lists.get(name) ?? []), value]);
  return Object.fromEntries([...lists].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]));
}

/** Header fields with the case that they came in; fields that came twice are joined by a comma. */
export function headersOf(request: IncomingMessage): Record<string, string> {
  const fields = new Map<string, string>();
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const [name = '', value = ''] = request.rawHeaders.slice(i, i + 2);
    fields.set(name, fields.has(name) ? `${fields.get(name)},${value}` : value);
  }
  return Object.fromEntries(fields);
}

/** The address that the request came from: the peer's, or what a gateway says of its own client. */
export function originOf(request: IncomingMessage): string {
  const forwarded = request.headers['x-forwarded-for'];
  return (Array.isArray(forwarded) ? forwarded.join(', ') : forwarded) ?? request.socket.remoteAddress ?? '';
}

export function cookiesOf(request: IncomingMessage): Record<string, string> {
  const pairs = (request.headers.cookie ?? '').split(/; */).filter(Boolean);
  return Object.fromEntries(pairs.map((pair) => [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1)]));
}

export function echoOf(request: IncomingMessage, url: URL, body: Buffer): Echo {
  const type = request.headers['content-type'] ?? '';
  const isForm = type.startsWith('application/x-www-form-urlencoded');
  return {
    method: request.method ?? '',
    url: url.href,
    args: grouped(url.searchParams),
    headers: headersOf(request),
    origin: originOf(request),
    data: isForm ? '' : textOf(body, type),
    json: jsonOf(body),
    form: isForm ? grouped(new URLSearchParams(body.toString())) : {},
  };
}

function textOf(body: Buffer, type: string): string {
  const text = body.toString('utf8');
  return Buffer.from(text).equals(body) ? text : `data:${type || 'application/octet-stream'};base64,${body.toString('base64')}`;
}

function jsonOf(body: Buffer): unknown {
  try {
    return body.length > 0 ? (JSON.parse(body.toString()) as unknown) : null;
  } catch {
    return null;
  }
}
