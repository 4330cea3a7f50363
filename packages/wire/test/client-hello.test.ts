import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { ClientHelloReader, isProblem, type HelloProblem } from '../src/client-hello.ts';
import type { ClientHello } from '../src/index.ts';

type Answer = ClientHello | HelloProblem | undefined;

/** The first bytes that Node's own TLS client sends. */
async function recordedHello(options: ConnectionOptions): Promise<Buffer> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect({ ...options, host: '127.0.0.1', port: (server.address() as AddressInfo).port, rejectUnauthorized: false });
  client.on('error', () => undefined);
  const [socket] = await once(server, 'connection');
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  client.destroy();
  socket.destroy();
  server.close();
  return bytes;
}

function vector(lengthSize: number, content: Buffer): Buffer {
  const length = Buffer.alloc(lengthSize);
  length.writeUIntBE(content.length, 0, lengthSize);
  return Buffer.concat([length, content]);
}

function extension(type: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type >> 8, type & 255]), vector(2, data)]);
}

/** A ClientHello by hand; parts may be replaced by wrong ones. */
function hello(
  extensions: Buffer[] | undefined,
  { sessionId = Buffer.alloc(0), suites = Buffer.from([0x13, 1]), compression = Buffer.from([0]), tail = Buffer.alloc(0) } = {},
): Buffer {
  const rest = extensions === undefined ? [] : [vector(2, Buffer.concat(extensions))];
  const body = Buffer.concat([Buffer.from([3, 3]), Buffer.alloc(32, 7), vector(1, sessionId), vector(2, suites), vector(1, compression), ...rest, tail]);
  return record(Buffer.concat([Buffer.from([1]), vector(3, body)]));
}

function record(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([22, 3, 1]), vector(2, payload)]);
}

const serverName = (name: string, type = 0): Buffer => extension(0, vector(2, Buffer.concat([Buffer.from([type]), vector(2, Buffer.from(name, 'latin1'))])));
const alpn = (...names: string[]): Buffer => extension(16, vector(2, Buffer.concat(names.map((name) => vector(1, Buffer.from(name))))));
const versions = (...list: number[]): Buffer => extension(43, vector(1, Buffer.concat(list.map((one) => Buffer.from([one >> 8, one & 255])))));

function read(bytes: Buffer, ...cuts: number[]): Answer {
  const reader = new ClientHelloReader();
  let from = 0;
  for (const to of [...cuts.toSorted((one, other) => one - other), bytes.length]) {
    const answer = reader.push(bytes.subarray(from, to));
    if (answer !== undefined) return answer;
    from = to;
  }
  return undefined;
}

let real: Buffer;
beforeAll(async () => {
  real = await recordedHello({ servername: 'Shop.Example', ALPNProtocols: ['h2', 'http/1.1'] });
});

describe('what is read', () => {
  test('name, protocols and versions of a real client', () => {
    expect(read(real)).toEqual({ servername: 'shop.example', alpn: ['h2', 'http/1.1'], versions: [0x0304, 0x0303] });
  });

  test('a client without any extension', () => {
    expect(read(hello(undefined))).toEqual({ servername: '', alpn: [], versions: [0x0303] });
    expect(read(hello([]))).toEqual({ servername: '', alpn: [], versions: [0x0303] });
  });

  test('names lose their last dot, reserved versions are left out', () => {
    expect(read(hello([serverName('a.Example.'), versions(0x2a2a, 0x0304)]))).toEqual({ servername: 'a.example', alpn: [], versions: [0x0304] });
  });

  test('a hello spread over several records', () => {
    const message = hello([serverName('spread.example')]).subarray(5);
    const parts = [message.subarray(0, 1), message.subarray(1, 30), message.subarray(30)].map((part) => record(part));
    expect(read(Buffer.concat(parts))).toMatchObject({ servername: 'spread.example' });
  });

  test('any split of the bytes gives the same answer', () => {
    const whole = read(real);
    const property = fc.property(fc.array(fc.nat(real.length), { maxLength: 8 }), (cuts) => {
      expect(read(real, ...cuts)).toEqual(whole);
    });
    fc.assert(property, { numRuns: 200 });
    expect(read(real, ...real.keys())).toEqual(whole);
  });

  test('every beginning asks for more', () => {
    for (let end = 0; end < real.length; end++) expect(read(real.subarray(0, end))).toBeUndefined();
  });
});

const DECODE = 50;
const UNEXPECTED = 10;

describe('what is refused', () => {
  test.each<[string, () => Buffer, number]>([
    ['no handshake', () => Buffer.from([23, 3, 3, 0, 1, 0]), UNEXPECTED],
    ['an SSL 2 hello', () => Buffer.from([0x80, 0x2e, 1, 3, 1]), UNEXPECTED],
    ['another version of records', () => Buffer.from([22, 2, 0]), 70],
    ['an empty record', () => Buffer.from([22, 3, 1, 0, 0]), 22],
    ['a record that is too long', () => Buffer.from([22, 3, 1, 0x40, 1]), 22],
    ['another message', () => record(Buffer.from([2, 0, 0, 0])), UNEXPECTED],
    ['a hello of more than 64 KiB', () => record(Buffer.from([1, 1, 0, 1])), 47],
    ['bytes after the hello in its record', () => record(Buffer.concat([hello([]).subarray(5), Buffer.from([0])])), UNEXPECTED],
    ['a session id that is too long', () => hello([], { sessionId: Buffer.alloc(33) }), DECODE],
    ['no cipher suites', () => hello([], { suites: Buffer.alloc(0) }), DECODE],
    ['half a cipher suite', () => hello([], { suites: Buffer.alloc(3) }), DECODE],
    ['no compression method', () => hello([], { compression: Buffer.alloc(0) }), DECODE],
    ['bytes after the extensions', () => hello([], { tail: Buffer.from([0]) }), DECODE],
    ['one byte where extensions would be', () => hello(undefined, { tail: Buffer.from([0]) }), DECODE],
    ['the same extension twice', () => hello([serverName('a.example'), serverName('b.example')]), DECODE],
    ['an extension that is cut off', () => hello([Buffer.from([0, 16, 0, 9, 0])]), DECODE],
    ['an empty name', () => hello([serverName('')]), DECODE],
    ['a name with NUL', () => hello([serverName('a\0.example')]), DECODE],
    ['a name with blanks', () => hello([serverName('a b')]), DECODE],
    ['a name beyond ASCII', () => hello([serverName('\xe4.example')]), DECODE],
    ['a name of 256 bytes', () => hello([serverName('a'.repeat(256))]), DECODE],
    ['a name of another kind', () => hello([serverName('a.example', 1)]), DECODE],
    ['an empty list of names', () => hello([extension(0, vector(2, Buffer.alloc(0)))]), DECODE],
    [
      'two names',
      () => hello([extension(0, vector(2, Buffer.concat([Buffer.from([0]), vector(2, Buffer.from('a')), Buffer.from([0]), vector(2, Buffer.from('b'))])))]),
      DECODE,
    ],
    ['an empty protocol', () => hello([alpn('h2', '')]), DECODE],
    ['no protocols', () => hello([extension(16, vector(2, Buffer.alloc(0)))]), DECODE],
    ['half a version', () => hello([extension(43, vector(1, Buffer.alloc(3)))]), DECODE],
    ['no versions', () => hello([extension(43, vector(1, Buffer.alloc(0)))]), DECODE],
  ])('%s', (_name, bytes, alert) => {
    expect(read(bytes())).toMatchObject({ alert, message: expect.any(String) as unknown });
  });

  test('arbitrary and mutated bytes never throw, and their split does not matter', () => {
    const mutated = fc.tuple(fc.array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { maxLength: 6 }), fc.nat(real.length)).map(([changes, length]) => {
      const bytes = Buffer.from(real);
      for (const [at, value] of changes) bytes[at] = value;
      return bytes.subarray(0, length);
    });
    const any = fc.oneof(
      mutated,
      fc.uint8Array({ maxLength: 400 }).map((bytes) => record(Buffer.from(bytes))),
    );
    fc.assert(
      fc.property(any, fc.array(fc.nat(400), { maxLength: 4 }), (bytes, cuts) => {
        const whole = read(bytes);
        expect(read(bytes, ...cuts.filter((cut) => cut < bytes.length))).toEqual(whole);
        if (whole !== undefined && isProblem(whole)) expect(whole.message).not.toBe('');
      }),
      { numRuns: 2000 },
    );
  });
});
