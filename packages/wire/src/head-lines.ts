import { TOKEN, VALUE } from './chars.ts';
import type { RefusalCode } from './refusals.ts';
import type { Fields } from './types.ts';

/** What a line scanner answers where the line is not complete yet, or refused (`error` says why). Positive answers are offsets after the line. */
export const MORE = -1;
export const BAD = -2;

const TAB = 9;
const LF = 10;
const CR = 13;
const BLANK = 32;
const COLON = 58;

/** Bytes made text at once; heads of this size never cost a second pass. */
const WINDOW = 2048;
/** A line longer than a window is looked at again only after so many more bytes, lest byte-wise senders cost us the square of its length. */
const STRIDE = 1024;
const NONE: Buffer = Buffer.alloc(0);

export interface HeadLimits {
  maxHeadBytes: number;
  maxFields: number;
}

/**
 * Reads the lines of a head, or of trailers, out of chunks of any size: an optional first line, field lines, an empty line
 * (RFC 9112 §2.2). Works on complete lines only, in order, so that every split of the same bytes gives the same result.
 * Scans bytes (a third of the cost of scanning text) and cuts names and values out of one text per window.
 */
export class HeadLines {
  fields: Fields = [];
  error: RefusalCode | undefined;

  protected started = false;
  /** The bytes looked at: `bytes[from … to)`, and the same as text. */
  protected bytes: Buffer = NONE;
  protected from = 0;
  protected to = 0;
  /** A tab stood between the current field's value and the end of its line. */
  protected tabAfter = false;
  private text = '';

  private readonly limits: HeadLimits;
  /** The line that is not complete yet, at the beginning of a store that grows by doubling, and how much of it was looked at. */
  private rest: Buffer = NONE;
  private store: Buffer = NONE;
  private seen = 0;
  /** Bytes of the lines done. */
  private used = 0;

  constructor(limits: HeadLimits) {
    this.limits = limits;
  }

  /** True when nothing of a head was read yet. */
  get untouched(): boolean {
    return !this.started && this.rest.length === 0;
  }

  /** The first line; answers the offset after it, `MORE` or `BAD`. */
  protected firstLine(at: number): number {
    return at;
  }

  /** Called at every field, so that subclasses can note those that matter for framing; answers false where it is refused. */
  protected noteField(_name: string, _value: string): boolean {
    return true;
  }

  /** Judges the head as a whole. */
  protected complete(): boolean {
    return true;
  }

  protected reset(): void {
    this.fields = [];
    this.rest = NONE;
    this.store = NONE;
    this.seen = 0;
    this.used = 0;
    this.started = false;
    this.error = undefined;
  }

  /** Takes bytes from `start` on; answers the offset after the head, `MORE` when all bytes were taken, or `BAD`. */
  feed(chunk: Buffer, start: number): number {
    let at = start;
    while (at < chunk.length) {
      const before = this.rest.length;
      const room = this.limits.maxHeadBytes - this.used - before;
      const to = Math.min(chunk.length, at + WINDOW, at + room);
      const end = this.take(chunk, at, to, to - at >= room);
      if (end === BAD) return BAD;
      // An end is an offset into what was scanned, which began with the rest of earlier chunks.
      if (end >= 0) return at + (end - this.from) - before;
      if (to - at >= room) return this.refuse(this.started ? 'HEAD_TOO_LARGE' : 'TARGET_TOO_LONG');
      at = to;
    }
    return MORE;
  }

  protected refuse(code: RefusalCode): number {
    this.error = code;
    return BAD;
  }

  /** A part of the bytes looked at as text. */
  protected cut(from: number, to: number): string {
    return this.text.substring(from - this.from, to - this.from);
  }

  private take(chunk: Buffer, from: number, to: number, last: boolean): number {
    const before = this.rest.length;
    if (before === 0) {
      this.look(chunk, from, to);
    } else {
      this.append(chunk, from, to);
      if (!last && before > WINDOW && this.rest.length - this.seen < STRIDE && !this.rest.includes(LF, before)) return MORE;
      this.look(this.rest, 0, this.rest.length);
    }
    let at = this.from;
    if (!this.started) {
      at = this.firstLine(at);
      if (at < 0) return this.stop(this.from, at);
      this.started = true;
    }
    return this.fieldLines(at);
  }

  private append(chunk: Buffer, from: number, to: number): void {
    const length = this.rest.length + to - from;
    if (length > this.store.length) {
      const store = Buffer.allocUnsafe(2 * length);
      this.rest.copy(store);
      this.store = store;
    }
    chunk.copy(this.store, this.rest.length, from, to);
    this.rest = this.store.subarray(0, length);
  }

  private look(bytes: Buffer, from: number, to: number): void {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    this.text = bytes.toString('latin1', from, to);
  }

  /** Ends the scan before the line at `at`; keeps a copy of what is there of it. */
  private stop(at: number, result: number): number {
    this.used += at - this.from;
    if (result === MORE) {
      const { bytes } = this;
      // Nothing of it was a complete line: it stays where it is.
      if (bytes !== this.rest || at !== 0) {
        this.rest = NONE;
        this.store = NONE;
        this.append(bytes, at, this.to);
      }
      this.seen = this.rest.length;
    }
    this.bytes = NONE;
    return result;
  }

  private fieldLines(start: number): number {
    const { bytes, to } = this;
    let at = start;
    for (;;) {
      if (at < to && bytes[at] === CR) {
        if (at + 1 >= to) return this.stop(at, MORE);
        if (bytes[at + 1] !== LF) return this.refuse('BARE_CR');
        this.bytes = NONE;
        return this.complete() ? at + 2 : BAD;
      }
      const end = this.fieldLine(bytes, at, to);
      if (end < 0) return this.stop(at, end);
      at = end;
    }
  }

  private fieldLine(bytes: Buffer, start: number, to: number): number {
    let at = start;
    while (at < to && TOKEN[bytes[at] ?? 0] === 1) at++;
    if (at === start || at === to || bytes[at] !== COLON) return this.badName(start, at);
    const name = this.cut(start, at);
    at++;
    while (at < to && (bytes[at] === BLANK || bytes[at] === TAB)) at++;
    const from = at;
    while (at < to && VALUE[bytes[at] ?? 0] === 1) at++;
    if (at === to) return MORE;
    if (bytes[at] !== CR) return this.refuse(bytes[at] === LF ? 'BARE_LF' : 'BAD_FIELD_VALUE');
    if (at + 1 === to) return MORE;
    if (bytes[at + 1] !== LF) return this.refuse('BARE_CR');
    const end = trimmedEnd(bytes, from, at);
    this.tabAfter = end !== at && bytes.subarray(end, at).includes(TAB);
    return this.addField(name, this.cut(from, end)) ? at + 2 : BAD;
  }

  private addField(name: string, value: string): boolean {
    if (this.fields.length >= 2 * this.limits.maxFields) {
      this.error = 'TOO_MANY_FIELDS';
      return false;
    }
    this.fields.push(name, value);
    return this.noteField(name, value);
  }

  /** The name of a field line ended without its colon; which text the refusal gets depends on the whole line. */
  private badName(start: number, at: number): number {
    if (at === this.to) return MORE;
    const first = this.bytes[start];
    if (first === BLANK || first === TAB) return this.refuse('FOLDED_FIELD');
    const end = this.bytes.indexOf(LF, at);
    if (end === -1 || end >= this.to) return MORE;
    if (end === at) return this.refuse('BARE_LF');
    return this.refuse(this.cut(at, end).includes(':') ? 'BAD_FIELD_NAME' : 'BAD_FIELD_LINE');
  }
}

function trimmedEnd(bytes: Buffer, from: number, to: number): number {
  let end = to;
  while (end > from && (bytes[end - 1] === BLANK || bytes[end - 1] === TAB)) end--;
  return end;
}
