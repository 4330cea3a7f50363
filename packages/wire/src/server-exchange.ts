import type { Duplex } from 'node:stream';
import { getField } from './fields.ts';
import type { Output } from './output.ts';
import type { BodySink, ConnectionInfo, Fields, RequestHead, ServerExchange } from './types.ts';
import { chunkSize, dateLine, fieldLines, hasDate, lastChunk, statusLine, upgradeLines } from './write.ts';

/** What an exchange needs of its connection. */
export interface ServerSide {
  readonly info: ConnectionInfo;
  readonly out: Output;
  /** Whether the connection is fit for another request after this answer. */
  mayKeep(exchange: Http1Exchange): boolean;
  readBody(sink: BodySink): void;
  pauseBody(): void;
  resumeBody(): void;
  /** The answer is complete. */
  answered(close: boolean): void;
  /** The client takes bytes too slowly: watch it. */
  stalled(): void;
  /** Ends the connection at once; `reset` also tells the client that what it got is not complete. */
  breakOff(): void;
  /** Gives the socket away. */
  detach(): Duplex;
}

type State = 'new' | 'started' | 'ended';

/** How the end of the answer's body is marked: bytes left, or one of these. */
const CHUNKED = -1;
const UNTIL_CLOSE = -2;

/** One HTTP/1.1 request and its answer; writes the answer (RFC 9112 §6 and §9.3) and leaves reading to the connection. */
export class Http1Exchange implements ServerExchange {
  readonly head: RequestHead;
  onDrain: (() => void) | undefined = undefined;
  onAbort: (() => void) | undefined = undefined;

  private readonly side: ServerSide;
  private state: State = 'new';
  private left = 0;
  /** The answer has no body, whatever is written (HEAD, 1xx, 204, 304). */
  private mute = false;
  private closes = false;

  constructor(head: RequestHead, side: ServerSide) {
    this.head = head;
    this.side = side;
  }

  get connection(): ConnectionInfo {
    return this.side.info;
  }

  get started(): boolean {
    return this.state !== 'new';
  }

  /** No further call has an effect: the connection is gone, or the engine answered by itself. */
  finish(): void {
    this.state = 'ended';
  }

  readBody(sink: BodySink): void {
    if (this.state !== 'ended') this.side.readBody(sink);
  }

  pauseBody(): void {
    if (this.state !== 'ended') this.side.pauseBody();
  }

  resumeBody(): void {
    if (this.state !== 'ended') this.side.resumeBody();
  }

  closeAfter(): void {
    this.closes = true;
  }

  inform(status: number, fields: Fields): void {
    if (status < 100 || status > 199 || status === 101) throw new Error(`Status ${status} is no interim answer; inform takes 100 and 102 to 199.`);
    if (this.state !== 'new' || this.head.version === '1.0') return;
    if (status === 100) this.head.expectContinue = false;
    this.side.out.add(`${statusLine(status, '')}${fieldLines(fields)}\r\n`);
  }

  respond(status: number, fields: Fields, body: string | Buffer): void {
    if (this.state === 'ended') return;
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    const head = this.answerHead(status, '', fields, length);
    if (this.mute) {
      this.side.out.add(head);
    } else if (typeof body === 'string' && length === body.length) {
      this.side.out.add(head + body);
    } else {
      this.side.out.add(head);
      this.side.out.addBytes(typeof body === 'string' ? Buffer.from(body) : body);
    }
    this.state = 'ended';
    this.side.answered(this.closes);
  }

  start(status: number, reason: string, fields: Fields, length: number): void {
    if (this.state === 'ended') return;
    this.side.out.add(this.answerHead(status, reason, fields, length));
    this.state = 'started';
  }

  write(chunk: Buffer): boolean {
    if (this.state === 'ended' || this.mute || chunk.length === 0) return true;
    if (this.state === 'new') throw new Error('write was called before start; begin the answer with start or use respond.');
    const room = this.left === CHUNKED ? this.writeChunk(chunk) : this.writePlain(chunk);
    if (!room) this.side.stalled();
    return room;
  }

  private writeChunk(chunk: Buffer): boolean {
    const { out } = this.side;
    out.add(chunkSize(chunk.length));
    const room = out.addBytes(chunk);
    out.add('\r\n');
    return room;
  }

  private writePlain(chunk: Buffer): boolean {
    if (this.left !== UNTIL_CLOSE) {
      if (chunk.length > this.left) throw new Error(`The answer's body is longer than announced: ${chunk.length} bytes where ${this.left} were left.`);
      this.left -= chunk.length;
    }
    return this.side.out.addBytes(chunk);
  }

  end(trailers?: Fields): void {
    if (this.state === 'ended') return;
    if (this.state === 'new') throw new Error('end was called before start; begin the answer with start or use respond.');
    if (!this.mute && this.left > 0) {
      // Shorter than announced: the client must not take it for complete.
      this.abort();
      return;
    }
    if (!this.mute && this.left === CHUNKED) this.side.out.add(lastChunk(trailers));
    this.state = 'ended';
    this.side.answered(this.closes);
  }

  takeOver(status: number, reason: string, fields: Fields): Duplex {
    if (this.state !== 'new') throw new Error('takeOver was called after the answer had begun, or on a connection that is gone.');
    if (status !== 101 && this.head.method !== 'CONNECT') throw new Error(`Status ${status} cannot take a connection over; use 101, or 2xx to CONNECT.`);
    const protocol = getField(fields, 'upgrade') ?? this.head.upgrade;
    const others = fields.filter((_, at) => fields[at - (at % 2)]?.toLowerCase() !== 'upgrade');
    this.side.out.add(`${statusLine(status, reason)}${fieldLines(others)}${status === 101 ? upgradeLines(protocol) : ''}\r\n`);
    this.state = 'ended';
    return this.side.detach();
  }

  abort(): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.side.breakOff();
  }

  /** The head as text, with framing and connection fields; fixes how the body will be written. */
  private answerHead(status: number, reason: string, fields: Fields, length: number): string {
    if (this.state !== 'new') throw new Error('An answer was begun twice for one request.');
    if (status < 200) throw new Error(`Status ${status} is not final; use inform, or takeOver for 101.`);
    const framing = this.framing(status, length);
    if (!this.closes && !this.side.mayKeep(this)) this.closes = true;
    const date = hasDate(fields) ? '' : dateLine();
    return `${statusLine(status, reason)}${fieldLines(fields)}${date}${framing}${this.connectionLine()}\r\n`;
  }

  private framing(status: number, length: number): string {
    this.mute = this.head.method === 'HEAD' || status === 204 || status === 304;
    this.left = length;
    if (this.mute) return status !== 204 && (length > 0 || (length === 0 && status !== 304)) ? `Content-Length: ${length}\r\n` : '';
    if (length >= 0) return `Content-Length: ${length}\r\n`;
    if (this.head.version !== '1.0') return 'Transfer-Encoding: chunked\r\n';
    this.left = UNTIL_CLOSE;
    this.closes = true;
    return '';
  }

  private connectionLine(): string {
    if (this.closes) return 'Connection: close\r\n';
    return this.head.version === '1.0' ? 'Connection: keep-alive\r\n' : '';
  }
}
