import type { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { eventually, rawServer, type RawServer } from './peers.ts';
import { createPool, DEFAULT_POOL_LIMITS } from './pool.ts';
import { deadlinesOnClock } from './timers.ts';
import type { AnswerHead, AnswerSink, ClientExchange, Fields, Origin, Pool, PoolLimits, UpstreamError, UpstreamRequest } from './types.ts';

const GET: UpstreamRequest = { method: 'GET', path: '/', fields: ['Host', 'a'], contentLength: 0, upgrade: '', headTimeout: 0, repeatable: true };
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const completeHead = (text: string): boolean => text.endsWith('\r\n\r\n');

/** What a sink was told. */
class Answer implements AnswerSink {
  head: AnswerHead | undefined = undefined;
  interim: number[] = [];
  text = '';
  trailers: Fields | undefined = undefined;
  error: UpstreamError | undefined = undefined;
  stream: Duplex | undefined = undefined;
  drained = 0;
  /** Last calls; must end up as one. */
  ends = 0;
  readonly done: Promise<Answer>;
  private finish: (answer: Answer) => void = () => undefined;

  constructor() {
    this.done = new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  onInformation(head: AnswerHead): void {
    this.interim.push(head.status);
  }
  onHead(head: AnswerHead): void {
    this.head = head;
  }
  onData(chunk: Buffer): boolean | void {
    this.text += chunk.toString('latin1');
  }
  onDrain(): void {
    this.drained++;
  }
  onEnd(trailers: Fields | undefined): void {
    this.trailers = trailers;
    this.end();
  }
  onError(error: UpstreamError): void {
    this.error = error;
    this.end();
  }
  onUpgrade(head: AnswerHead, stream: Duplex): void {
    this.head = head;
    this.stream = stream;
    this.end();
  }
  private end(): void {
    this.ends++;
    this.finish(this);
  }
}

class TestPool implements Disposable {
  readonly pool: Pool;
  readonly origin: Origin;

  constructor(server: { port: number }, limits: Partial<PoolLimits> = {}) {
    this.pool = createPool({ ...DEFAULT_POOL_LIMITS, ...limits });
    this.origin = { key: 'a', protocol: 'http', host: '127.0.0.1', port: server.port };
  }

  send(request: Partial<UpstreamRequest> = {}, answer: Answer = new Answer()): Answer {
    this.pool.request(this.origin, { ...GET, ...request }, answer);
    return answer;
  }

  exchange(request: Partial<UpstreamRequest>, answer: Answer): ClientExchange {
    return this.pool.request(this.origin, { ...GET, ...request }, answer);
  }

  [Symbol.dispose](): void {
    this.pool.close();
  }
}

/** Answers every complete head with the same bytes. */
const always = async (answer: string): Promise<RawServer> =>
  rawServer((socket, soFar) => {
    if (completeHead(soFar)) socket.write(answer, 'latin1');
  });

describe('a request', () => {
  async function sentFor(request: Partial<UpstreamRequest>, limits: Partial<PoolLimits> = {}): Promise<string> {
    await using server = await always(OK);
    using pool = new TestPool(server, limits);
    await pool.send(request).done;
    return server.received[0] ?? '';
  }

  it('is its line, its fields and what frames it', async () => {
    expect(await sentFor({ path: '/a?b=c', fields: ['Host', 'h', 'X-A', '', 'x-a', '2'] })).toBe('GET /a?b=c HTTP/1.1\r\nHost: h\r\nX-A: \r\nx-a: 2\r\n\r\n');
    expect(await sentFor({ method: 'POST' })).toBe('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n');
    expect(await sentFor({ method: 'DELETE' })).toBe('DELETE / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await sentFor({}, { closeAfterUse: true })).toBe('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await sentFor({ upgrade: 'websocket' })).toBe('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  });

  it('carries a body that is there, small or large', async () => {
    for (const size of [3, 300_000]) {
      await using server = await rawServer((socket, soFar) => {
        if (soFar.endsWith('end')) socket.write(OK);
      });
      using pool = new TestPool(server);
      const body = Buffer.from(`${'x'.repeat(size)}end`);
      await pool.send({ method: 'POST', contentLength: body.length, body }).done;
      expect(server.received[0]).toBe(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body.toString()}`);
    }
  });

  it('streams a body of known and of unknown length, from before there is a connection', async () => {
    await using server = await rawServer((socket, soFar) => {
      if (soFar.endsWith('world') || soFar.endsWith('X-Sum: 2\r\n\r\n')) socket.write(OK);
    });
    using pool = new TestPool(server);
    const known = new Answer();
    const first = pool.exchange({ method: 'PUT', contentLength: 11 }, known);
    expect(first.write(Buffer.from('hello '))).toBe(false);
    await eventually(() => known.drained > 0);
    expect(first.write(Buffer.from('world'))).toBe(true);
    first.end();
    expect((await known.done).text).toBe('ok');
    const unknown = new Answer();
    const second = pool.exchange({ method: 'PUT', contentLength: -1 }, unknown);
    second.write(Buffer.from('hello '));
    second.end(['X-Sum', '2']);
    await unknown.done;
    expect(server.received).toEqual([
      'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello worldPUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello \r\n0\r\nX-Sum: 2\r\n\r\n',
    ]);
  });

  it('that would change the structure of the message throws', () => {
    using pool = new TestPool({ port: 1 });
    const bad: Partial<UpstreamRequest>[] = [
      { method: 'GET / HTTP/1.1\r\nX: ' },
      { method: '' },
      { path: '/a b' },
      { path: '/a\r\nX: 1' },
      { path: '/\u010a' },
      { path: '' },
      { fields: ['X', 'a\r\nb'] },
      { fields: ['X Y', 'a'] },
      { fields: ['Content-Length', '3'] },
      { upgrade: 'a\r\nb' },
    ];
    for (const request of bad) expect(() => pool.send(request), JSON.stringify(request)).toThrow();
  });

  it('may not be longer or shorter than announced', async () => {
    await using server = await always('');
    using pool = new TestPool(server);
    const exchange = pool.exchange({ method: 'PUT', contentLength: 3 }, new Answer());
    await eventually(() => server.received.length === 1);
    await eventually(() => server.received[0] !== '');
    expect(() => exchange.write(Buffer.from('abcd'))).toThrow('longer');
    expect(() => exchange.end()).toThrow('shorter');
  });
});

describe('an answer', () => {
  async function answerOf(text: string, request: Partial<UpstreamRequest> = {}, end = false): Promise<{ answer: Answer; reused: boolean }> {
    await using server = await rawServer((socket, soFar, connection) => {
      if (!completeHead(soFar)) return;
      socket.write(connection === 0 && soFar.indexOf('\r\n\r\n') + 4 === soFar.length ? text : OK, 'latin1');
      if (end) socket.end();
    });
    using pool = new TestPool(server);
    const answer = await pool.send(request).done;
    await pool.send().done;
    return { answer, reused: server.received.length === 1 };
  }

  it.each([
    ['a length', OK, 'ok', true],
    ['no length and no body', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', '', true],
    ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1;x\r\nk\r\n0\r\n\r\n', 'ok', true],
    ['Connection: close', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok', 'ok', false],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok', 'ok', false],
    ['HTTP/1.0 and keep-alive', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok', 'ok', true],
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n', '', true],
    ['205 with a length of 0', 'HTTP/1.1 205 Reset\r\nContent-Length: 0\r\n\r\n', '', true],
    ['no reason', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok', 'ok', true],
    ['bytes beyond its end', `${OK}surplus`, 'ok', false],
    ['another answer behind it', OK + OK, 'ok', false],
    ['a body with 204', 'HTTP/1.1 204 No Content\r\n\r\nbody', '', false],
  ])('with %s', async (_name, text, body, reused) => {
    const result = await answerOf(text);
    expect(result.answer).toMatchObject({ text: body, ends: 1, error: undefined });
    expect(result.reused).toBe(reused);
  });

  it('without length goes on to the end of the connection', async () => {
    const { answer, reused } = await answerOf('HTTP/1.1 200 OK\r\n\r\nall of it', {}, true);
    expect(answer).toMatchObject({ text: 'all of it', head: { contentLength: -1 } });
    expect(reused).toBe(false);
  });

  it('to HEAD, and 304, tell their length and have no body', async () => {
    const head = await answerOf('HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n', { method: 'HEAD' });
    expect(head.answer).toMatchObject({ text: '', head: { contentLength: 50 } });
    const coded = await answerOf('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', { method: 'HEAD' });
    expect(coded.answer.head?.contentLength).toBe(-1);
    const unchanged = await answerOf('HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n');
    expect(unchanged.answer.head?.contentLength).toBe(7);
    expect([head.reused, coded.reused, unchanged.reused]).toEqual([true, true, true]);
  });

  it('keeps order, case and duplicates of fields, and its trailers', async () => {
    const { answer } = await answerOf('HTTP/1.1 299 Odd one\r\nb: 1\r\nA:2 \r\nB:\t3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-T: a\r\nx-t: b\r\n\r\n');
    expect(answer.head).toMatchObject({ status: 299, reason: 'Odd one', fields: ['b', '1', 'A', '2', 'B', '3', 'Transfer-Encoding', 'chunked'] });
    expect(answer.trailers).toEqual(['X-T', 'a', 'x-t', 'b']);
  });

  it('comes after interim ones', async () => {
    const { answer } = await answerOf(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${OK}`);
    expect(answer).toMatchObject({ interim: [100, 103], text: 'ok' });
  });

  it('before the end of the request closes the connection and needs no more of it', async () => {
    await using server = await rawServer((socket, soFar) => {
      if (soFar.includes('\r\n\r\n') && !soFar.includes('late')) socket.write('HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n');
    });
    using pool = new TestPool(server);
    const answer = new Answer();
    const exchange = pool.exchange({ method: 'PUT', contentLength: 100 }, answer);
    await answer.done;
    expect(answer.head?.status).toBe(413);
    expect(exchange.write(Buffer.from('late'))).toBe(true);
    exchange.end();
    await eventually(() => pool.pool.size === 0);
    expect(answer.ends).toBe(1);
  });

  it('is paused and resumed', async () => {
    const body = 'x'.repeat(20_000_000);
    await using server = await always(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    using pool = new TestPool(server);
    const answer = new Answer();
    let bytes = 0;
    answer.onData = (chunk): boolean => {
      bytes += chunk.length;
      return false;
    };
    const exchange = pool.exchange({}, answer);
    await eventually(() => bytes > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(bytes).toBeLessThanOrEqual(65_536);
    const pull = setInterval(() => exchange.resume(), 0);
    await answer.done;
    clearInterval(pull);
    expect(bytes).toBe(body.length);
  });

  it('gives chunks that stay as they are', async () => {
    await using server = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\naaaa');
      setTimeout(() => socket.write('bbbb'), 20);
    });
    using pool = new TestPool(server);
    const chunks: Buffer[] = [];
    const answer = new Answer();
    answer.onData = (chunk): void => void chunks.push(chunk);
    pool.exchange({}, answer);
    await answer.done;
    expect(Buffer.concat(chunks).toString()).toBe('aaaabbbb');
  });
});

describe('an upgrade', () => {
  it('gives the stream with what came behind the head, both ways', async () => {
    await using server = await rawServer((socket, soFar) => {
      if (completeHead(soFar)) socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhello ');
      else socket.write('back ');
    });
    using pool = new TestPool(server);
    const { stream, head } = await pool.send({ upgrade: 'x' }).done;
    expect(head?.status).toBe(101);
    let got = '';
    stream?.on('data', (chunk: Buffer) => {
      got += chunk.toString();
    });
    await eventually(() => got === 'hello ');
    stream?.write('ping');
    await eventually(() => got === 'hello back ');
    expect(server.received[0]?.endsWith('ping')).toBe(true);
    stream?.end();
    await new Promise((resolve) => stream?.once('close', resolve));
    await eventually(() => pool.pool.size === 0);
  });

  it('that is refused is an ordinary answer', async () => {
    await using server = await always('HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno');
    using pool = new TestPool(server);
    expect(await pool.send({ upgrade: 'x' }).done).toMatchObject({ text: 'no', head: { status: 403 } });
  });

  it('CONNECT gives the tunnel', async () => {
    await using server = await always('HTTP/1.1 200 Connection established\r\n\r\nhi');
    using pool = new TestPool(server);
    const { stream } = await pool.send({ method: 'CONNECT', path: 'a.example:443' }).done;
    let got = '';
    stream?.on('data', (chunk: Buffer) => {
      got += chunk.toString();
    });
    await eventually(() => got === 'hi');
    stream?.destroy();
  });

  it('passes on resets and destroys', async () => {
    await using server = await always('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    using pool = new TestPool(server);
    const { stream } = await pool.send({ upgrade: 'x' }).done;
    const failed = new Promise<NodeJS.ErrnoException>((resolve) => stream?.once('error', resolve));
    stream?.resume();
    server.sockets[0]?.resetAndDestroy();
    expect((await failed).code).toBe('ECONNRESET');
  });
});

describe('a failure', () => {
  it.each([
    ['closes without an answer', '', 'CLOSED', 'head', false],
    ['closes within its head', 'HTTP/1.1 200', 'CLOSED', 'head', true],
    ['closes within its body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab', 'CLOSED', 'body', true],
    ['closes within its chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab', 'CLOSED', 'body', true],
  ])('of an upstream that %s', async (_name, text, code, phase, answered) => {
    await using server = await rawServer((socket) => socket.end(text));
    using pool = new TestPool(server);
    const { error, ends } = await pool.send().done;
    expect(error).toMatchObject({ code, phase, answered });
    expect(ends).toBe(1);
    await eventually(() => pool.pool.size === 0);
  });

  it('of the connection has its code and phase', async () => {
    const { port } = await (async (): Promise<RawServer> => {
      await using closed = await rawServer(() => undefined);
      return closed;
    })();
    using dead = new TestPool({ port });
    expect((await dead.send().done).error).toMatchObject({ code: 'ECONNREFUSED', phase: 'connect', answered: false });
    using unknown = new TestPool({ port });
    unknown.origin.host = 'no-such-host.invalid';
    expect((await unknown.send().done).error?.phase).toBe('lookup');
  });

  it('is the reset of the upstream', async () => {
    await using server = await rawServer((socket) => socket.resetAndDestroy());
    using pool = new TestPool(server);
    expect((await pool.send().done).error).toMatchObject({ code: 'ECONNRESET', phase: 'head' });
  });

  it('is a head that does not come in time, counted from the end of the request', async () => {
    await using server = await always('');
    using pool = new TestPool(server);
    const answer = new Answer();
    const exchange = pool.exchange({ method: 'PUT', contentLength: 1, headTimeout: 60 }, answer);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(answer.ends).toBe(0);
    exchange.write(Buffer.from('x'));
    exchange.end();
    expect((await answer.done).error).toMatchObject({ code: 'HEAD_TIMEOUT', phase: 'head', answered: false });
  });

  it('is an upstream that falls silent in the middle of the body, but not while nobody reads', async () => {
    await using server = await always('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345');
    using pool = new TestPool(server, { bodyTimeout: 60 });
    expect((await pool.send().done).error).toMatchObject({ code: 'BODY_TIMEOUT', phase: 'body', answered: true });
    const slow = new Answer();
    const exchange = pool.exchange({}, slow);
    await eventually(() => slow.head !== undefined);
    exchange.pause();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(slow.ends).toBe(0);
    exchange.resume();
    expect((await slow.done).error).toMatchObject({ code: 'BODY_TIMEOUT' });
  });

  it('is a request whose body stalls', async () => {
    await using server = await always('');
    using pool = new TestPool(server, { bodyTimeout: 60 });
    const answer = new Answer();
    pool.exchange({ method: 'PUT', contentLength: 2 }, answer).write(Buffer.from('x'));
    expect((await answer.done).error).toMatchObject({ code: 'BODY_TIMEOUT', phase: 'request', answered: false });
  });

  it('is a TLS handshake that does not end', async () => {
    await using server = await rawServer(() => undefined);
    using pool = new TestPool(server, { tlsTimeout: 60 });
    pool.origin.protocol = 'https';
    expect((await pool.send().done).error).toMatchObject({ code: 'TLS_TIMEOUT', phase: 'tls' });
  });

  it('of TLS towards a plain port is one of phase tls', async () => {
    await using server = await rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    using pool = new TestPool(server);
    pool.origin.protocol = 'https';
    expect((await pool.send().done).error?.phase).toBe('tls');
  });

  it('is told to all that wait when the pool is closed', async () => {
    await using server = await always('');
    const pool = new TestPool(server, { maxPerOrigin: 1 });
    const answers = [pool.send(), pool.send()];
    await eventually(() => server.received[0] !== undefined);
    pool.pool.close();
    for (const answer of answers) expect((await answer.done).error?.code).toBe('CLOSED');
    expect(() => pool.send()).toThrow('closed');
  });
});

describe('the pool', () => {
  it('uses a connection again, and opens more for requests at the same time', async () => {
    await using server = await always(OK);
    using pool = new TestPool(server);
    await pool.send().done;
    await pool.send().done;
    expect(server.received).toHaveLength(1);
    await Promise.all([pool.send().done, pool.send().done, pool.send().done]);
    expect(server.received).toHaveLength(3);
    expect(pool.pool.size).toBe(3);
  });

  it('keeps keys apart', async () => {
    await using server = await always(OK);
    using pool = new TestPool(server);
    await pool.send().done;
    pool.origin.key = 'b';
    await pool.send().done;
    expect(server.received).toHaveLength(2);
  });

  it('lets requests wait for a connection in order', async () => {
    await using server = await always(OK);
    using pool = new TestPool(server, { maxPerOrigin: 2 });
    const paths = ['/1', '/2', '/3', '/4', '/5'];
    await Promise.all(paths.map((path) => pool.send({ path }).done));
    expect(server.received).toHaveLength(2);
  });

  it('keeps so many idle, for so long, up to such an age', async () => {
    await using server = await always(OK);
    using few = new TestPool(server, { maxIdlePerOrigin: 1 });
    await Promise.all([few.send().done, few.send().done]);
    await eventually(() => few.pool.size === 1);
    using short = new TestPool(server, { idleTimeout: 60 });
    await short.send().done;
    await eventually(() => short.pool.size === 0);
    using young = new TestPool(server, { maxConnectionAge: 20 });
    await young.send().done;
    const before = server.received.length;
    await new Promise((resolve) => setTimeout(resolve, 40));
    await young.send().done;
    expect(server.received).toHaveLength(before + 1);
  });

  it('drops an idle connection that the upstream closes or writes to', async () => {
    await using server = await always(OK);
    using pool = new TestPool(server);
    await pool.send().done;
    server.sockets[0]?.end();
    await eventually(() => pool.pool.size === 0);
    await pool.send().done;
    server.sockets[1]?.write(OK);
    await eventually(() => pool.pool.size === 0);
  });

  /** Closes a connection on its second request, without an answer. */
  async function staleServer(): Promise<RawServer> {
    return rawServer((socket, soFar, connection) => {
      if (connection === 0 && soFar.split('\r\n\r\n').length > 2) socket.destroy();
      else if (completeHead(soFar) || soFar.endsWith('body')) socket.write(OK);
    });
  }

  it('sends once more what a stale connection did not answer', async () => {
    await using server = await staleServer();
    using pool = new TestPool(server);
    await pool.send().done;
    expect(await pool.send({ path: '/again' }).done).toMatchObject({ text: 'ok', error: undefined, ends: 1 });
    expect(server.received).toHaveLength(2);
    expect(pool.pool.size).toBe(1);
  });

  it('sends a body that is there once more', async () => {
    await using server = await staleServer();
    using pool = new TestPool(server);
    await pool.send().done;
    expect((await pool.send({ method: 'POST', contentLength: 4, body: Buffer.from('body') }).done).error).toBeUndefined();
    expect(server.received[1]).toContain('body');
  });

  it('sends nothing twice that must not be, was streamed, or was answered in part', async () => {
    await using server = await staleServer();
    using once = new TestPool(server);
    await once.send().done;
    expect((await once.send({ repeatable: false }).done).error).toMatchObject({ code: expect.stringMatching(/CLOSED|ECONNRESET/), phase: 'head' });

    await using other = await staleServer();
    using streamed = new TestPool(other);
    await streamed.send().done;
    const answer = new Answer();
    const exchange = streamed.exchange({ method: 'PUT', contentLength: 4 }, answer);
    exchange.write(Buffer.from('body'));
    exchange.end();
    expect((await answer.done).error).toBeDefined();

    await using partial = await rawServer((socket, soFar) => {
      if (soFar.split('\r\n\r\n').length > 2) socket.end('HTTP/1.1 2');
      else if (completeHead(soFar)) socket.write(OK);
    });
    using cut = new TestPool(partial);
    await cut.send().done;
    expect((await cut.send().done).error).toMatchObject({ code: 'CLOSED', answered: true });
    expect(partial.received).toHaveLength(1);
  });

  it('tries a second time only once', async () => {
    await using server = await rawServer((socket, soFar, connection) => {
      if (connection === 0 && soFar.split('\r\n\r\n').length === 2) socket.write(OK);
      else socket.destroy();
    });
    using pool = new TestPool(server);
    await pool.send().done;
    expect((await pool.send().done).error).toBeDefined();
    expect(server.received).toHaveLength(2);
  });

  it('aborts at any point without a word to the sink', async () => {
    await using server = await rawServer((socket, soFar) => {
      if (completeHead(soFar) && soFar.includes('/body')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab');
    });
    using pool = new TestPool(server);
    const early = new Answer();
    pool.exchange({}, early).abort();
    const waiting = new Answer();
    const second = pool.exchange({}, waiting);
    await eventually(() => server.received.some((text) => text !== ''));
    second.abort();
    const reading = new Answer();
    const third = pool.exchange({ path: '/body' }, reading);
    await eventually(() => reading.text === 'ab');
    third.abort();
    third.write(Buffer.from('x'));
    third.end();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([early.ends, waiting.ends, reading.ends]).toEqual([0, 0, 0]);
  });

  it('leaves no connection and no deadline behind', async () => {
    await using server = await always(OK);
    {
      using pool = new TestPool(server);
      await Promise.all(Array.from({ length: 20 }, async () => pool.send({ headTimeout: 1000 }).done));
      expect(pool.pool.size).toBe(20);
    }
    await eventually(() => deadlinesOnClock() === 0);
  });
});
