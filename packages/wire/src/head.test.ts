import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyReader } from './framing.ts';
import { AnswerHeadReader, BAD, MORE, RequestHeadReader } from './head.ts';
import { MALFORMED_REQUESTS, TABLE_LIMITS } from './malformed.ts';
import type { Fields, RequestHead } from './types.ts';
import { requestHead } from './upstream-exchange.ts';
import { chunkSize, fieldLines, lastChunk, statusLine } from './write.ts';

/** What reading a byte stream as requests leads to. */
interface Message {
  head: RequestHead;
  body: string;
  trailers: Fields | undefined;
}
interface Outcome {
  messages: Message[];
  error: string | undefined;
}

/** Reads pieces as a server does: heads and bodies in turn. */
function read(pieces: Buffer[]): Outcome {
  const heads = new RequestHeadReader(TABLE_LIMITS);
  const body = new BodyReader(TABLE_LIMITS);
  const messages: Message[] = [];
  let inBody = false;
  let text = '';
  const parts = {
    onPart: (chunk: Buffer, from: number, to: number): boolean => {
      text += chunk.toString('latin1', from, to);
      return true;
    },
  };
  const finish = (): void => {
    if (heads.head !== undefined) messages.push({ head: heads.head, body: text, trailers: heads.head.contentLength < 0 ? body.trailers : undefined });
    inBody = false;
    text = '';
    heads.next();
  };
  for (const piece of pieces) {
    let at = 0;
    while (at < piece.length) {
      if (inBody) {
        at = body.feed(piece, at, parts);
        if (at === BAD) return { messages, error: body.error };
        if (body.done) finish();
        continue;
      }
      at = heads.feed(piece, at);
      if (at === BAD) return { messages, error: heads.error };
      if (at === MORE) break;
      const length = heads.head?.contentLength ?? 0;
      inBody = length !== 0;
      if (length > 0) body.beginLength(length);
      else if (length < 0) body.beginChunked();
      else finish();
    }
  }
  return { messages, error: undefined };
}

function split(bytes: Buffer, cuts: number[]): Buffer[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

const tokenText = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,20}$/);
const valueText = fc
  .string({
    unit: fc
      .integer({ min: 32, max: 255 })
      .filter((code) => code !== 127)
      .map((code) => String.fromCharCode(code)),
    maxLength: 40,
  })
  .map((text) => text.replaceAll(/^[ \t]+|[ \t]+$/g, ''));
const RESERVED = /^(?:host|connection|content-length|transfer-encoding|upgrade|expect|keep-alive|proxy-connection|te|trailer)$/i;
const fieldList = fc
  .array(
    fc.tuple(
      tokenText.filter((name) => !RESERVED.test(name)),
      valueText,
    ),
    { maxLength: 12 },
  )
  .map((pairs) => pairs.flat());
const path = fc.string({ unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)), maxLength: 60 }).map((text) => `/${text}`);
const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array).toString('latin1'));

const request = fc.record({
  method: tokenText.filter((method) => method !== 'CONNECT'),
  path,
  fields: fieldList,
  body: fc.oneof(
    fc.constant(undefined),
    fc.record({
      chunks: fc.array(
        bytes.filter((text) => text !== ''),
        { maxLength: 5 },
      ),
      chunked: fc.boolean(),
      trailers: fieldList,
    }),
  ),
});
type Generated = typeof request extends fc.Arbitrary<infer T> ? T : never;

/** The bytes that our own writer makes of it. */
function written({ method, path: target, fields, body }: Generated): string {
  const text = body?.chunks.join('') ?? '';
  const contentLength = body === undefined ? 0 : body.chunked ? -1 : text.length;
  const head = requestHead({ method, path: target, fields: ['Host', 'a', ...fields], contentLength, upgrade: '', headTimeout: 0, repeatable: false });
  if (contentLength >= 0 || body === undefined) return `${head}\r\n${text}`;
  return `${head}\r\n${body.chunks.map((chunk) => `${chunkSize(chunk.length)}${chunk}\r\n`).join('')}${lastChunk(body.trailers)}`;
}

describe('request heads', () => {
  const headOf = (text: string): RequestHead | undefined => read([Buffer.from(text, 'latin1')]).messages[0]?.head;

  it('keep order, case and duplicates; blanks around values go', () => {
    expect(headOf('GET /a?b HTTP/1.1\r\nHOST: h\r\nb:  x y \t\r\nB:\r\nb: \xe4\r\n\r\n')).toEqual({
      method: 'GET',
      target: '/a?b',
      version: '1.1',
      fields: ['HOST', 'h', 'b', 'x y', 'B', '', 'b', '\xe4'],
      authority: 'h',
      contentLength: 0,
      upgrade: '',
      expectContinue: false,
    });
  });

  it.each([
    ['GET /#x HTTP/1.1\r\nHost: a\r\n\r\n', { target: '/#x' }],
    ['get / HTTP/1.1\r\nHost: a\r\n\r\n', { method: 'get' }],
    ['OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', { target: '*', authority: 'a' }],
    ['GET HTTP://b.example:81?q HTTP/1.1\r\nHost: a\r\n\r\n', { target: 'HTTP://b.example:81?q', authority: 'b.example:81' }],
    ['CONNECT b.example:443 HTTP/1.1\r\nHost: a\r\n\r\n', { authority: 'b.example:443' }],
    ['CONNECT /path HTTP/1.1\r\nHost: a\r\n\r\n', { target: '/path' }],
    ['GET / HTTP/1.0\r\n\r\n', { version: '1.0', authority: '' }],
    ['GET / HTTP/1.1\r\nHost:\r\n\r\n', { authority: '' }],
    ['GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n', { authority: '[::1]:80' }],
    ['PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n', { contentLength: 0 }],
    ['PUT / HTTP/1.1\r\nHost: a\r\ncontent-LENGTH: 007\r\nContent-Length: 7\r\n\r\n1234567', { contentLength: 7 }],
    ['PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\tCHUNKED \r\n\r\n0\r\n\r\n', { contentLength: -1 }],
    ['PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\nx', { expectContinue: true }],
    ['PUT / HTTP/1.0\r\nExpect: anything\r\nContent-Length: 1\r\n\r\nx', { expectContinue: false }],
    ['GET / HTTP/1.1\r\nHost: a\r\nConnection: a, UPGRADE\r\nUpgrade: H2C\r\nupgrade: WebSocket\r\n\r\n', { upgrade: 'h2c, websocket' }],
  ])('%j', (text, expected) => {
    expect(headOf(text)).toMatchObject(expected);
  });

  it('cost a bounded multiple of their bytes, however they are cut', () => {
    const heads = new RequestHeadReader({ maxHeadBytes: 65_536, maxFields: 10, maxTargetBytes: 65_536 });
    const head = Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(60_000)}\r\n\r\n`);
    let end = MORE;
    for (let at = 0; at < head.length; at++) end = heads.feed(head.subarray(at, at + 1), 0);
    expect(end).toBe(1);
    expect(heads.head?.fields[3]).toHaveLength(60_000);
  });
});

describe('properties', () => {
  const runs = { numRuns: 300 };

  it('what is written is parsed back unchanged', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 4 }), (requests) => {
        const { messages, error } = read([Buffer.from(requests.map(written).join(''), 'latin1')]);
        expect(error).toBeUndefined();
        expect(messages).toHaveLength(requests.length);
        for (const [index, { method, path: target, fields, body }] of requests.entries()) {
          const { head, body: text, trailers } = messages[index] ?? { head: undefined, body: '', trailers: undefined };
          expect(head).toMatchObject({ method, target });
          expect(head?.fields.slice(2, 2 + fields.length)).toEqual(fields);
          expect(text).toBe(body?.chunks.join('') ?? '');
          if (body?.chunked === true) expect(trailers ?? []).toEqual(body.trailers);
        }
      }),
      runs,
    );
  });

  it('any split of good bytes gives the same messages', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 3 }), fc.array(fc.nat(), { maxLength: 30 }), (requests, cuts) => {
        const all = Buffer.from(requests.map(written).join(''), 'latin1');
        expect(read(split(all, cuts))).toEqual(read([all]));
      }),
      runs,
    );
  });

  it('any split of damaged bytes gives the same outcome', () => {
    const damage = fc.record({
      at: fc.nat(),
      remove: fc.nat({ max: 3 }),
      insert: fc.constantFrom('', '\r', '\n', '\0', ' ', ':', '\t', '\r\n', '\r\n\r\n', 'Content-Length: 5\r\n', '\x80', ';', '0\r\n'),
    });
    fc.assert(
      fc.property(request, fc.array(damage, { minLength: 1, maxLength: 3 }), fc.array(fc.nat(), { maxLength: 30 }), (one, damages, cuts) => {
        let text = written(one);
        for (const { at, remove, insert } of damages) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + insert + text.slice(place + remove);
        }
        const all = Buffer.from(text, 'latin1');
        expect(read(split(all, cuts))).toEqual(read([all]));
      }),
      { numRuns: 1000 },
    );
  });

  it('any split of the malformed table gives its refusal', () => {
    fc.assert(
      fc.property(fc.constantFrom(...MALFORMED_REQUESTS), fc.array(fc.nat(), { maxLength: 10 }), ([, text, code], cuts) => {
        expect(read(split(Buffer.from(text, 'latin1'), cuts)).error).toBe(code);
      }),
      runs,
    );
  });

  it('answer heads are parsed back unchanged, however they are split', () => {
    const answer = fc.record({ status: fc.integer({ min: 200, max: 999 }), reason: valueText, fields: fieldList });
    fc.assert(
      fc.property(answer, fc.array(fc.nat(), { maxLength: 10 }), ({ status, reason, fields }, cuts) => {
        const first = reason === '' ? `HTTP/1.1 ${status} \r\n` : statusLine(status, reason);
        const heads = new AnswerHeadReader(TABLE_LIMITS);
        heads.begin('GET');
        for (const piece of split(Buffer.from(`${first}${fieldLines(fields)}\r\n`, 'latin1'), cuts)) if (heads.head === undefined) heads.feed(piece, 0);
        expect(heads.head).toMatchObject({ status, reason, fields });
      }),
      runs,
    );
  });

  it('the writer refuses or writes what is parsed back, whatever it is given', () => {
    const odd = fc.string({ unit: fc.integer({ min: 0, max: 300 }).map((code) => String.fromCharCode(code)), maxLength: 3 });
    fc.assert(
      fc.property(fc.oneof(tokenText, odd), fc.oneof(valueText, odd), (name, value) => {
        let text: string;
        try {
          text = fieldLines([name, value]);
        } catch {
          return;
        }
        const { messages, error } = read([Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\n${text}\r\n`, 'latin1')]);
        // A second Host and the like may be refused, but never become something else.
        if (error === undefined) expect(messages.map(({ head }) => head.fields)).toEqual([['Host', 'a', name, value.replaceAll(/^[ \t]+|[ \t]+$/g, '')]]);
      }),
      runs,
    );
  });
});
