import { once } from 'node:events';
import { constants, createSecureServer, type ServerHttp2Stream } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import {
  createPool,
  DEFAULT_POOL_LIMITS,
  type AnswerHead,
  type Fields,
  type Origin,
  type Pool,
  type PoolLimits,
  type UpstreamError,
  type UpstreamRequest,
} from '../src/index.ts';
import { pem } from './certificates.ts';
import { ask, fieldOf, get, Opened, post } from './peers.ts';
import { relayTo } from './relay.ts';

const opened = new Opened();
afterEach(() => opened.closeAll());

function pool(limits: Partial<PoolLimits> = {}): Pool {
  const made = createPool({ ...DEFAULT_POOL_LIMITS, ...limits });
  opened.add(() => made.close());
  return made;
}

/** A raw HTTP/2 client, our listener, our client, a raw HTTP/2 upstream. */
async function chain(stream: (stream: ServerHttp2Stream, raw: string[]) => void): Promise<ReturnType<Opened['session']>> {
  const origin = await opened.h2c(stream);
  const listener = await opened.listen(relayTo(pool(), origin));
  return opened.session(listener.port);
}

/** What a request through a pool came to. */
interface Outcome {
  head?: AnswerHead;
  body: string;
  trailers?: Fields | undefined;
  error?: UpstreamError;
}

function request(through: Pool, origin: Origin, more: Partial<UpstreamRequest> = {}): Promise<Outcome> {
  const outcome: Outcome = { body: '' };
  return new Promise((resolve) => {
    through.request(
      origin,
      { method: 'GET', path: '/', fields: ['Host', 'a.example'], contentLength: 0, upgrade: '', headTimeout: 0, repeatable: false, ...more },
      {
        onHead: (head) => (outcome.head = head),
        onData: (chunk) => void (outcome.body += chunk.toString()),
        onEnd: (trailers) => resolve({ ...outcome, trailers }),
        onError: (error) => resolve({ ...outcome, error }),
      },
    );
  });
}

test('a unary gRPC call: message up, message and trailers down, both as they came', async () => {
  let seen: string[] = [];
  const session = await chain((stream, raw) => {
    seen = raw;
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'grpc-message': 'fine' }));
      stream.end(Buffer.concat(chunks));
    });
  });
  const answer = await ask(session, post('/pkg.Echo/Say', ':authority', 'grpc.example', 'content-type', 'application/grpc', 'te', 'trailers'), 'hello');
  expect(answer).toMatchObject({ status: 200, reset: 0, trailers: ['grpc-status', '0', 'grpc-message', 'fine'] });
  expect(answer.body.toString()).toBe('hello');
  expect(fieldOf(seen, ':path')).toBe('/pkg.Echo/Say');
  expect(fieldOf(seen, ':authority')).toBe('grpc.example');
  expect(fieldOf(seen, 'te')).toBe('trailers');
});

test('a trailers-only answer ends with its head', async () => {
  const session = await chain((stream) => stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '5' }, { endStream: true }));
  const stream = session.request(post('/pkg.Echo/Say', 'content-type', 'application/grpc'), { endStream: false });
  stream.end('x');
  const [headers, flags] = (await once(stream, 'response')) as [Record<string, unknown>, number];
  expect(headers['grpc-status']).toBe('5');
  expect(headers['content-length']).toBeUndefined();
  expect(flags & constants.NGHTTP2_FLAG_END_STREAM).not.toBe(0);
});

test('bidirectional streaming: every message comes back before the next is sent', async () => {
  const session = await chain((stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.on('data', (chunk: Buffer) => stream.write(`echo ${chunk.toString()}`));
    stream.on('end', () => stream.end());
  });
  const stream = session.request(post('/pkg.Chat/Talk', 'content-type', 'application/grpc'), { endStream: false });
  await once(stream, 'response');
  for (const message of ['one', 'two', 'three']) {
    stream.write(message);
    const [back] = (await once(stream, 'data')) as [Buffer];
    expect(back.toString()).toBe(`echo ${message}`);
  }
  const trailers = once(stream, 'trailers');
  stream.end();
  const [got] = (await trailers) as [Record<string, unknown>];
  expect(got['grpc-status']).toBe('0');
});

test('trailers of a request reach the upstream', async () => {
  let trailers: Record<string, unknown> = {};
  const session = await chain((stream) => {
    stream.resume();
    stream.on('trailers', (got: Record<string, unknown>) => (trailers = got));
    stream.on('end', () => stream.respond({ ':status': 204 }, { endStream: true }));
  });
  const stream = session.request(post('/up'), { endStream: false, waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': 'abc' }));
  stream.end('body');
  await once(stream, 'response');
  expect(trailers['x-sum']).toBe('abc');
});

test('a client that resets its stream resets the upstream stream, without an end that looks complete', async () => {
  const ends: string[] = [];
  const upstreamClosed = Promise.withResolvers<number>();
  const session = await chain((stream) => {
    stream.on('aborted', () => ends.push('aborted'));
    stream.on('close', () => upstreamClosed.resolve(stream.rstCode ?? 0));
    stream.respond({ ':status': 200 });
    stream.write('begun');
    stream.resume();
  });
  const stream = session.request(post('/up'), { endStream: false, waitForTrailers: true });
  stream.on('error', () => undefined);
  stream.write('half');
  await once(stream, 'data');
  stream.close(constants.NGHTTP2_CANCEL);
  expect(await upstreamClosed.promise).toBe(constants.NGHTTP2_CANCEL);
  expect(ends).toEqual(['aborted']);
});

test.each([
  ['with an error code', constants.NGHTTP2_INTERNAL_ERROR],
  ['cancelled', constants.NGHTTP2_CANCEL],
  ['without an error', constants.NGHTTP2_NO_ERROR],
])('an answer that breaks off %s is broken off for the client, too', async (_name, code) => {
  const session = await chain((stream) => {
    // With trailers announced, node:http2 does not mark the end when the stream is closed.
    stream.respond({ ':status': 200 }, { waitForTrailers: true });
    stream.on('wantTrailers', () => undefined);
    stream.write('half');
    setTimeout(() => stream.close(code), 20);
  });
  const answer = await ask(session, get('/broken'));
  expect(answer).toMatchObject({ status: 200, reset: constants.NGHTTP2_INTERNAL_ERROR });
});

test('a complete answer that is read slowly is complete', async () => {
  const origin = await opened.h2c((stream) => {
    stream.respond({ ':status': 200 });
    stream.end(Buffer.alloc(200_000, 'a'));
  });
  const through = pool();
  let bytes = 0;
  await new Promise<void>((resolve, reject) => {
    const exchange = through.request(
      origin,
      { method: 'GET', path: '/', fields: [], contentLength: 0, upgrade: '', headTimeout: 0, repeatable: false },
      {
        onHead: () => undefined,
        onData: (chunk) => {
          bytes += chunk.length;
          setTimeout(() => exchange.resume(), 2);
          return false;
        },
        onEnd: () => resolve(),
        onError: reject,
      },
    );
  });
  expect(bytes).toBe(200_000);
});

test('large bodies go both ways through back-pressure', async () => {
  const session = await chain((stream) => {
    stream.respond({ ':status': 200 });
    stream.pipe(stream);
  });
  const body = Buffer.alloc(3_000_000, 'abcdefg');
  const answer = await ask(session, post('/echo'), body);
  expect(answer.body.equals(body)).toBe(true);
});

test('interim answers, HEAD and 304 keep their meaning', async () => {
  const session = await chain((stream, raw) => {
    stream.additionalHeaders({ ':status': 103, link: '</a.css>' });
    const status = fieldOf(raw, ':path') === '/304' ? 304 : 200;
    stream.respond({ ':status': status, 'content-length': 42, etag: '"x"' }, { endStream: true });
  });
  const stream = session.request([':method', 'HEAD', ':path', '/']);
  const [early] = (await once(stream, 'headers')) as [Record<string, unknown>];
  expect(early).toMatchObject({ ':status': 103, link: '</a.css>' });
  const [head] = (await once(stream, 'response')) as [Record<string, unknown>];
  expect(head['content-length']).toBe('42');
  expect(await ask(session, get('/304'))).toMatchObject({ status: 304, reset: 0 });
});

test('one connection carries requests up to the limit of the upstream, then another one is opened', async () => {
  let sessions = 0;
  const waiting: ServerHttp2Stream[] = [];
  const origin = await opened.h2c(
    (stream) => {
      waiting.push(stream);
      if (waiting.length === 4) for (const one of waiting) one.respond({ ':status': 200 }, { endStream: true });
    },
    (server) => {
      server.updateSettings({ maxConcurrentStreams: 2 });
      server.on('session', (session) => {
        sessions++;
        session.settings({ maxConcurrentStreams: 2 });
      });
    },
  );
  const through = pool();
  const first = request(through, origin);
  await expect.poll(() => waiting.length).toBe(1);
  const others = [request(through, origin), request(through, origin), request(through, origin)];
  const outcomes = await Promise.all([first, ...others]);
  expect(outcomes.map(({ head }) => head?.status)).toEqual([200, 200, 200, 200]);
  expect(sessions).toBe(2);
});

test('after GOAWAY the requests under way are finished and new ones go to a new connection', async () => {
  let sessions = 0;
  const held: ServerHttp2Stream[] = [];
  const origin = await opened.h2c(
    (stream, raw) => {
      if (fieldOf(raw, ':path') !== '/held') stream.respond({ ':status': 200 }, { endStream: true });
      else held.push(stream);
    },
    (server) => server.on('session', () => sessions++),
  );
  const through = pool();
  const slow = request(through, origin, { path: '/held' });
  await expect.poll(() => held.length).toBe(1);
  held[0]?.session?.goaway();
  await expect.poll(async () => (await request(through, origin)).head?.status === 200 && sessions).toBe(2);
  held[0]?.respond({ ':status': 201 }, { endStream: true });
  expect((await slow).head?.status).toBe(201);
});

test('a request that the upstream refused to look at is sent once more, with its body', async () => {
  let streams = 0;
  const origin = await opened.h2c((stream) => {
    if (++streams % 2 === 1) {
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
      return;
    }
    stream.respond({ ':status': 200 });
    stream.pipe(stream);
  });
  const through = pool();
  const body = Buffer.from('again');
  for (let at = 0; at < 2; at++) {
    expect(await request(through, origin, { method: 'POST', body, contentLength: 5 })).toMatchObject({ body: 'again', head: { status: 200 } });
  }
  expect(streams).toBe(4);
});

test('a repeatable request on a reused connection that breaks in silence is sent once more, others are not', async () => {
  let streams = 0;
  const origin = await opened.h2c((stream) => {
    if (++streams > 1 && streams % 2 === 0) stream.session?.destroy();
    else stream.respond({ ':status': 200 }, { endStream: true });
  });
  const through = pool();
  expect((await request(through, origin)).head?.status).toBe(200);
  expect((await request(through, origin, { repeatable: true })).head?.status).toBe(200);
  expect(streams).toBe(3);
  expect((await request(through, origin)).error).toMatchObject({ phase: 'head', answered: false });
});

test('failures say in which phase they happened', async () => {
  const origin = await opened.h2c((stream, raw) => {
    const path = fieldOf(raw, ':path');
    if (path === '/refused') stream.close(constants.NGHTTP2_REFUSED_STREAM);
    if (path === '/destroyed') stream.session?.socket.destroy();
    if (path === '/short') {
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.on('wantTrailers', () => undefined);
      stream.write('half');
      setTimeout(() => stream.session?.destroy(), 20);
    }
  });
  const through = pool();
  const get2 = async (path: string, headTimeout = 0): Promise<unknown> => (await request(through, origin, { path, headTimeout })).error;
  expect(await get2('/refused')).toMatchObject({ code: 'REFUSED_STREAM', phase: 'head', answered: false });
  expect(await get2('/silent', 50)).toMatchObject({ code: 'HEAD_TIMEOUT', phase: 'head', answered: false });
  expect(await get2('/destroyed')).toMatchObject({ phase: 'head', answered: false });
  expect(await get2('/short')).toMatchObject({ phase: 'body', answered: true });
  expect((await request(through, origin, { upgrade: 'websocket' })).error).toMatchObject({ code: 'NO_UPGRADE', phase: 'request' });
  expect(() =>
    through.request(
      origin,
      { method: 'GET', path: '/a b', fields: [], contentLength: 0, upgrade: '', headTimeout: 0, repeatable: false },
      { onHead() {}, onData() {}, onEnd() {}, onError() {} },
    ),
  ).toThrow('escape it');
});

test('h2 over TLS where the upstream agrees, HTTP/1.1 where it does not', async () => {
  const options = { cert: pem('server.pem'), key: pem('server.key') };
  const servers = [
    createSecureServer(options, (incoming, answer) => answer.end(incoming.httpVersion)),
    createHttpsServer(options, (incoming, answer) => answer.end(incoming.httpVersion)),
  ];
  for (const [at, server] of servers.entries()) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    opened.add(() => server.close());
    const { port } = server.address() as AddressInfo;
    const origin: Origin = { key: String(port), protocol: 'h2', host: '127.0.0.1', port, tls: { servername: 'localhost', rejectUnauthorized: false } };
    const through = pool();
    expect((await request(through, origin)).body).toBe(at === 0 ? '2.0' : '1.1');
    through.close();
  }
});

test('HTTP/1.1 clients reach an HTTP/2 upstream with body and trailers, and the other way round', async () => {
  const h2 = await opened.h2c((stream) => {
    stream.respond({ ':status': 200 }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '1' }));
    stream.pipe(stream);
  });
  const listener = await opened.listen(relayTo(pool(), h2));
  const answer = await fetch(`http://127.0.0.1:${listener.port}/`, { method: 'POST', body: 'over one' });
  expect(await answer.text()).toBe('over one');

  const h1 = await opened.http1((incoming, outgoing) => {
    outgoing.writeHead(200, { 'X-Via': 'one', Trailer: 'X-Sum' });
    outgoing.addTrailers({ 'X-Sum': '2' });
    incoming.pipe(outgoing);
  });
  const second = await opened.listen(relayTo(pool(), h1));
  const down = await ask(opened.session(second.port), post('/x'), 'over two');
  expect(down).toMatchObject({ status: 200, trailers: ['x-sum', '2'] });
  expect(down.body.toString()).toBe('over two');
  expect(fieldOf(down.fields, 'x-via')).toBe('one');
});
