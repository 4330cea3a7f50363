import { once } from 'node:events';
import { createSecureContext } from 'node:tls';
import { randomBytes } from 'node:crypto';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import type { ClientHello, ExchangeHandler, TlsChoice, TlsInfo, WireRefusal } from '../src/index.ts';
import { contextOf, pem } from './certificates.ts';
import { ask, get, Opened, rawTalk } from './peers.ts';

const opened = new Opened();
afterEach(() => opened.closeAll());

const answerOk: ExchangeHandler = (exchange) => exchange.respond(200, ['Content-Type', 'text/plain'], `${exchange.head.version} ${exchange.head.target}`);

function choice(name = 'server', more: Partial<TlsChoice> = {}): TlsChoice {
  return { context: contextOf(name), requestCert: false, alpn: ['h2', 'http/1.1'], ...more };
}

async function dial(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', rejectUnauthorized: false, ...options });
  opened.add(() => socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

/** Sends one HTTP/1.1 request over TLS and waits for the answer. */
async function talk(socket: TLSSocket, path = '/'): Promise<string> {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
}

describe('plain ports', () => {
  test('HTTP/1.1 and HTTP/2 with prior knowledge on one port', async () => {
    const { port } = await opened.listen(answerOk);
    expect(await (await fetch(`http://127.0.0.1:${port}/one`)).text()).toBe('1.1 /one');
    expect((await ask(opened.session(port), get('/two'))).body.toString()).toBe('2.0 /two');
  });

  test('without h2c the preface is an HTTP/1.1 request like any other, and refused', async () => {
    const { port } = await opened.listen(answerOk, { h2c: false });
    expect(await rawTalk(opened, port, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')).toMatch(/^HTTP\/1\.1 (400|505) /);
  });

  test('requests that begin like the preface are not taken for it', async () => {
    const { port } = await opened.listen(answerOk);
    for (const method of ['P', 'PR', 'PRI', 'PRIME', 'PUT']) {
      const socket = opened.socket(port);
      let got = '';
      socket.on('data', (chunk: Buffer) => (got += chunk.toString()));
      for (const char of `${method} /p HTTP/1.1\r\nHost: a\r\n\r\n`) socket.write(char);
      await expect.poll(() => got).toContain('1.1 /p');
    }
  });

  test('an upgrade to h2c is answered as HTTP/1.1', async () => {
    const { port } = await opened.listen(answerOk);
    const answer = await rawTalk(
      opened,
      port,
      'GET /up HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  test('TLS bytes are refused by the HTTP parser', async () => {
    const { port } = await opened.listen(answerOk);
    expect(await rawTalk(opened, port, Buffer.from([22, 3, 1, 0, 5, 1, 0, 0, 1, 0, 13, 10, 13, 10]))).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('two listeners share a port with reusePort', async () => {
    const first = await opened.listen(answerOk, { reusePort: true });
    const second = await opened.listen(answerOk, { reusePort: true, port: first.port });
    expect(second.port).toBe(first.port);
    for (let at = 0; at < 4; at++) expect((await fetch(`http://127.0.0.1:${first.port}/`, { headers: { connection: 'close' } })).status).toBe(200);
  });

  test('a port in use is an error that names it', async () => {
    const { port } = await opened.listen(answerOk);
    await expect(opened.listen(answerOk, { port })).rejects.toThrow(`EADDRINUSE: address already in use 127.0.0.1:${port}`);
  });
});

describe('closing', () => {
  test('idle connections are closed, requests under way are finished', async () => {
    const waiting: (() => void)[] = [];
    const listener = await opened.listen((exchange) => {
      if (exchange.head.target === '/slow') waiting.push(() => exchange.respond(200, [], 'slow'));
      else exchange.respond(200, [], 'quick');
    });
    const idle = opened.socket(listener.port);
    idle.write('GET /quick HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(idle, 'data');
    const one = rawTalk(opened, listener.port, 'GET /slow HTTP/1.1\r\nHost: a\r\n\r\n');
    const two = ask(opened.session(listener.port), get('/slow'));
    await expect.poll(() => waiting.length).toBe(2);
    expect(listener.connections).toBe(3);
    const closed = listener.close(10_000);
    await once(idle, 'close');
    for (const answer of waiting) answer();
    expect(await one).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*Connection: close\r\n[^]*slow$/);
    expect((await two).body.toString()).toBe('slow');
    await closed;
    expect(listener.connections).toBe(0);
  });

  test('after the time of grace the rest is broken off', async () => {
    const heard: string[] = [];
    const listener = await opened.listen((exchange) => {
      exchange.onAbort = () => heard.push(exchange.head.version);
    });
    const one = rawTalk(opened, listener.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const two = ask(opened.session(listener.port), get('/'));
    const silent = opened.socket(listener.port);
    await once(silent, 'connect');
    await expect.poll(() => listener.connections).toBe(3);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await listener.close(20);
    expect(listener.connections).toBe(0);
    expect(heard.toSorted()).toEqual(['1.1', '2.0']);
    expect(await one).toBe('');
    await two;
  });
});

describe('TLS ports', () => {
  test('HTTP/2 where ALPN agrees on it, else HTTP/1.1', async () => {
    const { port } = await opened.listen(answerOk, { tls: () => choice() });
    const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
    opened.add(() => session.destroy());
    expect((await ask(session, get('/two'))).body.toString()).toBe('2.0 /two');
    expect(await talk(await dial(port, { ALPNProtocols: ['http/1.1'] }))).toContain('1.1 /');
    expect(await talk(await dial(port))).toContain('1.1 /');
  });

  test('the certificate is chosen by what the client says', async () => {
    const hellos: ClientHello[] = [];
    const { port } = await opened.listen(answerOk, {
      tls: (hello) => {
        hellos.push(hello);
        return choice(hello.servername === 'second.golden.test' ? 'server2' : 'server');
      },
    });
    const [first, second] = [await dial(port, { servername: 'LocalHost' }), await dial(port, { servername: 'second.golden.test', ALPNProtocols: ['h2'] })];
    expect([first.getPeerCertificate().subject.CN, second.getPeerCertificate().subject.CN]).toEqual(['localhost', 'second.golden.test']);
    expect(hellos).toMatchObject([
      { servername: 'localhost', alpn: [] },
      { servername: 'second.golden.test', alpn: ['h2'] },
    ]);
  });

  test('no choice ends the handshake with the alert unrecognized_name', async () => {
    const refusals: WireRefusal[] = [];
    const { port } = await opened.listen(answerOk, { tls: () => undefined }, {}, { refused: (refusal) => void refusals.push(refusal) });
    await expect(dial(port)).rejects.toThrow(/unrecognized name|alert number 112/);
    expect(refusals).toMatchObject([{ code: 'TLS_HANDSHAKE', message: 'no certificate for the server name "localhost"' }]);
  });

  test('plain HTTP gets the answer that Go servers give, in whatever pieces it comes', async () => {
    const { port } = await opened.listen(answerOk, { tls: () => choice() });
    const expected = 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n';
    expect(await rawTalk(opened, port, 'GET /li-a/x HTTP/1.1\r\nHost: localhost\r\n\r\n')).toBe(expected);
    const socket = opened.socket(port);
    let got = '';
    socket.on('data', (chunk: Buffer) => (got += chunk.toString()));
    for (const char of 'HEAD / HT') socket.write(char);
    await once(socket, 'close');
    expect(got).toBe(expected);
  });

  test('what is neither TLS nor HTTP gets an alert', async () => {
    const { port } = await opened.listen(answerOk, { tls: () => choice() });
    expect(Buffer.from(await rawTalk(opened, port, Buffer.from([0, 1, 2, 3, 4, 5])), 'latin1')).toEqual(Buffer.from([21, 3, 3, 0, 2, 2, 10]));
  });

  test('a handshake that stalls is given up', async () => {
    const { port } = await opened.listen(answerOk, { tls: () => choice() }, { headTimeout: 60 });
    expect(await rawTalk(opened, port, Buffer.from([22, 3, 1, 2, 0, 1, 0, 1]))).toBe('');
  });

  test('a client that breaks the handshake off is reported and forgotten', async () => {
    const refusals: WireRefusal[] = [];
    const listener = await opened.listen(answerOk, { tls: () => choice() }, {}, { refused: (refusal) => void refusals.push(refusal) });
    await expect(dial(listener.port, { rejectUnauthorized: true })).rejects.toThrow(/certificate|issuer/);
    await expect.poll(() => listener.connections).toBe(0);
    await expect(dial(listener.port, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toThrow(/version|alert/);
    await expect.poll(() => listener.connections).toBe(0);
    expect(refusals.every(({ code }) => code === 'TLS_HANDSHAKE')).toBe(true);
  });

  test('what is known of the client certificate', async () => {
    const infos: (TlsInfo | undefined)[] = [];
    const context = contextOf('server', { ca: pem('ca.pem') });
    const { port } = await opened.listen(
      (exchange) => {
        infos.push(exchange.connection.tls);
        answerOk(exchange);
      },
      { tls: () => choice('server', { context, requestCert: true }) },
    );
    await talk(await dial(port, { cert: pem('client1.pem'), key: pem('client1.key') }));
    await talk(await dial(port, { cert: pem('stranger.pem'), key: pem('stranger.key') }));
    await talk(await dial(port));
    expect(infos.map((info) => info?.authorized)).toEqual([true, false, false]);
    expect(infos.map((info) => info?.peerCertificate()?.subject.CN !== undefined)).toEqual([true, true, false]);
    expect(infos[0]).toMatchObject({ servername: 'localhost', protocol: 'TLSv1.3', sessionReused: false });
  });

  test('sessions are resumed on another listener with the same ticket keys', async () => {
    const ticketKeys = randomBytes(48);
    const reused: boolean[] = [];
    const open = async (): Promise<number> => {
      const context = createSecureContext({ cert: pem('server.pem'), key: pem('server.key'), ticketKeys });
      const handler: ExchangeHandler = (exchange) => {
        reused.push(exchange.connection.tls?.sessionReused ?? false);
        answerOk(exchange);
      };
      return (await opened.listen(handler, { tls: () => choice('server', { context }) })).port;
    };
    const [first, second] = [await open(), await open()];
    const socket = await dial(first);
    const ticket = once(socket, 'session');
    await talk(socket);
    const [session] = (await ticket) as [Buffer];
    await talk(await dial(second, { session }));
    expect(reused).toEqual([false, true]);
  });
});
