import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { cookiesOf, type Echo, echoOf, headersOf, originOf } from './echo.ts';
import { HTML, JSON_SAMPLE, XML } from './samples.ts';

/** One request on its way through a route. `rest`: the path's parts behind the first, decoded; `body`: read to its end. */
export interface Visit {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  rest: readonly string[];
  body: Buffer;
}

interface Route {
  /** Absent: any method. */
  readonly method?: string;
  readonly shows: string;
  readonly answer: (visit: Visit) => void | Promise<void>;
}

const LONGEST_DELAY_S = 60;
const MOST_BYTES = 10_485_760;
const MOST_LINES = 1000;
const MOST_REDIRECTS = 20;

/** First part of the path → what it answers. */
export const ROUTES: Readonly<Record<string, Route>> = {
  get: { method: 'GET', shows: '/get, /post, /put, /patch, /delete: what was sent, for that method only', answer: echo },
  post: { method: 'POST', shows: '', answer: echo },
  put: { method: 'PUT', shows: '', answer: echo },
  patch: { method: 'PATCH', shows: '', answer: echo },
  delete: { method: 'DELETE', shows: '', answer: echo },
  anything: { shows: '/anything/…: what was sent, for every method and path', answer: echo },
  headers: { shows: '/headers: header fields as they came', answer: ({ request, response }) => json(response, { headers: headersOf(request) }) },
  ip: { shows: "/ip: the client's address", answer: ({ request, response }) => json(response, { origin: originOf(request) }) },
  'user-agent': { shows: '/user-agent', answer: ({ request, response }) => json(response, { 'user-agent': request.headers['user-agent'] ?? '' }) },
  cookies: { shows: '/cookies', answer: ({ request, response }) => json(response, { cookies: cookiesOf(request) }) },
  uuid: { shows: '/uuid: another one each time', answer: ({ response }) => json(response, { uuid: randomUUID() }) },
  json: { shows: '/json, /xml, /html: a sample document', answer: ({ response }) => json(response, JSON_SAMPLE) },
  xml: { shows: '', answer: ({ response }) => send(response, 200, 'application/xml', XML) },
  html: { shows: '', answer: ({ response }) => send(response, 200, 'text/html; charset=utf-8', HTML) },
  status: { shows: '/status/N: an answer with this status', answer: ({ response, rest }) => send(response, whole(rest[0], 200, 200, 599), 'text/plain', '') },
  delay: { shows: `/delay/N: what was sent, after N seconds (at most ${LONGEST_DELAY_S})`, answer: delay },
  bytes: { shows: `/bytes/N: N random bytes (at most ${MOST_BYTES})`, answer: bytes },
  stream: { shows: `/stream/N: N lines of JSON, one by one (at most ${MOST_LINES})`, answer: stream },
  redirect: { shows: `/redirect/N: N redirects (at most ${MOST_REDIRECTS}), then /get`, answer: redirect },
  gzip: { shows: '/gzip: what was sent, compressed', answer: gzip },
  'basic-auth': { shows: '/basic-auth/USER/PASSWORD: 200 with these credentials, 401 otherwise', answer: basicAuth },
  'response-headers': { shows: '/response-headers?Name=value: an answer with these header fields', answer: responseHeaders },
};

/** Longest request body that is read, in bytes. */
export const MOST_BODY: number = MOST_BYTES;

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  send(response, status, 'application/json', `${JSON.stringify(value, null, 2)}\n`);
}

/** A whole number from the path, held within bounds. */
function whole(text: string | undefined, fallback: number, least: number, most: number): number {
  return /^\d+$/.test(text ?? '') ? Math.min(most, Math.max(least, Number(text))) : fallback;
}

const echoed = ({ request, url, body }: Visit): Echo => echoOf(request, url, body);

function echo(visit: Visit): void {
  json(visit.response, echoed(visit));
}

async function delay(visit: Visit): Promise<void> {
  await sleep(whole(visit.rest[0], 1, 0, LONGEST_DELAY_S) * 1000, undefined, { ref: false });
  echo(visit);
}

function bytes({ response, rest }: Visit): void {
  send(response, 200, 'application/octet-stream', randomBytes(whole(rest[0], 1024, 0, MOST_BYTES)));
}

async function stream(visit: Visit): Promise<void> {
  const { response } = visit;
  const line = echoed(visit);
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  for (let id = 0; id < whole(visit.rest[0], 10, 1, MOST_LINES); id++) {
    response.write(`${JSON.stringify({ id, ...line })}\n`);
    await sleep(1);
  }
  response.end();
}

function redirect({ response, rest }: Visit): void {
  const left = whole(rest[0], 1, 1, MOST_REDIRECTS) - 1;
  response.setHeader('Location', left > 0 ? `/redirect/${left}` : '/get');
  send(response, 302, 'text/plain', '');
}

function gzip(visit: Visit): void {
  visit.response.setHeader('Content-Encoding', 'gzip');
  send(visit.response, 200, 'application/json', gzipSync(JSON.stringify({ gzipped: true, ...echoed(visit) })));
}

function basicAuth({ request, response, rest: [user = '', password = ''] }: Visit): void {
  const authenticated = request.headers.authorization === `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  if (!authenticated) response.setHeader('WWW-Authenticate', 'Basic realm="demo"');
  json(response, { authenticated, user }, authenticated ? 200 : 401);
}

/** Names and values that HTTP does not allow, or that frame the message, are refused. */
function responseHeaders({ response, url }: Visit): void {
  const fields = [...url.searchParams];
  const framing = fields.find(([name]) => /^(content-length|transfer-encoding|connection|content-type)$/i.test(name));
  if (framing) return json(response, { error: `${framing[0]} cannot be set` }, 400);
  try {
    for (const [name, value] of fields) response.appendHeader(name, value);
  } catch (error) {
    return json(response, { error: (error as Error).message }, 400);
  }
  json(response, Object.fromEntries(fields));
}
