import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MALFORMED_REQUESTS, TABLE_LIMITS } from './malformed.ts';
import { RawClient, wireServer, type WireServer } from './peers.ts';
import type { Fields } from './types.ts';

/** Differential tests: Node's own strict parser beside ours, on the same bytes over real sockets. */

interface Seen {
  method: string;
  target: string;
  fields: Fields;
  body: string;
}

let node: Server;
let ours: WireServer;
let nodeSaw: Seen[] = [];
let weSaw: Seen[] = [];

beforeAll(async () => {
  node = createServer({ insecureHTTPParser: false, requireHostHeader: true }, (request, response) => {
    const seen: Seen = { method: request.method ?? '', target: request.url ?? '', fields: request.rawHeaders, body: '' };
    request.on('data', (chunk: Buffer) => {
      seen.body += chunk.toString('latin1');
    });
    request.on('error', () => undefined);
    request.on('end', () => {
      nodeSaw.push(seen);
      response.end();
    });
  });
  node.on('connect', (request, socket) => {
    nodeSaw.push({ method: request.method ?? '', target: request.url ?? '', fields: request.rawHeaders, body: '' });
    socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n');
  });
  node.listen(0, '127.0.0.1');
  await new Promise((resolve) => node.once('listening', resolve));
  ours = await wireServer((exchange) => {
    const { method, target, fields } = exchange.head;
    let body = '';
    exchange.readBody({
      onData: (chunk) => {
        body += chunk.toString('latin1');
      },
      onEnd: () => {
        weSaw.push({ method, target, fields, body });
        exchange.respond(200, [], '');
      },
      onError: () => undefined,
    });
  }, TABLE_LIMITS);
});

afterAll(async () => {
  await ours[Symbol.asyncDispose]();
  node.closeAllConnections();
  await new Promise((resolve) => node.close(resolve));
});

/** Sends bytes and then our end; answers the statuses that came back. */
async function statuses(port: number, text: string): Promise<number[]> {
  using client = new RawClient(port);
  client.send(text);
  client.socket.end();
  const received = await client.toEnd();
  return [...received.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, status]) => Number(status)).filter((status) => status >= 200);
}

async function both(text: string): Promise<{ node: Seen[]; we: Seen[]; nodeStatuses: number[]; ourStatuses: number[] }> {
  nodeSaw = [];
  weSaw = [];
  const nodeStatuses = await statuses((node.address() as AddressInfo).port, text);
  const ourStatuses = await statuses(ours.port, text);
  return { node: nodeSaw, we: weSaw, nodeStatuses, ourStatuses };
}

const HEAD = 'GET / HTTP/1.1\r\nHost: a\r\n';

/** Messages around the edges of the grammar, good and bad. */
const EDGES: string[] = [
  `${HEAD}\r\n`,
  `${HEAD}X:\r\n\r\n`,
  `${HEAD}X: \t a \t \r\n\r\n`,
  `${HEAD}X: a\tb\r\n\r\n`,
  `${HEAD}X: \xe4\xff\r\n\r\n`,
  `${HEAD}X: a\r\nx: b\r\nX: c\r\n\r\n`,
  `${HEAD}!#$%&'*+-.^_\`|~09azAZ: 1\r\n\r\n`,
  'GET /a/../b//c?x=1&y=%20;\'"<>[]{}|\\^` HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET http://b.example/x HTTP/1.1\r\nHost: a\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
  'CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\n\r\n',
  'DELETE /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc',
  'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 003\r\n\r\nabc',
  'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n000\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;a;b=c;d="e;f"\r\nabc\r\n0;x\r\nT: 1\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\naA\r\n' + 'x'.repeat(170) + '\r\n0\r\n\r\n',
  'POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc',
  'GET / HTTP/1.0\r\n\r\n',
  'GET / HTTP/1.1\r\nHost:\r\n\r\n',
  'PURGE / HTTP/1.1\r\nHost: a\r\n\r\n',
  'PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: b\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\nHost: b\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc',
];

describe('what both accept is understood alike', () => {
  it.each(EDGES)('%j', async (text) => {
    const result = await both(text);
    expect(result.ourStatuses).toEqual(result.nodeStatuses);
    expect(result.we).toEqual(result.node);
    expect(result.we.length).toBeGreaterThan(0);
  });
});

/** Differences that are ours on purpose: recorded behaviour of the gateway that we are compatible with. */
const TAKEN_ON_PURPOSE = new Set([
  // Two equal lengths: taken as one (RFC 9112 §6.3).
  'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc',
  // Unregistered methods: passed on.
  'ANYTHING / HTTP/1.1\r\nHost: a\r\n\r\n',
]);

describe('what Node refuses we refuse', () => {
  it.each(MALFORMED_REQUESTS.filter(([, text]) => text.length < 8000).map(([name, text]) => [name, text]))('%s', async (_name, text) => {
    const result = await both(text);
    expect(result.ourStatuses[0]).toBeGreaterThanOrEqual(400);
    expect(result.we).toEqual([]);
  });

  it('single bytes anywhere in a message', async () => {
    const chunked = 'POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';
    const counted = 'POST /p HTTP/1.1\r\nHost: a\r\nX-A: b\r\nContent-Length: 4\r\n\r\nabcd';
    const inserts = ['\0', '\r', '\n', ' ', '\t', ':', '\x7f', '\x80'];
    for (let at = 0; at < chunked.length; at++) {
      // Both messages meet all bytes, each at every other place.
      const message = at % 2 === 0 ? chunked : counted;
      for (const insert of inserts) {
        const text = message.slice(0, at) + insert + message.slice(at);
        const result = await both(text);
        const label = JSON.stringify(text.slice(Math.max(0, at - 12), at + 12));
        if (result.we.length > 0) expect(result.node, label).toEqual(result.we);
      }
    }
  });

  it('but for what is taken on purpose', async () => {
    for (const text of TAKEN_ON_PURPOSE) {
      const result = await both(text);
      expect(result.ourStatuses[0]).toBe(200);
      expect(result.node).toEqual([]);
    }
  });
});
