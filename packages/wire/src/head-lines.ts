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

/** Text taken out of a chunk at once; heads of this size never cost a second pass. */
const WINDOW = 2048;
/** A line longer than a window is looked at again only after so many more bytes, lest byte-wise senders cost us the square of its length. */
const STRIDE = 1024;

export interface HeadLimits {
  maxHeadBytes: number;
  maxFields: number;
}

/**
 * Reads the lines of a head, or of trailers, out of chunks of any size: an optional first line, field lines, an empty line
 * (RFC 9112 §2.2). Works on complete lines only, in order, so that every split of the same bytes gives the same result.
 */
export class HeadLines {
  fields: Fields = [];
  error: RefusalCode | undefined;

  readonly limits: HeadLimits;
  /** Text of the line that is not complete yet. */
  private rest = '';
  /** How much of `rest` was looked at. */
  private seen = 0;
  /** Bytes of the lines done. */
  private used = 0;
  protected started = false;

  constructor(limits: HeadLimits) {
    this.limits = limits;
  }

  /** True when nothing of a head was read yet. */
  get untouched(): boolean {
    return !this.started && this.rest === '';
  }

  /** The first line; answers the offset after it, `MORE` or `BAD`. Trailers have none. */
  protected firstLine(_text: string): number {
    return 0;
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
    this.rest = '';
    this.used = 0;
    this.started = false;
    this.error = undefined;
  }

  /** Takes bytes from `start` on; answers the offset after the head, `MORE` when all bytes were taken, or `BAD`. */
  feed(chunk: Buffer, start: number): number {
    let at = start;
    while (at < chunk.length) {
      const room = this.limits.maxHeadBytes - this.used - this.rest.length;
      const to = Math.min(chunk.length, at + WINDOW, at + room);
      const before = this.rest.length;
      const end = this.take(chunk.toString('latin1', at, to), to - at >= room);
      if (end >= 0) return at + end - before;
      if (end === BAD) return BAD;
      if (to - at >= room) return this.refuse(this.started ? 'HEAD_TOO_LARGE' : 'TARGET_TOO_LONG');
      at = to;
    }
    return MORE;
  }

  protected refuse(code: RefusalCode): number {
    this.error = code;
    return BAD;
  }

  private take(piece: string, last: boolean): number {
    const text = this.rest === '' ? piece : this.rest + piece;
    if (!last && this.rest.length > WINDOW && text.length - this.seen < STRIDE && !piece.includes('\n')) {
      this.rest = text;
      return MORE;
    }
    this.seen = text.length;
    let at = 0;
    if (!this.started) {
      at = this.firstLine(text);
      if (at < 0) return this.keep(text, 0, at);
      this.started = true;
    }
    return this.fieldLines(text, at);
  }

  private keep(text: string, at: number, result: number): number {
    this.used += at;
    this.seen -= at;
    this.rest = at === 0 ? text : text.slice(at);
    return result;
  }

  private fieldLines(text: string, start: number): number {
    let at = start;
    for (;;) {
      const first = text.charCodeAt(at);
      if (first === CR) {
        const next = text.charCodeAt(at + 1);
        if (next === LF) return this.complete() ? at + 2 : BAD;
        return next === next ? this.refuse('BARE_CR') : this.keep(text, at, MORE);
      }
      const end = this.fieldLine(text, at, first);
      if (end < 0) return this.keep(text, at, end);
      at = end;
    }
  }

  private fieldLine(text: string, start: number, first: number): number {
    let at = start;
    while (TOKEN[text.charCodeAt(at)] === 1) at++;
    if (text.charCodeAt(at) !== COLON || at === start) return this.badName(text, at, first);
    const name = text.substring(start, at);
    at++;
    let code = text.charCodeAt(at);
    while (code === BLANK || code === TAB) code = text.charCodeAt(++at);
    const from = at;
    while (VALUE[code] === 1) code = text.charCodeAt(++at);
    if (code !== CR) return this.badValue(code);
    if (text.charCodeAt(at + 1) !== LF) return at + 1 === text.length ? MORE : this.refuse('BARE_CR');
    return this.addField(name, trimmed(text, from, at)) ? at + 2 : BAD;
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
  private badName(text: string, at: number, first: number): number {
    if (at === text.length) return MORE;
    if (first === BLANK || first === TAB) return this.refuse('FOLDED_FIELD');
    const end = text.indexOf('\n', at);
    if (end === -1) return MORE;
    if (end === at) return this.refuse('BARE_LF');
    return this.refuse(text.slice(at, end).includes(':') ? 'BAD_FIELD_NAME' : 'BAD_FIELD_LINE');
  }

  private badValue(code: number): number {
    // NaN: the text ended.
    if (code !== code) return MORE;
    return this.refuse(code === LF ? 'BARE_LF' : 'BAD_FIELD_VALUE');
  }
}

function trimmed(text: string, from: number, to: number): string {
  let end = to;
  while (end > from && (text.charCodeAt(end - 1) === BLANK || text.charCodeAt(end - 1) === TAB)) end--;
  return text.substring(from, end);
}
