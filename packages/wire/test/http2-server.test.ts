import { once } from 'node:events';
import { constants, type ClientHttp2Session } from 'node:http2';
import { afterEach, describe, expect, test } from 'vitest';
import type { BodySink, ExchangeHandler, Fields, ServerExchange, WireRefusal } from '../src/index.ts';
import { ask, fieldOf, get, Opened, post, rawTalk } from './peers.ts';

const opened = new Opened();
afterEach(() => opened.closeAll());

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** HPACK without compression: literal fields that are not indexed, texts below 127 bytes. */
function block(...fields: string[]): Buffer {
  const bytes = [];
  for (let at = 0; at < fields.length; at += 2) {
    const [name, value] = [Buffer.from(fields[at] ?? '', 'latin1'), Buffer.from(fields[at + 1] ?? '', 'latin1')];
    bytes.push(Buffer.from([0, name.length]), name, Buffer.from([value.length]), value);
  }
  return Buffer.concat(bytes);
}

const HEADERS = 1;
const RST_STREAM = 3;
const SETTINGS = 4;
const PING = 6;
const GOAWAY = 7;
const END = 5;

/** Answers with what it got. */
const echo: ExchangeHandler = (exchange) =>
  collect(exchange, (body, trailers) => {
    const { method, target, authority, fields, contentLength } = exchange.head;
    exchange.respond(200, ['Content-Type', 'application/json'], JSON.stringify({ method, target, authority, fields, contentLength, body, trailers }));
  });

function collect(exchange: ServerExchange, done: (body: string, trailers: Fields | undefined) => void, onError: BodySink['onError'] = () => undefined): void {
  let body = '';
  exchange.readBody({ onData: (chunk) => void (body += chunk.toString()), onEnd: (trailers) => done(body, trailers), onError });
}

async function serve(
  handler: ExchangeHandler,
  limits: Parameters<Opened['listen']>[2] = {},
  refusals: WireRefusal[] = [],
): Promise<{ port: number; session: ClientHttp2Session }> {
  const { port } = await opened.listen(handler, {}, limits, { refused: (refusal) => void refusals.push(refusal) });
  return { port, session: opened.session(port) };
}

describe('requests', () => {
  test('method, target, authority and fields; pieces of Cookie are put together', async () => {
    const { session } = await serve(echo);
    const answer = await ask(session, get('/a/b?c=%20d', ':authority', 'shop.example:81', 'x-a', '1', 'cookie', 'a=1', 'x-a', '2', 'cookie', 'b=2'));
    expect(JSON.parse(answer.body.toString())).toEqual({
      method: 'GET',
      target: '/a/b?c=%20d',
      authority: 'shop.example:81',
      fields: ['x-a', '1', 'cookie', 'a=1; b=2', 'x-a', '2'],
      contentLength: 0,
      body: '',
    });
    expect(fieldOf(answer.fields, 'date')).toMatch(/GMT$/);
  });

  test('bodies of known and unknown length, with trailers', async () => {
    const { session } = await serve(echo);
    const known = JSON.parse((await ask(session, post('/', 'content-length', '3'), 'abc')).body.toString());
    expect(known).toMatchObject({ contentLength: 3, body: 'abc' });
    const stream = session.request(post('/'), { endStream: false, waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '9' }));
    stream.end('abcd');
    let text = '';
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await once(stream, 'end');
    expect(JSON.parse(text)).toMatchObject({ contentLength: -1, body: 'abcd', trailers: ['x-sum', '9'] });
  });

  test('Host stands in for a missing :authority', async () => {
    const { port } = await serve(echo);
    const request = frame(HEADERS, END, 1, block(':method', 'GET', ':scheme', 'http', ':path', '/', 'host', 'old.example'));
    const socket = opened.socket(port);
    socket.write(Buffer.concat([Buffer.from(PREFACE), frame(SETTINGS, 0, 0), request]));
    let got = '';
    socket.on('data', (chunk: Buffer) => (got += chunk.toString('latin1')));
    await expect.poll(() => got).toContain('"authority":"old.example"');
  });

  test('100 Continue goes out when the body is asked for', async () => {
    const { session } = await serve(echo);
    const stream = session.request(post('/', 'expect', '100-continue', 'content-length', '2'), { endStream: false });
    await once(stream, 'continue');
    stream.end('ok');
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    expect(headers[':status']).toBe(200);
  });

  test.each([
    ['a Host that differs from :authority', get('/', ':authority', 'a.example', 'host', 'b.example'), 400, 'BAD_HOST'],
    ['an authority with an endless port', get('/', ':authority', 'a.example:123456789'), 400, 'BAD_HOST'],
    ['an unknown expectation', get('/', 'expect', 'magic'), 417, 'UNKNOWN_EXPECTATION'],
    ['a long target', get(`/${'a'.repeat(600)}`), 414, 'TARGET_TOO_LONG'],
    ['many fields', get('/', ...Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? `x-${at}` : 'v'))), 431, 'TOO_MANY_FIELDS'],
    ['a large head', get('/', 'x-a', 'a'.repeat(1800)), 431, 'HEAD_TOO_LARGE'],
  ])('%s is refused', async (_name, fields, status, code) => {
    const refusals: WireRefusal[] = [];
    const { session } = await serve(echo, { maxTargetBytes: 500, maxFields: 16, maxHeadBytes: 1700 }, refusals);
    expect(await ask(session, fields)).toMatchObject({ status });
    expect(refusals).toMatchObject([{ status, code }]);
  });

  test.each([
    ['a connection-specific field', ['connection', 'close']],
    ['an upper-case name', ['X-Upper', '1']],
    ['a second authority', [':authority', 'b']],
    ['a pseudo-header field after others', ['x-a', '1', ':path', '/late']],
    ['TE with another value than trailers', ['te', 'gzip']],
    ['a second path', [':path', '/other']],
    ['an unknown pseudo-header field', [':colour', 'red']],
    ['a length that the body does not have', ['content-length', '5']],
  ])('%s resets the stream and never reaches the handler', async (_name, fields) => {
    let reached = 0;
    const { port } = await serve((exchange) => {
      reached++;
      exchange.respond(200, [], '');
    });
    const bad = frame(HEADERS, END, 1, block(':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'a', ...fields));
    const socket = opened.socket(port);
    let got = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => (got = Buffer.concat([got, chunk])));
    socket.write(Buffer.concat([Buffer.from(PREFACE), frame(SETTINGS, 0, 0), bad]));
    await expect.poll(() => got.includes(frame(RST_STREAM, 0, 1, Buffer.from([0, 0, 0, 1])))).toBe(true);
    expect(reached).toBe(0);
  });
});

test('fields with characters that no field may hold do not reach the handler', async () => {
  const { port } = await serve(echo);
  const bad = ['x-a', 'a\r\nb: c', 'x b', 'd', 'x-c', 'e\0', 'x-good', 'f'];
  const request = frame(HEADERS, END, 1, block(':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'a', ...bad));
  const socket = opened.socket(port);
  let got = '';
  socket.on('data', (chunk: Buffer) => (got += chunk.toString('latin1')));
  socket.write(Buffer.concat([Buffer.from(PREFACE), frame(SETTINGS, 0, 0), request]));
  await expect.poll(() => got).toContain('"fields":["x-good","f"]');
});

describe('answers', () => {
  test('HEAD, 204 and 304 have no body', async () => {
    const { session } = await serve((exchange) => {
      if (exchange.head.target === '/304') exchange.respond(304, ['ETag', '"x"'], '');
      else if (exchange.head.target === '/204') exchange.respond(204, [], 'ignored');
      else exchange.respond(200, [], 'four');
    });
    const head = await ask(session, [':method', 'HEAD', ':path', '/']);
    expect(head).toMatchObject({ status: 200, reset: 0 });
    expect([head.body.length, fieldOf(head.fields, 'content-length')]).toEqual([0, '4']);
    for (const [path, status] of [
      ['/304', 304],
      ['/204', 204],
    ] as const) {
      const answer = await ask(session, get(path));
      expect(answer).toMatchObject({ status, reset: 0 });
      expect(answer.body.length).toBe(0);
    }
  });

  test('writes wait for the reader: drain comes after it reads on', async () => {
    const refusedAt: number[] = [];
    const { session } = await serve((exchange) => {
      exchange.start(200, '', [], 4_000_000);
      let left = 4_000_000;
      const more = (): void => {
        while (left > 0) {
          left -= 100_000;
          if (!exchange.write(Buffer.alloc(100_000)) && left > 0) {
            refusedAt.push(left);
            return;
          }
        }
        exchange.end();
      };
      exchange.onDrain = more;
      more();
    });
    const answer = await ask(session, get('/'));
    expect(answer.body.length).toBe(4_000_000);
    expect(refusedAt.length).toBeGreaterThan(1);
  });

  test('bodies shorter than announced are broken off, longer ones are a mistake of the caller', async () => {
    let mistake: unknown;
    const { session } = await serve((exchange) => {
      exchange.start(200, '', [], 10);
      exchange.write(Buffer.from('1234'));
      try {
        exchange.write(Buffer.from('567890123'));
      } catch (error) {
        mistake = error;
      }
      exchange.end();
    });
    expect(await ask(session, get('/'))).toMatchObject({ reset: constants.NGHTTP2_INTERNAL_ERROR });
    expect(String(mistake)).toContain('longer than announced');
  });

  test.each<[string, Fields, string]>([
    ['framing fields', ['Transfer-Encoding', 'chunked'], 'set by the HTTP engine'],
    ['names that are no tokens', ['a b', 'c'], 'not a token'],
    ['values with line breaks', ['a', 'b\r\nc: d'], 'control character'],
  ])('%s are refused where the caller sees it', async (_name, fields, message) => {
    let mistake: unknown;
    const { session } = await serve((exchange) => {
      try {
        exchange.respond(200, fields, '');
      } catch (error) {
        mistake = error;
        exchange.abort();
      }
    });
    expect(await ask(session, get('/'))).toMatchObject({ reset: constants.NGHTTP2_INTERNAL_ERROR });
    expect(String(mistake)).toContain(message);
  });

  test('an early answer ends the upload without harm to it', async () => {
    const { session } = await serve((exchange) => exchange.respond(403, [], 'no'));
    const answer = await ask(session, post('/'), Buffer.alloc(2_000_000));
    expect(answer).toMatchObject({ status: 403, reset: 0 });
    expect(answer.body.toString()).toBe('no');
  });

  test('a stream cannot be taken over', async () => {
    let mistake: unknown;
    const { session } = await serve((exchange) => {
      try {
        exchange.takeOver(101, '', []);
      } catch (error) {
        mistake = error;
      }
      exchange.respond(501, [], '');
    });
    expect(await ask(session, get('/'))).toMatchObject({ status: 501 });
    expect(String(mistake)).toContain('HTTP/2');
  });
});

describe('clients that go away', () => {
  test('the handler and the body hear of it once', async () => {
    const heard: string[] = [];
    const begun = Promise.withResolvers<void>();
    const { session } = await serve((exchange) => {
      exchange.onAbort = () => heard.push('abort');
      collect(
        exchange,
        () => heard.push('end'),
        () => heard.push('error'),
      );
      begun.resolve();
    });
    const stream = session.request(post('/'), { endStream: false, waitForTrailers: true });
    stream.on('error', () => undefined);
    stream.write('half');
    await begun.promise;
    stream.close(constants.NGHTTP2_CANCEL);
    await expect.poll(() => heard).toEqual(['error', 'abort']);
  });

  test('a broken connection ends all its exchanges', async () => {
    let aborted = 0;
    let begun = 0;
    const { session } = await serve((exchange) => {
      begun++;
      exchange.onAbort = () => aborted++;
    });
    for (let at = 0; at < 5; at++) session.request(get('/')).on('error', () => undefined);
    await expect.poll(() => begun).toBe(5);
    session.socket.destroy();
    await expect.poll(() => aborted).toBe(5);
  });
});

describe('limits and abuse', () => {
  test('requests per connection', async () => {
    const { session } = await serve(echo, { maxRequestsPerConnection: 2 });
    const gone = once(session, 'goaway');
    expect(await ask(session, get('/'))).toMatchObject({ status: 200 });
    expect(await ask(session, get('/'))).toMatchObject({ status: 200 });
    expect((await gone)[0]).toBe(constants.NGHTTP2_NO_ERROR);
  });

  test('closeAfter ends the connection after the answer', async () => {
    const { session } = await serve((exchange) => {
      exchange.closeAfter();
      exchange.respond(200, [], 'bye');
    });
    const closed = once(session, 'close');
    expect((await ask(session, get('/'))).body.toString()).toBe('bye');
    await closed;
  });

  test('more than 250 streams at a time are refused', async () => {
    let reached = 0;
    const { port } = await serve(() => void reached++);
    const requests = Array.from({ length: 260 }, (_, at) =>
      frame(HEADERS, END, 2 * at + 1, block(':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'a')),
    );
    const socket = opened.socket(port);
    let got = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => (got = Buffer.concat([got, chunk])));
    socket.write(Buffer.concat([Buffer.from(PREFACE), frame(SETTINGS, 0, 0), ...requests]));
    await expect.poll(() => got.includes(frame(RST_STREAM, 0, 519, Buffer.from([0, 0, 0, 7])))).toBe(true);
    expect(reached).toBe(250);
  });

  const abuse: [string, (at: number) => Buffer][] = [
    [
      'requests that are reset at once',
      (at) => {
        const open = frame(HEADERS, END, 2 * at + 1, block(':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'a'));
        return Buffer.concat([open, frame(RST_STREAM, 0, 2 * at + 1, Buffer.from([0, 0, 0, 8]))]);
      },
    ],
    ['pings', () => frame(PING, 0, 0, Buffer.alloc(8))],
    ['settings', () => frame(SETTINGS, 0, 0)],
  ];
  test.each(abuse)('a flood of %s ends the connection', async (name, make) => {
    let reached = 0;
    const { port } = await serve(() => void reached++);
    const socket = opened.socket(port);
    let got = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => (got = Buffer.concat([got, chunk])));
    socket.write(Buffer.concat([Buffer.from(PREFACE), frame(SETTINGS, 0, 0)]));
    for (let at = 0; at < 3000 && !socket.destroyed; at++) socket.write(make(at));
    await once(socket, 'close');
    const goAway = got.lastIndexOf(Buffer.from([GOAWAY, 0, 0, 0, 0, 0]));
    expect(goAway).toBeGreaterThan(0);
    expect(got.readUInt32BE(goAway + 10)).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    expect(reached).toBeLessThan(name.startsWith('requests') ? 1000 : 1);
  });

  test('an endless header block ends the connection', async () => {
    const { port } = await serve(echo);
    const start = frame(HEADERS, 1, 1, block(':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'a'));
    const more = frame(9, 0, 1, block('x-a', 'b'));
    const answer = await rawTalk(
      opened,
      port,
      Buffer.concat([Buffer.from(PREFACE), frame(SETTINGS, 0, 0), start, ...Array.from({ length: 2000 }, () => more)]),
    );
    expect(answer).not.toContain(':status');
  });

  test('what is not HTTP/2 after the preface ends the connection', async () => {
    const { port } = await serve(echo);
    const answer = await rawTalk(opened, port, `${PREFACE}GET / HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(answer).not.toContain('HTTP/1.1 200');
  });
});

describe('time-outs', () => {
  test('an idle connection is closed with GOAWAY', async () => {
    const { session } = await serve(echo, { keepAliveTimeout: 50 });
    const [code] = await once(session, 'goaway');
    expect(code).toBe(constants.NGHTTP2_NO_ERROR);
  });

  test('a body that stalls is answered with 408', async () => {
    const refusals: WireRefusal[] = [];
    const { session } = await serve((exchange) => collect(exchange, () => undefined), { bodyTimeout: 60 }, refusals);
    const stream = session.request(post('/'), { endStream: false });
    stream.on('error', () => undefined);
    stream.write('half');
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    expect(headers[':status']).toBe(408);
    expect(refusals).toMatchObject([{ code: 'BODY_TIMEOUT' }]);
  });

  test('a client that does not read its answer is cut off', async () => {
    let aborted = 0;
    const { session } = await serve(
      (exchange) => {
        exchange.onAbort = () => aborted++;
        exchange.start(200, '', [], -1);
        exchange.write(Buffer.alloc(2_000_000));
      },
      { writeTimeout: 100 },
    );
    const stream = session.request(get('/'));
    stream.on('error', () => undefined);
    stream.pause();
    await once(stream, 'response');
    await expect.poll(() => aborted).toBe(1);
  });

  test('half a preface does not hold a connection', async () => {
    const { port } = await serve(echo, { headTimeout: 50, keepAliveTimeout: 50 });
    expect(await rawTalk(opened, port, PREFACE.slice(0, 10))).toBe('');
  });
});
