import { describe, expect, it } from 'vitest';
import { BodyReader } from './framing.ts';
import { AnswerHeadReader, BAD, MORE, RequestHeadReader } from './head.ts';
import { MALFORMED_ANSWERS, MALFORMED_REQUESTS, TABLE_LIMITS } from './malformed.ts';
import { RawClient, rawServer, wireServer } from './peers.ts';
import { createPool, DEFAULT_POOL_LIMITS } from './pool.ts';
import { REFUSALS } from './refusals.ts';
import type { BodySink, UpstreamError } from './types.ts';

const NO_PARTS = { onPart: (): boolean => true };

/** The first refusal that reading these pieces meets. */
function refusalOf(pieces: Buffer[]): string {
  const heads = new RequestHeadReader(TABLE_LIMITS);
  const body = new BodyReader(TABLE_LIMITS);
  let inBody = false;
  for (const piece of pieces) {
    let at = 0;
    if (!inBody) {
      at = heads.feed(piece, 0);
      if (at === BAD) return heads.error ?? '';
      if (at === MORE) continue;
      inBody = true;
      if (heads.head?.contentLength === -1) body.beginChunked();
    }
    if (body.feed(piece, at, NO_PARTS) === BAD) return body.error ?? '';
  }
  return 'none';
}

function inPieces(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

describe('malformed requests', () => {
  it('are at least 150, each once', () => {
    expect(MALFORMED_REQUESTS.length + MALFORMED_ANSWERS.length).toBeGreaterThan(200);
    expect(new Set(MALFORMED_REQUESTS.map(([, bytes]) => bytes)).size).toBe(MALFORMED_REQUESTS.length);
  });

  it.each(MALFORMED_REQUESTS)('%s', (_name, text, code) => {
    const bytes = Buffer.from(text, 'latin1');
    expect(refusalOf([bytes])).toBe(code);
    for (const size of [1, 2, 3, 7, 1000]) expect(refusalOf(inPieces(bytes, size)), `in pieces of ${size}`).toBe(code);
  });

  it('get the answer of their row over a socket, and the connection ends', async () => {
    const ignoreBody: BodySink = { onData: () => true, onEnd: () => undefined, onError: () => undefined };
    await using server = await wireServer((exchange) => exchange.readBody(ignoreBody), TABLE_LIMITS);
    for (const [name, text, code] of MALFORMED_REQUESTS) {
      using client = new RawClient(server.port);
      client.send(text);
      const answer = await client.toEnd();
      const { status, text: body } = REFUSALS[code];
      expect(answer, name).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(answer, name).toContain('\r\nConnection: close\r\n');
      expect(answer.slice(answer.indexOf('\r\n\r\n') + 4), name).toBe(body);
      expect(server.refusals.at(-1)?.code, name).toBe(code);
    }
  });

  it('are refused over a socket byte by byte', async () => {
    await using server = await wireServer(
      (exchange) => exchange.readBody({ onData: () => true, onEnd: () => undefined, onError: () => undefined }),
      TABLE_LIMITS,
    );
    const short = MALFORMED_REQUESTS.filter(([, text]) => text.length < 100).filter((_, index) => index % 4 === 0);
    for (const [name, text, code] of short) {
      using client = new RawClient(server.port);
      await client.sendInPieces(text);
      await client.toEnd();
      expect(server.refusals.at(-1)?.code, name).toBe(code);
    }
  });
});

describe('malformed answers', () => {
  async function errorOf(text: string, size: number): Promise<UpstreamError> {
    await using upstream = await rawServer((socket) => {
      const bytes = Buffer.from(text, 'latin1');
      for (const piece of inPieces(bytes, size)) socket.write(piece);
    });
    const pool = createPool({ ...DEFAULT_POOL_LIMITS, ...TABLE_LIMITS });
    try {
      return await new Promise<UpstreamError>((resolve, reject) => {
        const request = { method: 'GET', path: '/', fields: ['Host', 'a'], contentLength: 0, upgrade: '', headTimeout: 0, repeatable: true };
        pool.request({ key: 'a', protocol: 'http', host: '127.0.0.1', port: upstream.port }, request, {
          onHead: () => undefined,
          onData: () => true,
          onEnd: () => reject(new Error('The answer was taken for good.')),
          onError: resolve,
        });
      });
    } finally {
      pool.close();
    }
  }

  it.each(MALFORMED_ANSWERS)('%s', async (_name, text, code) => {
    for (const size of [text.length, 1]) {
      if (size === 1 && text.length > 300) continue;
      const error = await errorOf(text, size);
      expect(error.code).toBe('BAD_ANSWER');
      expect(error.message).toContain(`(${code})`);
    }
  });

  it('are told from unfinished ones', () => {
    const heads = new AnswerHeadReader(TABLE_LIMITS);
    heads.begin('GET');
    expect(heads.feed(Buffer.from('HTTP/1.1 200 OK\r\nX: 1\r\n'), 0)).toBe(MORE);
  });
});
