import { once } from 'node:events';
import { Agent, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createPool, DEFAULT_POOL_LIMITS, type Origin } from '../src/index.ts';
import { ask, get, Opened, post, rawTalk } from './peers.ts';
import { programOf, startProxy, type ProxyName, type ProxyOptions } from './real-proxies.ts';
import { relayTo } from './relay.ts';

const opened = new Opened();
afterEach(() => opened.closeAll());

/** The server at the far end, Node's own. */
function answer(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const [, kind = '', count = '0'] = (incoming.url ?? '').split('/');
  if (kind === 'echo') {
    outgoing.writeHead(200, {
      'content-type': 'application/octet-stream',
      ...(incoming.headers['content-length'] === undefined ? {} : { 'content-length': incoming.headers['content-length'] }),
    });
    incoming.pipe(outgoing);
    return;
  }
  if (kind === 'collect') {
    collect(incoming, outgoing);
    return;
  }
  incoming.resume();
  if (kind === 'size') outgoing.writeHead(200, { 'content-length': Number(count) }).end(Buffer.alloc(Number(count), 'x'));
  else if (kind === 'chunks') streamChunks(outgoing, Number(count));
  else if (kind === 'empty') outgoing.writeHead(204).end();
  else if (kind === 'same') outgoing.writeHead(304, { etag: '"x"' }).end();
  else if (kind === 'cut') outgoing.write('half', () => setTimeout(() => incoming.socket.destroy(), 20));
  else outgoing.writeHead(404).end('nothing here');
}

/** Gives a body back once it is there: nginx and HAProxy stall, also without us, when a large one is echoed while it is being sent. */
function collect(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => outgoing.end(Buffer.concat(chunks)));
}

function streamChunks(outgoing: ServerResponse, count: number): void {
  for (let at = 0; at < count; at++) outgoing.write(`chunk ${at}\n`);
  outgoing.end();
}

/** HAProxy looks at the keys (RFC 6455 §1.3), so they must fit. */
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPTED = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

const far = (): Promise<Origin> =>
  opened.http1(answer, (server) =>
    server.on('upgrade', (_incoming, socket) => {
      socket.on('error', () => socket.destroy());
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${ACCEPTED}\r\n\r\nhello `);
      socket.pipe(socket);
    }),
  );

/** Our relay in front of a port. */
async function relay(port: number, protocol: Origin['protocol'] = 'http'): Promise<number> {
  const pool = createPool(DEFAULT_POOL_LIMITS);
  opened.add(() => pool.close());
  return (await opened.listen(relayTo(pool, { key: `${protocol}:${port}`, protocol, host: '127.0.0.1', port }))).port;
}

async function proxy(name: ProxyName, program: string, options: ProxyOptions): Promise<number> {
  const started = await startProxy(name, program, options);
  opened.add(() => started.stop());
  return started.port;
}

interface Got {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
  complete: boolean;
}

function talk(port: number, method: string, path: string, body?: Buffer, chunked = false, agent?: Agent): Promise<Got> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined || chunked ? {} : { 'content-length': body.length };
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers, ...(agent === undefined ? {} : { agent }) }, (incoming) => {
      const chunks: Buffer[] = [];
      const done = (): void =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks), complete: incoming.complete });
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', done);
      incoming.on('error', done);
    });
    outgoing.on('error', reject);
    if (body !== undefined) outgoing.write(body);
    outgoing.end();
  });
}

const LARGE = Buffer.alloc(5_000_000, 'interop ');

/** What every chain must do, whoever stands where; `port` is its front door. */
const BATTERY: Record<string, (port: number) => Promise<void>> = {
  'GET, small and large': async (port) => {
    expect(await talk(port, 'GET', '/size/10')).toMatchObject({ status: 200, body: Buffer.from('xxxxxxxxxx') });
    expect((await talk(port, 'GET', '/size/5000000')).body.length).toBe(5_000_000);
    expect((await talk(port, 'GET', '/nowhere')).status).toBe(404);
  },
  'answers in chunks': async (port) => {
    const { status, body } = await talk(port, 'GET', '/chunks/2000');
    expect([status, body.toString().split('\n').length]).toEqual([200, 2001]);
  },
  'POST with a length': async (port) => {
    expect((await talk(port, 'POST', '/echo', Buffer.from('hello'))).body.toString()).toBe('hello');
    expect((await talk(port, 'POST', '/collect', LARGE)).body.equals(LARGE)).toBe(true);
  },
  'POST in chunks': async (port) => {
    expect((await talk(port, 'POST', '/echo', Buffer.from('hello'), true)).body.toString()).toBe('hello');
    expect((await talk(port, 'POST', '/collect', LARGE, true)).body.equals(LARGE)).toBe(true);
  },
  'HEAD, 204 and 304': async (port) => {
    const head = await talk(port, 'HEAD', '/size/1234');
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '1234', 0]);
    expect(await talk(port, 'GET', '/empty')).toMatchObject({ status: 204, complete: true });
    expect(await talk(port, 'GET', '/same')).toMatchObject({ status: 304, complete: true });
  },
  'one connection for many requests': async (port) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    agent.on('free', (socket: { localPort?: number }) => ports.add(socket.localPort));
    for (let at = 0; at < 50; at++) {
      const body = Buffer.from(`number ${at}`);
      const got = at % 2 === 0 ? await talk(port, 'GET', '/size/3', undefined, false, agent) : await talk(port, 'POST', '/echo', body, at % 3 === 0, agent);
      expect(got.status).toBe(200);
    }
    agent.destroy();
    expect(ports.size).toBe(1);
  },
  'pipelined requests are answered in order': async (port) => {
    const requests = [5, 1, 700, 0, 3].map((size, at) => `GET /size/${size} HTTP/1.1\r\nHost: a\r\n${at === 4 ? 'Connection: close\r\n' : ''}\r\n`);
    const text = await rawTalk(opened, port, requests.join(''));
    expect([...text.matchAll(/^content-length: ([0-9]+)\r$/gim)].map(([, length]) => Number(length))).toEqual([5, 1, 700, 0, 3]);
  },
  'an upgraded connection carries bytes both ways': async (port) => {
    const socket = opened.socket(port);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.write(`GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`);
    await expect.poll(() => text, { timeout: 10_000 }).toMatch(/^HTTP\/1\.1 101 [^]*\r\n\r\nhello $/);
    socket.write('ping ');
    await expect.poll(() => text, { timeout: 10_000 }).toMatch(/hello ping $/);
    socket.write('pong');
    await expect.poll(() => text, { timeout: 10_000 }).toMatch(/hello ping pong$/);
    socket.end();
    await once(socket, 'close');
  },
  'an answer that is cut off does not pass for complete': async (port) => {
    const got = await talk(port, 'GET', '/cut').catch(() => ({ complete: false }));
    expect(got.complete).toBe(false);
  },
};

const missing = (['nginx', 'haproxy'] as const).filter((name) => programOf(name) === undefined);
const mustHave = process.env['CI'] !== undefined && process.env['CI'] !== '';
if (missing.length > 0)
  console.warn(`interop: ${missing.length} of 2 proxies are not installed (${missing.join(', ')}); their tests are ${mustHave ? 'failed' : 'skipped'}.`);

test.runIf(mustHave)('in CI both proxies are installed', () => {
  expect(missing, 'install them: apt-get install -y nginx haproxy').toEqual([]);
});

describe.each(['nginx', 'haproxy'] as const)('%s', (name) => {
  const program = programOf(name) ?? '';

  describe.skipIf(program === '')('behind the engine', () => {
    test.each(Object.entries(BATTERY))('%s', async (_what, check) => check(await relay(await proxy(name, program, { upstream: (await far()).port }))));
  });

  describe.skipIf(program === '')('in front of the engine', () => {
    test.each(Object.entries(BATTERY))('%s', async (_what, check) => check(await proxy(name, program, { upstream: await relay((await far()).port) })));
  });
});

describe.skipIf(programOf('haproxy') === undefined)('haproxy over HTTP/2', () => {
  const program = programOf('haproxy') ?? '';

  test('as upstream of the engine: bodies both ways, HEAD, 204', async () => {
    const front = await proxy('haproxy', program, { upstream: (await far()).port, frontHttp2: true });
    const port = await relay(front, 'h2c');
    expect((await talk(port, 'POST', '/collect', LARGE)).body.equals(LARGE)).toBe(true);
    expect((await talk(port, 'POST', '/collect', LARGE, true)).body.equals(LARGE)).toBe(true);
    expect((await talk(port, 'HEAD', '/size/77')).headers['content-length']).toBe('77');
    expect((await talk(port, 'GET', '/empty')).status).toBe(204);
    expect((await ask(opened.session(port), get('/size/9'))).body.toString()).toBe('xxxxxxxxx');
  });

  test('in front of the engine: bodies both ways, HEAD, 204', async () => {
    const back = await relay((await far()).port);
    const port = await proxy('haproxy', program, { upstream: back, backHttp2: true });
    expect((await talk(port, 'POST', '/collect', LARGE)).body.equals(LARGE)).toBe(true);
    expect((await talk(port, 'POST', '/collect', LARGE, true)).body.equals(LARGE)).toBe(true);
    expect((await talk(port, 'HEAD', '/size/77')).headers['content-length']).toBe('77');
    expect((await talk(port, 'GET', '/empty')).status).toBe(204);
  });

  test('on both sides, with the engine between', async () => {
    const behind = await proxy('haproxy', program, { upstream: (await far()).port, frontHttp2: true });
    const port = await proxy('haproxy', program, { upstream: await relay(behind, 'h2c'), frontHttp2: true, backHttp2: true });
    const answered = await ask(opened.session(port), post('/collect', ':authority', 'a'), LARGE);
    expect(answered.body.equals(LARGE)).toBe(true);
  });
});
