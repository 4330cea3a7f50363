import { sameName, TARGET, TOKEN, VALUE } from './chars.ts';
import { listHas } from './fields.ts';
import { HeadLines, MORE, type HeadLimits } from './head-lines.ts';
import type { RefusalCode } from './refusals.ts';
import type { AnswerHead, Fields, HttpVersion, RequestHead } from './types.ts';

export { BAD, MORE, type HeadLimits } from './head-lines.ts';

const LF = 10;
const CR = 13;
const BLANK = 32;
const DOT = 46;
const SLASH = 47;
const ZERO = 48;
const HTTP = Buffer.from('HTTP/');

/** Host, or address in brackets, and port (RFC 3986 §3.2.2 and §3.2.3); may be empty (RFC 9110 §7.2). */
const AUTHORITY = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._~!$&'()*+,;=%]*)(?::[0-9]{0,5})?$/;
const ABSOLUTE = /^https?:\/\/([^/?#]*)/i;

/** Framing as the fields say it, before it is judged. */
class MessageLines extends HeadLines {
  version: HttpVersion = '1.1';
  /** Connection-close and keep-alive as asked for by the peer. */
  close = false;
  keepAlive = false;
  protected coding = '';
  protected length = -1;
  protected upgradeNamed = false;
  protected upgradeTo = '';

  protected override reset(): void {
    super.reset();
    this.close = false;
    this.keepAlive = false;
    this.coding = '';
    this.length = -1;
    this.upgradeNamed = false;
    this.upgradeTo = '';
  }

  protected override noteField(name: string, value: string): boolean {
    switch (name.length) {
      case 7:
        if (sameName(name, 'upgrade')) this.upgradeTo = this.upgradeTo === '' ? value : `${this.upgradeTo}, ${value}`;
        return true;
      case 10:
        return sameName(name, 'connection') ? this.noteConnection(value) : true;
      case 14:
        return sameName(name, 'content-length') ? this.noteLength(value) : true;
      case 17:
        return sameName(name, 'transfer-encoding') ? this.noteCoding(value) : true;
      default:
        return true;
    }
  }

  private noteConnection(value: string): boolean {
    if (sameName(value, 'keep-alive')) this.keepAlive = true;
    else if (sameName(value, 'close')) this.close = true;
    else this.noteConnectionList(value);
    return true;
  }

  private noteConnectionList(value: string): void {
    if (listHas(value, 'close')) this.close = true;
    if (listHas(value, 'keep-alive')) this.keepAlive = true;
    if (listHas(value, 'upgrade')) this.upgradeNamed = true;
  }

  /** A tab at the end is allowed by RFC 9110 §5.5, yet parsers disagree about it: not where framing is concerned. */
  private noteCoding(value: string): boolean {
    this.coding = this.coding === '' ? value || ',' : `${this.coding}, ${value}`;
    if (this.tabAfter) this.error = 'BAD_TRANSFER_ENCODING';
    return !this.tabAfter;
  }

  /** Equal repetitions are taken (RFC 9112 §6.3 rule 5 lets us), anything else is refused. */
  private noteLength(value: string): boolean {
    const length = wholeNumber(value);
    if (length === -1 || this.tabAfter) this.error = 'BAD_CONTENT_LENGTH';
    else if (this.length !== -1 && this.length !== length) this.error = 'DIFFERENT_LENGTHS';
    else this.length = length;
    return this.error === undefined;
  }

  /** Judges Transfer-Encoding (RFC 9112 §6.1): only a final, single `chunked`, never with Content-Length, never in HTTP/1.0. */
  protected badCoding(): RefusalCode | undefined {
    if (this.length !== -1) return 'LENGTH_AND_CODING';
    if (this.version === '1.0') return 'CODING_IN_HTTP_1_0';
    if (sameName(this.coding, 'chunked')) return undefined;
    const codings = this.coding.split(',').map((coding) => coding.trim().toLowerCase());
    if (codings.some((coding) => !/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(coding))) return 'BAD_TRANSFER_ENCODING';
    return codings.some((coding) => coding !== 'chunked') ? 'UNKNOWN_CODING' : 'BAD_TRANSFER_ENCODING';
  }

  /** Reads `HTTP/1.1` at an offset; answers the offset after it, `MORE` or `BAD`. */
  protected readVersion(at: number): number {
    const { bytes, to } = this;
    if (to - at < 8) return bytes.subarray(at, to).includes(LF) ? this.refuse(this.startLineCode) : MORE;
    for (let index = 0; index < 5; index++) if (bytes[at + index] !== HTTP[index]) return this.refuse(this.startLineCode);
    const major = (bytes[at + 5] ?? 0) - ZERO;
    const minor = (bytes[at + 7] ?? 0) - ZERO;
    if (bytes[at + 6] !== DOT || major < 0 || major > 9 || minor < 0 || minor > 9) return this.refuse(this.startLineCode);
    if (major !== 1) return this.refuse(major === 0 ? 'BAD_VERSION' : 'UNSUPPORTED_VERSION');
    if (minor > 1) return this.refuse('BAD_VERSION');
    this.version = minor === 1 ? '1.1' : '1.0';
    return at + 8;
  }

  protected get startLineCode(): RefusalCode {
    return 'BAD_REQUEST_LINE';
  }

  /** The line end that closes a first line. */
  protected lineEnd(at: number): number {
    if (at >= this.to) return MORE;
    const code = this.bytes[at];
    if (code === LF) return this.refuse('BARE_LF');
    if (code !== CR) return this.refuse(this.startLineCode);
    if (at + 1 >= this.to) return MORE;
    return this.bytes[at + 1] === LF ? at + 2 : this.refuse('BARE_CR');
  }
}

/** A number of bytes in at most 15 digits, or -1. */
function wholeNumber(text: string): number {
  if (text.length === 0 || text.length > 15) return -1;
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

export interface RequestLimits extends HeadLimits {
  maxTargetBytes: number;
}

/** Reads request heads (RFC 9112 §3), one after the other; `head` is the last complete one. */
export class RequestHeadReader extends MessageLines {
  head: RequestHead | undefined;

  private readonly maxTarget: number;
  private method = '';
  private target = '';
  private host: string | undefined;
  private expectation = '';
  /** The Host value that was found good last: connections nearly always repeat it. */
  private goodHost = '';

  constructor(limits: RequestLimits) {
    super(limits);
    this.maxTarget = limits.maxTargetBytes;
  }

  protected override reset(): void {
    super.reset();
    this.host = undefined;
    this.expectation = '';
  }

  protected override firstLine(start: number): number {
    const { bytes, to } = this;
    let at = start;
    while (at < to && TOKEN[bytes[at] ?? 0] === 1) at++;
    if (at === to) return MORE;
    if (at === start || bytes[at] !== BLANK) return this.refuse('BAD_REQUEST_LINE');
    const from = at + 1;
    at = from;
    while (at < to && TARGET[bytes[at] ?? 0] === 1) at++;
    if (at - from > this.maxTarget) return this.refuse('TARGET_TOO_LONG');
    if (at === to) return MORE;
    if (at === from || bytes[at] !== BLANK) return this.refuse('BAD_REQUEST_LINE');
    const end = this.readVersion(at + 1);
    const after = end < 0 ? end : this.lineEnd(end);
    if (after < 0) return after;
    this.method = this.cut(start, from - 1);
    this.target = this.cut(from, at);
    return this.targetFits(bytes[from] ?? 0) ? after : this.refuse('BAD_TARGET');
  }

  /** Origin form for all methods; absolute form; `*` for OPTIONS; authority form for CONNECT (RFC 9112 §3.2). */
  private targetFits(first: number): boolean {
    if (first === SLASH) return true;
    if (this.method === 'CONNECT') return this.target.includes(':') && AUTHORITY.test(this.target);
    if (this.target === '*') return this.method === 'OPTIONS';
    const authority = ABSOLUTE.exec(this.target)?.[1] ?? '';
    return authority !== '' && !authority.startsWith(':') && AUTHORITY.test(authority);
  }

  protected override noteField(name: string, value: string): boolean {
    if (name.length === 4 && sameName(name, 'host')) return this.noteHost(value);
    if (name.length === 6 && sameName(name, 'expect')) this.expectation = this.expectation === '' ? value : `${this.expectation}, ${value}`;
    return super.noteField(name, value);
  }

  private noteHost(value: string): boolean {
    if (this.host !== undefined) this.error = 'SEVERAL_HOSTS';
    else if (value !== this.goodHost && !AUTHORITY.test(value)) this.error = 'BAD_HOST';
    this.host = value;
    this.goodHost = value;
    return this.error === undefined;
  }

  protected override complete(): boolean {
    this.error = this.judge();
    if (this.error !== undefined) return false;
    this.head = {
      method: this.method,
      target: this.target,
      version: this.version,
      fields: this.fields,
      authority: this.authority(),
      contentLength: this.coding === '' ? Math.max(this.length, 0) : -1,
      upgrade: this.upgradeNamed && this.version === '1.1' ? this.upgradeTo.toLowerCase() : '',
      expectContinue: this.expectation !== '' && this.version === '1.1',
    };
    return true;
  }

  /** Lets the reader go on with the next head; `close` and `keepAlive` stay readable until then. */
  next(): void {
    this.head = undefined;
    this.reset();
  }

  private judge(): RefusalCode | undefined {
    if (this.host === undefined && this.version === '1.1') return 'NO_HOST';
    if (this.coding !== '') {
      const code = this.badCoding();
      if (code !== undefined) return code;
    }
    if (this.method === 'CONNECT' && (this.coding !== '' || this.length > 0)) return 'BODY_WITH_CONNECT';
    if (this.expectation !== '' && this.version === '1.1' && !sameName(this.expectation, '100-continue')) return 'UNKNOWN_EXPECTATION';
    return undefined;
  }

  private authority(): string {
    const first = this.target.charCodeAt(0);
    if (first === SLASH || first === 42) return this.host ?? '';
    return this.method === 'CONNECT' ? this.target : (ABSOLUTE.exec(this.target)?.[1] ?? '');
  }
}

/** How the end of an answer's body is found (RFC 9112 §6.3). */
export type AnswerFraming = 'none' | 'length' | 'chunked' | 'close';

/** Reads answer heads (RFC 9112 §4); `begin` must be called with the request's method first. */
export class AnswerHeadReader extends MessageLines {
  head: AnswerHead | undefined;
  framing: AnswerFraming = 'none';

  private method = '';
  private status = 0;
  private reason = '';

  /** Starts on the (next) answer to a request of that method. */
  begin(method: string): void {
    this.method = method;
    this.head = undefined;
    this.reset();
  }

  protected override get startLineCode(): RefusalCode {
    return 'BAD_STATUS_LINE';
  }

  protected override firstLine(start: number): number {
    const { bytes } = this;
    const at = this.readVersion(start);
    if (at < 0) return at;
    if (this.to - at < 5 && !bytes.subarray(at, this.to).includes(LF)) return MORE;
    const status = wholeNumber(this.cut(at + 1, at + 4));
    const mark = bytes[at + 4];
    if (bytes[at] !== BLANK || status < 100 || (mark !== BLANK && mark !== CR && mark !== LF)) return this.refuse('BAD_STATUS_LINE');
    const from = mark === BLANK ? at + 5 : at + 4;
    let end = from;
    while (end < this.to && VALUE[bytes[end] ?? 0] === 1) end++;
    const after = this.lineEnd(end);
    if (after < 0) return after;
    this.status = status;
    this.reason = this.cut(from, end);
    return after;
  }

  protected override complete(): boolean {
    this.error = this.coding === '' ? undefined : this.badCoding();
    if (this.error !== undefined) return false;
    this.framing = this.frame();
    const counted = this.framing === 'none' ? this.lengthWithoutBody() : this.length;
    this.head = { status: this.status, reason: this.reason, version: this.version, fields: this.fields, contentLength: counted };
    return true;
  }

  private frame(): AnswerFraming {
    if (this.method === 'HEAD' || this.status < 200 || this.status === 204 || this.status === 304) return 'none';
    if (this.coding !== '') return 'chunked';
    if (this.length === -1) return 'close';
    return this.length === 0 ? 'none' : 'length';
  }

  /** HEAD and 304 announce the length that a GET would have had; -1 where they do not. */
  private lengthWithoutBody(): number {
    return this.method === 'HEAD' || this.status === 304 ? this.length : 0;
  }

  /** Whether the connection may be used again (RFC 9112 §9.3). */
  get reusable(): boolean {
    return !this.close && (this.version === '1.1' || this.keepAlive) && this.framing !== 'close';
  }
}

/** Reads the trailer section of a chunked body (RFC 9112 §7.1.2). Fields for framing and routing are refused there (RFC 9110 §6.5.1). */
export class TrailerReader extends HeadLines {
  protected override noteField(name: string): boolean {
    if (!FORBIDDEN_TRAILERS.has(name.toLowerCase())) return true;
    this.error = 'BAD_TRAILER';
    return false;
  }

  constructor(limits: HeadLimits) {
    super(limits);
    this.started = true;
  }

  get trailers(): Fields | undefined {
    return this.fields.length === 0 ? undefined : this.fields;
  }
}

const FORBIDDEN_TRAILERS = new Set([
  'content-length',
  'transfer-encoding',
  'host',
  'connection',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'keep-alive',
  'proxy-connection',
]);
