import type { ClientHello } from './types.ts';

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
/** Longest payload of a plaintext record (RFC 8446 §5.1). */
const MAX_RECORD = 16_384;
/** Longest ClientHello that is taken; real ones are below 4 KiB even with post-quantum key shares. */
const MAX_HELLO = 65_536;

const EXTENSION_SERVER_NAME = 0;
const EXTENSION_ALPN = 16;
const EXTENSION_VERSIONS = 43;

/** What a refused reader found; `alert` is the TLS alert that says so (RFC 8446 §6). */
export interface HelloProblem {
  alert: number;
  message: string;
}

const DECODE_ERROR = 50;
const UNEXPECTED_MESSAGE = 10;
const ILLEGAL_PARAMETER = 47;

/**
 * Takes the first bytes of a TLS connection in pieces of any size and gives what the client says of itself, before any cryptography
 * (RFC 8446 §4.1.2, RFC 6066 §3, RFC 7301 §3.1). Strict: lengths must add up to the byte, no extension may come twice.
 */
export class ClientHelloReader {
  /** Handshake bytes without record headers. */
  private message: Buffer = Buffer.alloc(512);
  private length = 0;
  /** Record header bytes collected, and payload bytes still to come of the record begun. */
  private readonly header: Buffer = Buffer.alloc(5);
  private headerLength = 0;
  private recordLeft = 0;

  /** `undefined`: more bytes are needed. Not to be called again after an answer. */
  push(chunk: Buffer): ClientHello | HelloProblem | undefined {
    let at = 0;
    while (at < chunk.length) {
      if (this.recordLeft === 0) {
        this.header[this.headerLength++] = chunk[at++] ?? 0;
        const problem = this.checkHeader();
        if (problem !== undefined) return problem;
      } else {
        const end = Math.min(at + this.recordLeft, chunk.length);
        this.append(chunk, at, end);
        this.recordLeft -= end - at;
        at = end;
        const answer = this.checkMessage();
        if (answer !== undefined) return answer;
      }
    }
    return undefined;
  }

  private checkHeader(): HelloProblem | undefined {
    const { header, headerLength } = this;
    if (header[0] !== HANDSHAKE) return { alert: UNEXPECTED_MESSAGE, message: 'the first record is not a TLS handshake' };
    if (headerLength > 1 && header[1] !== 3) return { alert: 70, message: 'the record version is not that of TLS' };
    if (headerLength < 5) return undefined;
    const length = header.readUInt16BE(3);
    if (length === 0 || length > MAX_RECORD) return { alert: 22, message: 'a record is empty or too long' };
    this.recordLeft = length;
    this.headerLength = 0;
    return undefined;
  }

  private append(chunk: Buffer, from: number, to: number): void {
    const needed = this.length + to - from;
    if (needed > this.message.length) {
      const larger = Buffer.alloc(Math.max(needed, this.message.length * 2));
      this.message.copy(larger, 0, 0, this.length);
      this.message = larger;
    }
    chunk.copy(this.message, this.length, from, to);
    this.length = needed;
  }

  private checkMessage(): ClientHello | HelloProblem | undefined {
    if (this.message[0] !== CLIENT_HELLO) return { alert: UNEXPECTED_MESSAGE, message: 'the first handshake message is not a ClientHello' };
    if (this.length < 4) return undefined;
    const bodyLength = this.message.readUIntBE(1, 3);
    if (bodyLength > MAX_HELLO) return { alert: ILLEGAL_PARAMETER, message: 'the ClientHello is too long' };
    if (this.length < 4 + bodyLength) return undefined;
    if (this.length > 4 + bodyLength) return { alert: UNEXPECTED_MESSAGE, message: 'more than a ClientHello came before the answer to it' };
    return parseHello(this.message.subarray(4, this.length));
  }
}

export function isProblem(answer: ClientHello | HelloProblem): answer is HelloProblem {
  return 'alert' in answer;
}

/** Thrown and caught in this file only: parsing reads better without a check per field. */
class Malformed extends Error {}

/** Walks over length-prefixed fields and refuses to leave its bytes. */
class Cursor {
  private at = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get done(): boolean {
    return this.at === this.bytes.length;
  }

  number(size: number): number {
    return size === 1 ? (this.take(1)[0] ?? 0) : this.take(2).readUInt16BE(0);
  }

  take(length: number): Buffer {
    const end = this.at + length;
    if (end > this.bytes.length) throw new Malformed('a length in the ClientHello points beyond its end');
    const part = this.bytes.subarray(this.at, end);
    this.at = end;
    return part;
  }

  /** A vector with its length before it (RFC 8446 §3.4). */
  vector(lengthSize: number, least: number): Buffer {
    const part = this.take(this.number(lengthSize));
    if (part.length < least) throw new Malformed('a field of the ClientHello is shorter than allowed');
    return part;
  }

  finish(): void {
    if (!this.done) throw new Malformed('the ClientHello has bytes after its last field');
  }
}

function parseHello(body: Buffer): ClientHello | HelloProblem {
  try {
    return readHello(new Cursor(body));
  } catch (error) {
    if (error instanceof Malformed) return { alert: DECODE_ERROR, message: error.message };
    throw error;
  }
}

function readHello(cursor: Cursor): ClientHello {
  const legacyVersion = cursor.number(2);
  cursor.take(32);
  if (cursor.vector(1, 0).length > 32) throw new Malformed('the session id is longer than 32 bytes');
  if (cursor.vector(2, 2).length % 2 !== 0) throw new Malformed('the list of cipher suites has half an entry');
  cursor.vector(1, 1);
  const hello: ClientHello = { servername: '', alpn: [], versions: [legacyVersion] };
  if (cursor.done) return hello;
  const extensions = new Cursor(cursor.vector(2, 0));
  cursor.finish();
  const seen = new Set<number>();
  while (!extensions.done) {
    const type = extensions.number(2);
    if (seen.has(type)) throw new Malformed('an extension comes twice');
    seen.add(type);
    readExtension(type, new Cursor(extensions.vector(2, 0)), hello);
  }
  return hello;
}

function readExtension(type: number, data: Cursor, hello: ClientHello): void {
  if (type === EXTENSION_SERVER_NAME) hello.servername = readServerName(data);
  else if (type === EXTENSION_ALPN) hello.alpn = readAlpn(data);
  else if (type === EXTENSION_VERSIONS) hello.versions = readVersions(data);
}

/** One host name, as every client sends it; a name outside of visible ASCII is refused, it would only match by accident. */
function readServerName(data: Cursor): string {
  const names = new Cursor(data.vector(2, 1));
  data.finish();
  if (names.number(1) !== 0) throw new Malformed('the server name is not a host name');
  const name = names.vector(2, 1).toString('latin1');
  names.finish();
  if (name.length > 255 || !/^[!-~]+$/.test(name)) throw new Malformed('the server name is too long or holds characters that no host name has');
  const lower = name.toLowerCase();
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

function readAlpn(data: Cursor): string[] {
  const names = new Cursor(data.vector(2, 2));
  data.finish();
  const protocols: string[] = [];
  while (!names.done) protocols.push(names.vector(1, 1).toString('latin1'));
  return protocols;
}

/** Reserved values that clients mix in to keep servers honest (RFC 8701) are left out. */
function readVersions(data: Cursor): number[] {
  const list = data.vector(1, 2);
  data.finish();
  if (list.length % 2 !== 0) throw new Malformed('the list of versions has half an entry');
  const versions: number[] = [];
  for (let at = 0; at < list.length; at += 2) versions.push(list.readUInt16BE(at));
  return versions.filter((version) => (version & 0x0f0f) !== 0x0a0a);
}
