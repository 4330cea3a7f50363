import { BAD, TrailerReader, type HeadLimits } from './head.ts';
import { MORE } from './head-lines.ts';
import { VALUE } from './chars.ts';
import type { RefusalCode } from './refusals.ts';
import type { Fields } from './types.ts';

/** Gets the ranges of a chunk that are body. */
export interface BodyParts {
  /** False: no further part now. */
  onPart(chunk: Buffer, from: number, to: number): boolean;
}

/** Bytes of one chunk extension, and of all extensions of one body. */
const MAX_EXTENSION = 256;
const MAX_EXTENSIONS = 8192;
/** 2^52 bytes are as good as endless; beyond, numbers lose their last digit. */
const MAX_SIZE_DIGITS = 13;

const TOKEN_TEXT = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const EXTENSION = new RegExp(`^(?:;${TOKEN_TEXT}(?:=(?:${TOKEN_TEXT}|"(?:[^"\\\\]|\\\\.)*"))?)+$`);

/** States of a chunked body; `LENGTH` and `CLOSE` are the other framings. */
const DONE = 0;
const LENGTH = 1;
const CLOSE = 2;
const SIZE_START = 3;
const SIZE = 4;
const EXT = 5;
const SIZE_LF = 6;
const DATA = 7;
const DATA_CR = 8;
const DATA_LF = 9;
const TRAILERS = 10;

const LF = 10;
const CR = 13;
const SEMICOLON = 59;

/** Finds the end of a body: by length, by chunks (RFC 9112 §7.1) or by the end of the connection. One reader serves all messages of a connection. */
export class BodyReader {
  error: RefusalCode | undefined;

  private state = DONE;
  private left = 0;
  private digits = 0;
  private extension = '';
  private extensions = 0;
  private trailer: TrailerReader | undefined;
  private readonly limits: HeadLimits;

  constructor(limits: HeadLimits) {
    this.limits = limits;
  }

  get done(): boolean {
    return this.state === DONE;
  }

  get untilClose(): boolean {
    return this.state === CLOSE;
  }

  /** Known bytes still to come; -1 when not known. */
  get remaining(): number {
    if (this.state === DONE) return 0;
    return this.state === LENGTH ? this.left : -1;
  }

  get trailers(): Fields | undefined {
    return this.trailer?.trailers;
  }

  beginLength(length: number): void {
    this.begin(length === 0 ? DONE : LENGTH);
    this.left = length;
  }

  beginChunked(): void {
    this.begin(SIZE_START);
  }

  beginUntilClose(): void {
    this.begin(CLOSE);
  }

  private begin(state: number): void {
    this.state = state;
    this.error = undefined;
    this.trailer = undefined;
    this.extensions = 0;
  }

  /** Takes bytes from `start` on; answers the offset after what was taken (all that belongs to the body, unless `onPart` stopped it), or `BAD`. */
  feed(chunk: Buffer, start: number, parts: BodyParts): number {
    let at = start;
    while (at < chunk.length && this.state !== DONE) {
      if (this.state <= CLOSE || this.state === DATA) {
        const from = at;
        at = this.countData(chunk, at);
        if (!parts.onPart(chunk, from, at)) return at;
      } else {
        at = this.frame(chunk, at);
        if (at < 0) return BAD;
      }
    }
    return at;
  }

  private countData(chunk: Buffer, at: number): number {
    const to = this.state === CLOSE ? chunk.length : Math.min(chunk.length, at + this.left);
    this.left -= to - at;
    if (this.left === 0 && this.state !== CLOSE) this.state = this.state === LENGTH ? DONE : DATA_CR;
    return to;
  }

  private refuse(code: RefusalCode): number {
    this.error = code;
    return BAD;
  }

  private frame(chunk: Buffer, at: number): number {
    const byte = chunk[at] ?? 0;
    switch (this.state) {
      case SIZE_START:
        this.left = 0;
        this.digits = 0;
        return this.sizeDigit(byte, at);
      case SIZE:
        return this.sizeDigit(byte, at);
      case EXT:
        return this.extensionByte(byte, at);
      case SIZE_LF:
        return byte === LF ? this.beginChunk(at + 1) : this.refuse('BARE_CR');
      case DATA_CR:
        return byte === CR ? this.goOn(DATA_LF, at) : this.refuse('BAD_CHUNK_END');
      case DATA_LF:
        return byte === LF ? this.goOn(SIZE_START, at) : this.refuse('BAD_CHUNK_END');
      default:
        return this.trailerLines(chunk, at);
    }
  }

  private goOn(state: number, at: number): number {
    this.state = state;
    return at + 1;
  }

  private sizeDigit(byte: number, at: number): number {
    const digit = hexDigit(byte);
    if (digit !== -1) {
      if (++this.digits > MAX_SIZE_DIGITS) return this.refuse('CHUNK_TOO_LARGE');
      this.left = this.left * 16 + digit;
      return this.goOn(SIZE, at);
    }
    if (this.digits === 0) return this.refuse('BAD_CHUNK_SIZE');
    if (byte === CR) return this.goOn(SIZE_LF, at);
    if (byte === LF) return this.refuse('BARE_LF');
    if (byte !== SEMICOLON) return this.refuse('BAD_CHUNK_SIZE');
    this.extension = ';';
    return this.goOn(EXT, at);
  }

  private extensionByte(byte: number, at: number): number {
    if (byte === CR) return EXTENSION.test(this.extension) ? this.goOn(SIZE_LF, at) : this.refuse('BAD_CHUNK_EXTENSION');
    if (byte === LF) return this.refuse('BARE_LF');
    if (VALUE[byte] !== 1) return this.refuse('BAD_CHUNK_EXTENSION');
    this.extension += String.fromCharCode(byte);
    if (this.extension.length > MAX_EXTENSION || ++this.extensions > MAX_EXTENSIONS) return this.refuse('CHUNK_EXTENSION_TOO_LONG');
    return at + 1;
  }

  private beginChunk(at: number): number {
    this.state = this.left === 0 ? TRAILERS : DATA;
    if (this.left === 0) this.trailer = new TrailerReader(this.limits);
    return at;
  }

  private trailerLines(chunk: Buffer, at: number): number {
    const reader = this.trailer;
    if (reader === undefined) return this.refuse('BAD_CHUNK_SIZE');
    const end = reader.feed(chunk, at);
    if (end === MORE) return chunk.length;
    if (end === BAD) return this.refuse(reader.error ?? 'BAD_FIELD_LINE');
    this.state = DONE;
    return end;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
