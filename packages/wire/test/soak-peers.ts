import { createServer, request, type Agent, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { constants, type ClientHttp2Session } from 'node:http2';
import { connect, type Socket } from 'node:net';
import type { Dice } from './fuzz.ts';

/**
 * The upstream of the soak: `/echo` gives the body back, `/size/N` gives N bytes, `/die/N` breaks off after N bytes of an endless answer,
 * `/refuse` breaks off at once, `/empty` is 204; everything can be upgraded to an echo.
 */
export function soakUpstream(): Server {
  const server = createServer((incoming, outgoing) => serve(incoming, outgoing));
  server.on('upgrade', (_incoming, socket: Socket, first: Buffer) => {
    socket.on('error', () => socket.destroy());
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.write(first);
    socket.pipe(socket);
  });
  server.keepAliveTimeout = 60_000;
  return server;
}

function serve(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const [, kind = '', count = '0'] = (incoming.url ?? '').split('/');
  incoming.on('error', () => undefined);
  outgoing.on('error', () => undefined);
  if (kind === 'echo') {
    const length = incoming.headers['content-length'];
    if (length !== undefined) outgoing.setHeader('content-length', length);
    incoming.pipe(outgoing);
    return;
  }
  incoming.resume();
  if (kind === 'size') outgoing.end(Buffer.alloc(Number(count), 'x'));
  else if (kind === 'empty') outgoing.writeHead(204).end();
  else if (kind === 'refuse') incoming.socket.destroy();
  else if (kind === 'die') outgoing.write(Buffer.alloc(1 + Number(count), 'x'), () => incoming.socket.destroy());
  else outgoing.writeHead(404).end();
}

/** Where the soak's requests go, and by what. */
export interface SoakTarget {
  port: number;
  agent: Agent;
  session: () => ClientHttp2Session;
}

/** One visit; resolves to the number of requests made, throws when an answer is wrong. */
export type Visit = (target: SoakTarget, dice: Dice) => Promise<number>;

interface Exchange {
  method: string;
  path: string;
  body?: Buffer;
  chunked?: boolean;
  /** Give up after so many bytes of the answer, or of the request when negative. */
  abortAt?: number;
}

interface Got {
  status: number;
  body: Buffer;
  broken: boolean;
}

/** A request by node:http. */
function talk({ port, agent }: SoakTarget, { method, path, body, chunked = false, abortAt }: Exchange): Promise<Got> {
  return new Promise((resolve) => {
    const got: Got = { status: 0, body: Buffer.alloc(0), broken: false };
    const chunks: Buffer[] = [];
    const headers = body === undefined || chunked ? {} : { 'content-length': body.length };
    const outgoing = request({ port, host: '127.0.0.1', agent, method, path, headers });
    const done = (broken: boolean): void => resolve({ ...got, body: Buffer.concat(chunks), broken });
    outgoing.on('error', () => done(true));
    outgoing.on('close', () => done(true));
    outgoing.on('response', (incoming) => {
      got.status = incoming.statusCode ?? 0;
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (abortAt !== undefined && abortAt >= 0 && chunks.length > abortAt % 4) outgoing.destroy();
      });
      incoming.on('end', () => done(!incoming.complete));
      incoming.on('error', () => done(true));
    });
    if (body === undefined) {
      outgoing.end();
    } else if (abortAt !== undefined && abortAt < 0) {
      outgoing.write(body.subarray(0, -abortAt % (body.length + 1)), () => setImmediate(() => outgoing.destroy()));
    } else {
      const half = body.length >> 1;
      outgoing.write(body.subarray(0, half));
      outgoing.end(body.subarray(half));
    }
  });
}

function need(fits: boolean, what: string, got: unknown): void {
  if (!fits) throw new Error(`${what}: ${JSON.stringify(got).slice(0, 300)}`);
}

const bodyOf = (dice: Dice): Buffer => Buffer.alloc(1 + dice.below(dice.below(20) === 0 ? 300_000 : 3000), `${dice.below(1000)} `);

async function getSome(target: SoakTarget, dice: Dice): Promise<number> {
  const size = dice.below(dice.below(30) === 0 ? 200_000 : 2000);
  const got = await talk(target, { method: 'GET', path: `/size/${size}` });
  need(got.status === 200 && got.body.length === size, 'GET', [size, got.status, got.body.length]);
  return 1;
}

async function getNothing(target: SoakTarget, dice: Dice): Promise<number> {
  const head = dice.below(2) === 0;
  const got = await talk(target, head ? { method: 'HEAD', path: '/size/10' } : { method: 'GET', path: '/empty' });
  need(got.status === (head ? 200 : 204) && got.body.length === 0, 'HEAD or 204', got);
  return 1;
}

async function echo(target: SoakTarget, dice: Dice): Promise<number> {
  const body = bodyOf(dice);
  const got = await talk(target, { method: 'POST', path: '/echo', body, chunked: dice.below(2) === 0 });
  need(got.status === 200 && got.body.equals(body), 'echo', [body.length, got.status, got.body.length]);
  return 1;
}

async function clientAborts(target: SoakTarget, dice: Dice): Promise<number> {
  const upload = dice.below(2) === 0;
  const body = bodyOf(dice);
  await talk(
    target,
    upload
      ? { method: 'POST', path: '/echo', body, chunked: dice.below(2) === 0, abortAt: -1 - dice.below(body.length) }
      : { method: 'GET', path: '/size/400000', abortAt: dice.below(8) },
  );
  return 1;
}

async function upstreamAborts(target: SoakTarget, dice: Dice): Promise<number> {
  const early = dice.below(2) === 0;
  const got = await talk(target, early ? { method: 'POST', path: '/refuse', body: bodyOf(dice) } : { method: 'GET', path: `/die/${dice.below(100_000)}` });
  need(early ? got.status === 502 || got.broken : got.broken || got.status === 502, 'an answer that was broken off passed for complete', [
    got.status,
    got.broken,
    got.body.length,
  ]);
  return 1;
}

/** Raw bytes out, raw bytes back until a text fits. */
function raw(port: number, pieces: readonly string[], fits: (text: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    const done = (): void => {
      socket.destroy();
      resolve(text);
    };
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (fits(text)) done();
      else if (text.includes(' 101 ') && pieces[1] !== undefined) socket.write(pieces[1]);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
    socket.write(pieces[0] ?? '');
  });
}

async function pipeline({ port }: SoakTarget, dice: Dice): Promise<number> {
  const sizes = Array.from({ length: 2 + dice.below(4) }, () => dice.below(500));
  const last = sizes.length - 1;
  const text = await raw(
    port,
    [sizes.map((size, at) => `GET /size/${size} HTTP/1.1\r\nHost: a\r\n${at === last ? 'Connection: close\r\n' : ''}\r\n`).join('')],
    () => false,
  );
  const lengths = [...text.matchAll(/^Content-Length: ([0-9]+)\r$/gim)].map(([, length]) => Number(length));
  need(lengths.join() === sizes.join(), 'pipelined answers', [sizes, lengths, text.slice(0, 200)]);
  return sizes.length;
}

async function upgrade({ port }: SoakTarget, dice: Dice): Promise<number> {
  const message = `message ${dice.below(1_000_000)}`;
  const head = 'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
  const text = await raw(port, [head, message], (so) => so.endsWith(message));
  need(text.endsWith(message), 'upgrade', text);
  return 1;
}

async function malformed({ port }: SoakTarget, dice: Dice): Promise<number> {
  const text = await raw(
    port,
    [
      dice.one([
        'GARBAGE\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n',
        'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n',
      ]),
    ],
    () => false,
  );
  need(text.startsWith('HTTP/1.1 400 ') || text.startsWith('HTTP/1.1 502 '), 'malformed', text);
  return 1;
}

/** Over HTTP/2: an echo, or a stream that is reset at some point. */
function overHttp2({ session }: SoakTarget, dice: Dice): Promise<number> {
  const body = bodyOf(dice);
  const reset = dice.below(4) === 0;
  return new Promise((resolve, reject) => {
    const stream = session().request({ ':method': 'POST', ':path': '/echo' });
    let bytes = 0;
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => (bytes += chunk.length));
    stream.on('close', () => {
      // Requests that cross the GOAWAY of a session that is being renewed are refused unseen.
      if (reset || bytes === body.length || stream.rstCode === constants.NGHTTP2_REFUSED_STREAM) resolve(1);
      else reject(new Error(`HTTP/2 echo: ${bytes} of ${body.length} bytes, code ${stream.rstCode}`));
    });
    if (!reset) {
      stream.end(body);
      return;
    }
    stream.write(body);
    setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), dice.below(4));
  });
}

/** How often each kind of visit is made. */
export const VISITS: readonly (readonly [Visit, number])[] = [
  [getSome, 40],
  [getNothing, 10],
  [echo, 20],
  [clientAborts, 5],
  [upstreamAborts, 5],
  [pipeline, 5],
  [upgrade, 4],
  [malformed, 3],
  [overHttp2, 8],
];
