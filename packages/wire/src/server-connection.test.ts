import type { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { eventually, RawClient, wireServer } from './peers.ts';
import { BodyError } from './refusals.ts';
import type { BodySink, Fields, ServerExchange } from './types.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const LAST = 'GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const post = (lines: string, body: string): string => `POST / HTTP/1.1\r\nHost: a\r\n${lines}\r\n${body}`;

const withoutDate = (text: string): string => text.replaceAll(/Date: [^\r]+GMT\r\n/g, '');
const ok = (exchange: ServerExchange): void => exchange.respond(200, [], exchange.head.target);

/** Collects a body. */
class Collected implements BodySink {
  text = '';
  trailers: Fields | undefined = undefined;
  error: Error | undefined = undefined;
  ended = false;
  private readonly atEnd: (body: Collected) => void;

  constructor(atEnd: (body: Collected) => void = () => undefined) {
    this.atEnd = atEnd;
  }

  onData(chunk: Buffer): void {
    this.text += chunk.toString('latin1');
  }

  onEnd(trailers: Fields | undefined): void {
    this.trailers = trailers;
    this.ended = true;
    this.atEnd(this);
  }

  onError(error: Error): void {
    this.error = error;
  }
}

const echo = (exchange: ServerExchange): void => exchange.readBody(new Collected((body) => exchange.respond(200, [], body.text)));

describe('an answer', () => {
  async function answerTo(request: string, handler: (exchange: ServerExchange) => void): Promise<string> {
    await using server = await wireServer(handler);
    using client = new RawClient(server.port);
    return withoutDate(await client.send(request).toEnd());
  }

  it('has Date, Content-Length and Connection from the engine', async () => {
    await using server = await wireServer((exchange) => exchange.respond(200, ['X-A', '1'], 'hello'));
    using client = new RawClient(server.port);
    const text = await client.send(LAST).toEnd();
    expect(text).toMatch(
      /^HTTP\/1\.1 200 OK\r\nX-A: 1\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello$/,
    );
  });

  it('keeps the Date that the caller gives', async () => {
    expect(await answerTo(LAST, (exchange) => exchange.respond(200, ['date', 'then'], ''))).toContain('date: then\r\nContent-Length: 0\r\n');
  });

  it('counts bytes, not characters', async () => {
    const text = await answerTo(LAST, (exchange) => exchange.respond(200, [], 'grüß'));
    expect(text).toContain('Content-Length: 6\r\n');
    expect(Buffer.from(text, 'latin1').toString('utf8')).toContain('grüß');
  });

  it('with a large body is complete', async () => {
    const body = Buffer.alloc(3_000_000, 'x');
    const text = await answerTo(LAST, (exchange) => exchange.respond(200, [], body));
    expect(text.length - text.indexOf('\r\n\r\n') - 4).toBe(body.length);
  });

  it('to HEAD has the length and no body', async () => {
    const head = 'HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    expect(await answerTo(head, (exchange) => exchange.respond(200, [], 'hello'))).toBe('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n');
    const streamed = (exchange: ServerExchange): void => {
      exchange.start(200, '', [], 50);
      exchange.write(Buffer.from('left out'));
      exchange.end();
    };
    expect(await answerTo(head, streamed)).toBe('HTTP/1.1 200 OK\r\nContent-Length: 50\r\nConnection: close\r\n\r\n');
  });

  it('204 and 304 have no body', async () => {
    expect(await answerTo(LAST, (exchange) => exchange.respond(204, [], 'x'))).toBe('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n');
    expect(await answerTo(LAST, (exchange) => exchange.respond(304, [], ''))).toBe('HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n');
    expect(await answerTo(LAST, (exchange) => exchange.respond(304, [], 'four'))).toContain('Content-Length: 4\r\n');
  });

  it('of unknown length is chunked, with trailers', async () => {
    const text = await answerTo(LAST, (exchange) => {
      exchange.start(200, 'Fine', [], -1);
      exchange.write(Buffer.from('hello '));
      exchange.write(Buffer.alloc(0));
      exchange.write(Buffer.from('world'));
      exchange.end(['X-Sum', '11']);
    });
    expect(text).toBe('HTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n6\r\nhello \r\n5\r\nworld\r\n0\r\nX-Sum: 11\r\n\r\n');
  });

  it('of unknown length ends with the connection for HTTP/1.0', async () => {
    const text = await answerTo('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n', (exchange) => {
      exchange.start(200, '', [], -1);
      exchange.write(Buffer.from('hello'));
      exchange.end(['X-Sum', '5']);
    });
    expect(text).toBe('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello');
  });

  it('goes out before its body comes', async () => {
    await using server = await wireServer((exchange) => exchange.start(200, '', [], 5));
    using client = new RawClient(server.port);
    await client.send(GET).until(({ received }) => received.endsWith('\r\n\r\n'));
  });

  it('shorter than announced breaks the connection', async () => {
    await using server = await wireServer((exchange) => {
      exchange.start(200, '', [], 5);
      exchange.write(Buffer.from('abc'));
      setTimeout(() => exchange.end(), 20);
    });
    using client = new RawClient(server.port);
    await client.send(GET).until(({ closed }) => closed);
    expect(client.received.endsWith('\r\n\r\nabc')).toBe(true);
  });

  it('longer than announced throws', async () => {
    const errors: unknown[] = [];
    await answerTo(LAST, (exchange) => {
      exchange.start(200, '', [], 2);
      try {
        exchange.write(Buffer.from('abc'));
      } catch (error) {
        errors.push(error);
      }
      exchange.abort();
    });
    expect(String(errors[0])).toContain('longer than announced');
  });

  it('refuses fields that would split it or that are the engine’s', async () => {
    const bad: Fields[] = [
      ['X', 'a\r\nSet-Cookie: b'],
      ['X', 'a\nb'],
      ['X', 'a\0b'],
      ['X\r\nY', 'a'],
      ['X:', 'a'],
      ['', 'a'],
      ['X', '\u010a'],
      ['Content-Length', '3'],
      ['transfer-encoding', 'chunked'],
      ['CONNECTION', 'close'],
      ['Keep-Alive', 'x'],
    ];
    const messages: string[] = [];
    await answerTo(LAST, (exchange) => {
      for (const fields of bad) {
        try {
          exchange.respond(200, fields, '');
        } catch (error) {
          messages.push(String(error));
        }
      }
      exchange.respond(200, [], 'fine');
    });
    expect(messages).toHaveLength(bad.length);
  });

  it('refuses reasons and states that are wrong', async () => {
    const thrown: string[] = [];
    const attempt = (what: () => void): void => {
      try {
        what();
      } catch (error) {
        thrown.push(String(error));
      }
    };
    await answerTo(LAST, (exchange) => {
      attempt(() => exchange.start(200, 'a\r\nb', [], 0));
      attempt(() => exchange.start(99, '', [], 0));
      attempt(() => exchange.start(1000, '', [], 0));
      attempt(() => exchange.start(103, '', [], 0));
      attempt(() => exchange.inform(200, []));
      attempt(() => exchange.write(Buffer.from('x')));
      attempt(() => exchange.end());
      attempt(() => exchange.takeOver(200, '', []));
      exchange.start(200, '', [], 0);
      attempt(() => exchange.start(200, '', [], 0));
      attempt(() => exchange.respond(200, [], ''));
      attempt(() => exchange.takeOver(101, '', []));
      exchange.end();
    });
    expect(thrown).toHaveLength(11);
  });

  it('comes after interim ones, which HTTP/1.0 does not get', async () => {
    const handler = (exchange: ServerExchange): void => {
      exchange.inform(103, ['Link', '</x>']);
      exchange.respond(200, [], '');
    };
    expect(await answerTo(LAST, handler)).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nLink: <\/x>\r\n\r\nHTTP\/1\.1 200 OK/);
    expect(await answerTo('GET / HTTP/1.0\r\n\r\n', handler)).toMatch(/^HTTP\/1\.1 200 OK/);
  });
});

describe('a connection', () => {
  it.each([
    ['HTTP/1.1', GET, true],
    ['HTTP/1.1 with close', 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', false],
    ['HTTP/1.1 with close in a list', 'GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n', false],
    ['HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n', false],
    ['HTTP/1.0 with keep-alive', 'GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n', true],
    ['an empty Host', 'GET / HTTP/1.1\r\nHost:\r\n\r\n', true],
    ['CONNECT that is not granted', 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n', false],
  ])('after %s is kept or closed', async (_name, request, kept) => {
    await using server = await wireServer(ok);
    using client = new RawClient(server.port);
    await client.send(request).until(({ received }) => received.includes('\r\n\r\n'));
    expect(client.received.includes('Connection: close')).toBe(!kept);
    if (kept) client.send(LAST);
    expect((await client.toEnd()).includes('/last')).toBe(kept);
  });

  it('tells HTTP/1.0 clients that it is kept', async () => {
    await using server = await wireServer(ok);
    using client = new RawClient(server.port);
    await client.send('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n').until(({ received }) => received.includes('Connection: keep-alive\r\n'));
  });

  it('answers pipelined requests in order, one at a time', async () => {
    let open = 0;
    let most = 0;
    await using server = await wireServer((exchange) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open--;
        exchange.respond(200, [], `<${exchange.head.target}>`);
      }, 5);
    });
    using client = new RawClient(server.port);
    const targets = Array.from({ length: 20 }, (_, index) => `/${index}`);
    client.send(targets.map((target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`).join('') + LAST);
    const text = await client.toEnd();
    expect([...text.matchAll(/<([^>]+)>/g)].map(([, target]) => target)).toEqual([...targets, '/last']);
    expect(most).toBe(1);
  });

  it('stops reading ahead beyond its bound', async () => {
    await using server = await wireServer(() => undefined, { maxHeadBytes: 1000, maxPipelined: 2 });
    using client = new RawClient(server.port);
    client.send(GET);
    client.socket.write(Buffer.alloc(20_000_000, GET));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(client.socket.writableLength).toBeGreaterThan(0);
  });

  it('closes after so many requests', async () => {
    await using server = await wireServer(ok, { maxRequestsPerConnection: 3 });
    using client = new RawClient(server.port);
    const text = await client.send(GET + GET + GET + GET).toEnd();
    expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(3);
    expect(text.match(/Connection: close/g)).toHaveLength(1);
  });

  it('closes where closeAfter or the hooks say so', async () => {
    await using first = await wireServer((exchange) => {
      exchange.closeAfter();
      exchange.respond(200, [], '');
    });
    using client = new RawClient(first.port);
    expect(await client.send(GET + GET).toEnd()).toMatch(/Connection: close\r\n\r\n$/);
    await using second = await wireServer(ok, {}, { closeConnections: true });
    using other = new RawClient(second.port);
    expect(await other.send(GET).toEnd()).toContain('Connection: close\r\n');
  });

  it('answers pipelined requests after the client closed its half', async () => {
    await using server = await wireServer((exchange) => void setTimeout(() => exchange.respond(200, [], 'late'), 30));
    using client = new RawClient(server.port);
    client.send(GET + GET);
    client.socket.end();
    const text = await client.toEnd();
    expect(text.match(/late/g)).toHaveLength(2);
    await eventually(() => client.closed);
  });

  it('gives up a request whose client closed, as nobody waits for its answer', async () => {
    let aborted = false;
    await using server = await wireServer((exchange) => (exchange.onAbort = (): void => void (aborted = true)));
    using client = new RawClient(server.port);
    client.send(GET);
    await eventually(() => server.connections.at(-1)?.idle === false);
    client.socket.end();
    await eventually(() => aborted && client.closed);
  });

  it('takes heads and bodies split anywhere', async () => {
    await using server = await wireServer(echo);
    using client = new RawClient(server.port);
    await client.sendInPieces(post('Content-Length: 5\r\n', 'hello') + post('Transfer-Encoding: chunked\r\n', '3;a=b\r\nabc\r\n0\r\nX: 1\r\n\r\n') + LAST);
    const text = await client.toEnd();
    expect(text).toMatch(/\r\n\r\nhelloHTTP[^]+\r\n\r\nabcHTTP/);
  });

  it('takes bytes that were read before it', async () => {
    await using server = await wireServer((exchange) => exchange.respond(200, [], exchange.head.authority));
    using client = new RawClient(server.port);
    await client.send('GET http://Other.example:81/x HTTP/1.1\r\nHost: a\r\n\r\n').until(({ received }) => received.endsWith('Other.example:81'));
  });
});

describe('draining', () => {
  it('ends idle connections at once and busy ones after their answer', async () => {
    let held: ServerExchange | undefined;
    await using server = await wireServer((exchange) => {
      held = exchange;
    });
    using idle = new RawClient(server.port);
    await eventually(() => server.connections.length === 1);
    using busy = new RawClient(server.port);
    busy.send(GET);
    await eventually(() => held !== undefined);
    expect(server.connections.map((connection) => connection.idle)).toEqual([true, false]);
    let closed = 0;
    for (const connection of server.connections) {
      connection.onClosed = (): void => void closed++;
      connection.close(true);
    }
    await idle.toEnd();
    held?.respond(200, [], 'done');
    expect(await busy.toEnd()).toMatch(/Connection: close\r\n\r\ndone$/);
    idle.socket.end();
    busy.socket.end();
    await eventually(() => closed === 2);
  });

  it('lets a head that has begun be answered', async () => {
    await using server = await wireServer(ok);
    using client = new RawClient(server.port);
    client.send('GET / HTTP/1.1\r\nHo');
    await eventually(() => server.connections[0]?.idle === false);
    server.connections[0]?.close(true);
    expect(await client.send('st: a\r\n\r\n').toEnd()).toContain('Connection: close');
  });

  it('without grace breaks off and tells the handler', async () => {
    let aborted = 0;
    await using server = await wireServer((exchange) => {
      exchange.onAbort = (): void => void aborted++;
    });
    using client = new RawClient(server.port);
    client.send(GET);
    await eventually(() => server.connections[0]?.idle === false);
    server.connections[0]?.close(false);
    await eventually(() => aborted === 1 && client.ended);
  });
});

describe('a request body', () => {
  it('comes with its trailers', async () => {
    let body: Collected | undefined;
    await using server = await wireServer((exchange) => {
      body = new Collected(() => exchange.respond(200, [], ''));
      exchange.readBody(body);
    });
    using client = new RawClient(server.port);
    await client.send(post('Transfer-Encoding: Chunked\r\nConnection: close\r\n', 'A\r\n0123456789\r\n0\r\nX-End: yes\r\nx-end: no\r\n\r\n')).toEnd();
    expect(body).toMatchObject({ text: '0123456789', trailers: ['X-End', 'yes', 'x-end', 'no'] });
  });

  it('is asked for by 100 Continue when it is read', async () => {
    let held: ServerExchange | undefined;
    await using server = await wireServer((exchange) => {
      held = exchange;
    });
    using client = new RawClient(server.port);
    client.send(post('Expect: 100-Continue\r\nContent-Length: 3\r\n', ''));
    await eventually(() => held !== undefined);
    expect(client.received).toBe('');
    expect(held?.head.expectContinue).toBe(true);
    if (held !== undefined) echo(held);
    await client.until(({ received }) => received === 'HTTP/1.1 100 Continue\r\n\r\n');
    await client.send('abc').until(({ received }) => received.endsWith('abc'));
    expect(client.received).not.toContain('Connection: close');
  });

  it('that is not asked for ends the connection', async () => {
    await using server = await wireServer(ok);
    using client = new RawClient(server.port);
    const text = await client.send(post('Expect: 100-continue\r\nContent-Length: 3\r\n', '')).toEnd();
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*Connection: close\r\n/);
  });

  it('that nobody reads is drained, and the connection kept', async () => {
    await using server = await wireServer(ok);
    using client = new RawClient(server.port);
    client.send(post('Content-Length: 100000\r\n', ''));
    await client.until(({ received }) => received.includes('\r\n\r\n'));
    expect(client.received).not.toContain('close');
    client.send('x'.repeat(100_000) + post('Transfer-Encoding: chunked\r\n', '3\r\nabc\r\n0\r\n\r\n') + LAST);
    expect((await client.toEnd()).match(/HTTP\/1\.1 200/g)).toHaveLength(3);
  });

  it('that nobody reads and that is large closes the connection, after the answer was seen', async () => {
    await using server = await wireServer((exchange) => exchange.respond(413, [], 'too large'));
    using client = new RawClient(server.port);
    client.send(post('Content-Length: 3000000\r\n', 'x'.repeat(3_000_000)));
    const text = await client.toEnd();
    expect(text).toMatch(/^HTTP\/1\.1 413 [^]*Connection: close\r\n\r\ntoo large$/);
    expect(client.error).toBeUndefined();
  });

  it('may be answered before its end', async () => {
    let chunks = 0;
    await using server = await wireServer((exchange) => {
      const sink = new Collected(() => exchange.respond(200, [], 'whole'));
      sink.onData = (): void => {
        if (++chunks === 1) exchange.respond(200, [], 'early');
      };
      exchange.readBody(sink);
    });
    using client = new RawClient(server.port);
    client.send(post('Content-Length: 6\r\n', 'abc'));
    await client.until(({ received }) => received.endsWith('early'));
    expect((await client.send(`def${LAST}`).toEnd()).match(/early/g)).toHaveLength(1);
    expect(chunks).toBe(1);
  });

  it('stops where the sink is slow', async () => {
    let bytes = 0;
    let held: ServerExchange | undefined;
    await using server = await wireServer((exchange) => {
      held = exchange;
      exchange.readBody({
        onData: (chunk) => {
          bytes += chunk.length;
          return false;
        },
        onEnd: () => exchange.respond(200, [], String(bytes)),
        onError: () => undefined,
      });
    });
    using client = new RawClient(server.port);
    client.send(post('Connection: close\r\nContent-Length: 20000000\r\n', 'x'.repeat(20_000_000)));
    await eventually(() => bytes > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(bytes).toBeLessThanOrEqual(65_536);
    const pull = setInterval(() => held?.resumeBody(), 0);
    const text = await client.toEnd();
    clearInterval(pull);
    expect(text.endsWith('20000000')).toBe(true);
  });

  it('stops between chunks of one read', async () => {
    const parts: string[] = [];
    let held: ServerExchange | undefined;
    await using server = await wireServer((exchange) => {
      held = exchange;
      const onData = (chunk: Buffer): boolean => parts.push(chunk.toString()) < 0;
      exchange.readBody({ onData, onEnd: () => exchange.respond(200, [], 'end'), onError: () => undefined });
    });
    using client = new RawClient(server.port);
    client.send(post('Transfer-Encoding: chunked\r\n', '1\r\na\r\n1\r\nb\r\n0\r\n\r\n'));
    await eventually(() => parts.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(parts).toEqual(['a']);
    held?.resumeBody();
    await eventually(() => parts.length === 2);
    held?.resumeBody();
    await client.until(({ received }) => received.endsWith('end'));
  });

  it('cut off by the client is an error, then an abort', async () => {
    const calls: string[] = [];
    await using server = await wireServer((exchange) => {
      exchange.onAbort = (): void => void calls.push('abort');
      exchange.readBody({ onData: () => true, onEnd: () => calls.push('end'), onError: (error) => calls.push((error as BodyError).code) });
    });
    for (const leave of ['end', 'resetAndDestroy'] as const) {
      calls.length = 0;
      using client = new RawClient(server.port);
      client.send(post('Content-Length: 10\r\n', 'abc'));
      await eventually(() => server.connections.at(-1)?.idle === false);
      client.socket[leave]();
      await eventually(() => calls.length === 2);
      expect(calls).toEqual(['CLIENT_CLOSED', 'abort']);
    }
  });

  it('malformed in its middle is answered by the engine unless the handler does', async () => {
    await using server = await wireServer((exchange) => {
      exchange.readBody({
        onData: () => true,
        onEnd: () => undefined,
        onError: (error) => {
          if (exchange.head.target === '/own') exchange.respond((error as BodyError).status, [], 'own');
        },
      });
    });
    using client = new RawClient(server.port);
    const own = 'POST /own HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n';
    expect(await client.send(own).toEnd()).toMatch(/^HTTP\/1\.1 400 [^]*Connection: close\r\n\r\nown$/);
    using other = new RawClient(server.port);
    expect(await other.send(post('Transfer-Encoding: chunked\r\n', 'zz\r\n')).toEnd()).toMatch(/malformed chunk size$/);
  });

  it('is read once', async () => {
    let message = '';
    await using server = await wireServer((exchange) => {
      echo(exchange);
      try {
        echo(exchange);
      } catch (error) {
        message = String(error);
      }
    });
    using client = new RawClient(server.port);
    await client.send(post('Content-Length: 1\r\n', 'a')).until(({ received }) => received.endsWith('a'));
    expect(message).toContain('twice');
  });
});

describe('a slow or lost client', () => {
  it('makes write answer false until onDrain', async () => {
    let drained = 0;
    let sent = 0;
    await using server = await wireServer((exchange) => {
      exchange.start(200, '', [], -1);
      const pump = (): void => {
        do sent++;
        while (sent < 200 && exchange.write(Buffer.alloc(65_536, 'x')));
        if (sent >= 200) exchange.end();
      };
      exchange.onDrain = (): void => {
        drained++;
        pump();
      };
      pump();
    });
    using client = new RawClient(server.port);
    client.socket.pause();
    client.send(LAST);
    await eventually(() => sent > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sent).toBeLessThan(200);
    client.socket.resume();
    const text = await client.toEnd();
    expect(drained).toBeGreaterThan(0);
    expect(text.length).toBeGreaterThan(199 * 65_536);
    expect(text.endsWith('0\r\n\r\n')).toBe(true);
  });

  it('that resets aborts the exchange once', async () => {
    let aborted = 0;
    await using server = await wireServer((exchange) => {
      exchange.onAbort = (): void => void aborted++;
    });
    using client = new RawClient(server.port);
    client.send(GET);
    await eventually(() => server.connections[0]?.idle === false);
    client.socket.resetAndDestroy();
    await eventually(() => aborted === 1);
  });

  it('sees that an aborted answer is not complete', async () => {
    await using server = await wireServer((exchange) => {
      exchange.start(200, '', [], -1);
      exchange.write(Buffer.from('part'));
      setTimeout(() => exchange.abort(), 20);
    });
    using client = new RawClient(server.port);
    await client.send('GET / HTTP/1.0\r\n\r\n').until(({ received }) => received.endsWith('part'));
    await eventually(() => client.closed);
    expect((client.error as NodeJS.ErrnoException).code).toBe('ECONNRESET');
  });
});

describe('time-outs', () => {
  it('408 for a head that does not end', async () => {
    await using server = await wireServer(ok, { headTimeout: 60 });
    using client = new RawClient(server.port);
    expect(await client.send('GET / HT').toEnd()).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n[^]*408 Request Timeout$/);
    expect(server.refusals.map(({ code }) => code)).toEqual(['HEAD_TIMEOUT']);
  });

  it('408 for a body that stalls, not for one that is not read', async () => {
    await using server = await wireServer(
      (exchange) => {
        if (exchange.head.target === '/last') setTimeout(() => exchange.respond(200, [], 'late'), 250);
        else exchange.readBody(new Collected());
      },
      { bodyTimeout: 60 },
    );
    using client = new RawClient(server.port);
    expect(await client.send(post('Content-Length: 3\r\n', 'a')).toEnd()).toMatch(/^HTTP\/1\.1 408 /);
    using other = new RawClient(server.port);
    other.send('POST /last HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n');
    await other.until(({ received }) => received.endsWith('late'));
  });

  it('end idle connections without a word', async () => {
    await using server = await wireServer(ok, { keepAliveTimeout: 60 });
    using client = new RawClient(server.port);
    expect(await client.send(GET).toEnd()).toMatch(/\r\n\r\n\/$/);
    using silent = new RawClient(server.port);
    expect(await silent.toEnd()).toBe('');
  });

  it('end connections whose client takes nothing', async () => {
    let aborted = false;
    await using server = await wireServer(
      (exchange) => {
        exchange.onAbort = (): void => {
          aborted = true;
        };
        exchange.start(200, '', [], -1);
        const pump = (): void => {
          while (exchange.write(Buffer.alloc(1_000_000)));
        };
        exchange.onDrain = pump;
        pump();
      },
      { writeTimeout: 80 },
    );
    using client = new RawClient(server.port);
    client.socket.pause();
    client.send(GET);
    await eventually(() => aborted);
  });
});

describe('an upgrade', () => {
  const UPGRADE = 'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n\r\n';

  function echoStream(stream: Duplex): void {
    stream.on('error', () => stream.destroy());
    stream.pipe(stream);
  }

  it('gives the stream with what was read already', async () => {
    let protocol = '';
    await using server = await wireServer((exchange) => {
      protocol = exchange.head.upgrade;
      echoStream(exchange.takeOver(101, '', ['X-A', '1']));
    });
    using client = new RawClient(server.port);
    client.send(`${UPGRADE}first `);
    await client.until(({ received }) => received.endsWith('first '));
    await client.send('second').until(({ received }) => received.endsWith('first second'));
    expect(client.received).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\nX-A: 1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n/);
    expect(protocol).toBe('websocket');
    client.socket.end();
    await client.toEnd();
  });

  it('may come later and choose its protocol', async () => {
    await using server = await wireServer((exchange) => {
      setTimeout(() => echoStream(exchange.takeOver(101, 'Go', ['upgrade', 'Custom/1'])), 20);
    });
    using client = new RawClient(server.port);
    client.send(`${UPGRADE}early`);
    await client.until(({ received }) => received.endsWith('\r\n\r\nearly'));
    expect(client.received).toMatch(/^HTTP\/1\.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: Custom\/1\r\n\r\n/);
  });

  it('that is refused is an ordinary answer', async () => {
    await using server = await wireServer(ok);
    using client = new RawClient(server.port);
    expect(await client.send(UPGRADE + LAST).toEnd()).toContain('/last');
  });

  it('is not seen without its token, nor in HTTP/1.0', async () => {
    const seen: string[] = [];
    await using server = await wireServer((exchange) => {
      seen.push(exchange.head.upgrade);
      ok(exchange);
    });
    using client = new RawClient(server.port);
    client.send('GET / HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\n\r\nGET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n');
    await client.toEnd();
    expect(seen).toEqual(['', '']);
  });

  it('CONNECT is granted with 200', async () => {
    await using server = await wireServer((exchange) => echoStream(exchange.takeOver(200, 'Connection established', [])));
    using client = new RawClient(server.port);
    client.send('CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\nbytes');
    await client.until(({ received }) => received === 'HTTP/1.1 200 Connection established\r\n\r\nbytes');
  });
});
