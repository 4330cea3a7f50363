import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { appendFields, fieldsObject } from './http2-fields.ts';
import { BodyError, REFUSALS, type RefusalCode } from './refusals.ts';
import type { BodySink, ConnectionInfo, Fields, RequestHead, ServerExchange } from './types.ts';

/** What an exchange needs of its connection. */
export interface Http2Side {
  readonly info: ConnectionInfo;
  refused(code: RefusalCode): void;
  /** The connection takes no request after this one. */
  lastOne(): void;
  /** The client broke the stream off before its answer was complete. */
  clientReset(): void;
  closed(exchange: Http2Exchange): void;
}

/** Large bodies are handed over in pieces, so that progress can be seen. */
const PIECE = 65_536;

/** Unread request body that is taken and thrown away after an early answer before the stream is reset. */
const DRAIN_LIMIT = 262_144;

/** `deferred`: the head waits, because only the end tells whether trailers follow an answer without a body. */
type State = 'new' | 'deferred' | 'started' | 'ended';

/** One stream of an HTTP/2 connection as an exchange (RFC 9113 §8.1). */
export class Http2Exchange implements ServerExchange {
  readonly head: RequestHead;
  onDrain: (() => void) | undefined = undefined;
  onAbort: (() => void) | undefined = undefined;
  /** Looks of the connection's clock since something moved; see `idleReads` and `idleWrites`. */
  private readLooks = 0;
  private writeLooks = 0;

  private readonly stream: ServerHttp2Stream;
  private readonly side: Http2Side;
  private state: State = 'new';
  private list: string[] = [];
  private left = -1;
  /** The answer has no body, whatever is written. */
  private readonly headOnly: boolean;
  private mute = false;
  private trailers: Record<string, string[]> = {};
  private sink: BodySink | undefined = undefined;
  private bodyTrailers: Fields | undefined = undefined;
  /** The request's last byte was taken by the sink, or there was none. */
  private bodyDone: boolean;
  private reading = false;

  constructor(stream: ServerHttp2Stream, head: RequestHead, side: Http2Side) {
    this.stream = stream;
    this.head = head;
    this.side = side;
    this.headOnly = head.method === 'HEAD';
    this.bodyDone = head.contentLength === 0;
    stream.on('aborted', this.lost);
    stream.on('close', this.closed);
  }

  get connection(): ConnectionInfo {
    return this.side.info;
  }

  // The request's body.

  readBody(sink: BodySink): void {
    if (this.state === 'ended') return;
    if (this.bodyDone) {
      sink.onEnd(undefined);
      return;
    }
    if (this.sink !== undefined) throw new Error('readBody was called twice for one request.');
    this.sink = sink;
    if (this.head.expectContinue && this.state === 'new') this.inform(100, []);
    this.reading = true;
    this.stream.on('trailers', (_headers: unknown, _flags: number, raw: string[]) => (this.bodyTrailers = raw));
    this.stream.on('end', this.bodyEnded);
    this.stream.on('data', this.bodyPart);
  }

  pauseBody(): void {
    if (this.sink === undefined) return;
    this.reading = false;
    this.stream.pause();
  }

  resumeBody(): void {
    if (this.sink === undefined) return;
    this.reading = true;
    this.readLooks = 0;
    this.stream.resume();
  }

  private readonly bodyPart = (chunk: Buffer): void => {
    this.readLooks = 0;
    if (this.sink?.onData(chunk) === false) this.pauseBody();
  };

  private readonly bodyEnded = (): void => {
    const { sink } = this;
    this.sink = undefined;
    this.reading = false;
    this.bodyDone = true;
    sink?.onEnd(this.bodyTrailers);
  };

  private dropBody(code: RefusalCode | 'CLIENT_CLOSED'): void {
    const { sink } = this;
    this.sink = undefined;
    this.reading = false;
    sink?.onError(new BodyError(code));
  }

  // The answer.

  inform(status: number, fields: Fields): void {
    if (status < 100 || status > 199 || status === 101) throw new Error(`Status ${status} is no interim answer; inform takes 100 and 102 to 199.`);
    if (this.state !== 'new') return;
    if (status === 100) this.head.expectContinue = false;
    this.stream.additionalHeaders({ ':status': status, ...fieldsObject(fields) });
  }

  respond(status: number, fields: Fields, body: string | Buffer): void {
    if (this.state === 'ended') return;
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    this.prepare(status, fields, bytes.length);
    const endStream = this.mute || bytes.length === 0;
    this.stream.respond(this.list, { endStream });
    if (!endStream) this.writePieces(bytes);
    this.finish();
  }

  start(status: number, _reason: string, fields: Fields, length: number): void {
    if (this.state === 'ended') return;
    this.prepare(status, fields, length);
    if (length === 0 && !this.mute) {
      this.state = 'deferred';
      return;
    }
    this.state = 'started';
    if (this.mute) this.stream.respond(this.list, { endStream: true });
    else this.open();
  }

  /** Without `waitForTrailers` node:http2 marks the body's end even when a stream is reset half way. */
  private open(): void {
    this.stream.on('wantTrailers', () => this.stream.sendTrailers(this.trailers));
    this.stream.on('drain', this.drained);
    this.stream.respond(this.list, { waitForTrailers: true });
  }

  write(chunk: Buffer): boolean {
    if (this.state === 'ended' || this.mute || chunk.length === 0) return true;
    if (this.state === 'new') throw new Error('write was called before start; begin the answer with start or use respond.');
    if (this.left !== -1) {
      if (chunk.length > this.left) throw new Error(`The answer's body is longer than announced: ${chunk.length} bytes where ${this.left} were left.`);
      this.left -= chunk.length;
    }
    return this.writePieces(chunk);
  }

  end(trailers?: Fields): void {
    if (this.state === 'ended') return;
    if (this.state === 'new') throw new Error('end was called before start; begin the answer with start or use respond.');
    if (!this.mute && this.left > 0) {
      // Shorter than announced: the client must not take it for complete.
      this.abort();
      return;
    }
    if (trailers !== undefined) this.trailers = fieldsObject(trailers);
    if (this.state === 'deferred' && (trailers === undefined || trailers.length === 0)) this.stream.respond(this.list, { endStream: true });
    else if (this.state === 'deferred') this.open();
    this.finish();
  }

  takeOver(): Duplex {
    throw new Error('A stream of HTTP/2 cannot be taken over; answer upgrade requests over HTTP/2 with an error status.');
  }

  abort(): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.sink = undefined;
    this.reading = false;
    this.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  closeAfter(): void {
    if (this.state === 'new') this.side.lastOne();
  }

  private prepare(status: number, fields: Fields, length: number): void {
    if (this.state !== 'new') throw new Error('An answer was begun twice for one request.');
    if (status < 200) throw new Error(`Status ${status} is not final; use inform, or takeOver for 101.`);
    this.mute = this.headOnly || status === 204 || status === 304;
    this.left = length;
    this.list = [':status', String(status)];
    appendFields(this.list, fields);
    // An answer without a body ends with its head: gRPC tells errors so, and its clients expect no length there.
    if (status !== 204 && (length > 0 || (length === 0 && this.headOnly))) this.list.push('content-length', String(length));
  }

  private writePieces(bytes: Buffer): boolean {
    let room = true;
    for (let at = 0; at < bytes.length; at += PIECE) {
      room = this.stream.write(bytes.length <= PIECE ? bytes : bytes.subarray(at, at + PIECE), this.wrote);
    }
    return room;
  }

  private readonly wrote = (): void => {
    this.writeLooks = 0;
  };

  private readonly drained = (): void => {
    if (this.state !== 'ended') this.onDrain?.();
  };

  private finish(): void {
    this.state = 'ended';
    this.writeLooks = 0;
    this.stream.end();
    if (!this.bodyDone) this.drain();
  }

  /** A body that is still coming after the answer's end is not wanted any more (RFC 9113 §8.1). */
  private drain(): void {
    let drained = 0;
    this.sink = undefined;
    this.reading = false;
    this.stream.on('data', (chunk: Buffer) => {
      drained += chunk.length;
      if (drained <= DRAIN_LIMIT) return;
      // A reset would also take the rest of the answer away.
      if (this.stream.writableFinished) this.stream.close(constants.NGHTTP2_NO_ERROR);
      else this.stream.pause();
    });
    this.stream.resume();
  }

  // The client went away.

  private readonly lost = (): void => {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.side.clientReset();
    this.dropBody('CLIENT_CLOSED');
    this.onAbort?.();
  };

  private readonly closed = (): void => {
    this.lost();
    this.side.closed(this);
  };

  // Time-outs, in looks of the connection's clock.

  /** Looks that passed while a body was awaited, this one included. */
  idleReads(): number {
    return this.reading ? ++this.readLooks : 0;
  }

  /** Looks that passed while bytes of the answer waited for the client, this one included. */
  idleWrites(): number {
    return this.state === 'ended' || this.stream.writableLength > 0 ? ++this.writeLooks : 0;
  }

  readExpired(): void {
    this.side.refused('BODY_TIMEOUT');
    this.dropBody('BODY_TIMEOUT');
    if (this.state === 'new') this.respondLate();
    else this.abort();
  }

  private respondLate(): void {
    const { status, text } = REFUSALS.BODY_TIMEOUT;
    this.respond(status, ['content-type', 'text/plain; charset=utf-8'], text);
  }

  writeExpired(): void {
    this.lost();
    this.stream.close(constants.NGHTTP2_CANCEL);
    this.stream.destroy();
  }
}

/** Answers a request that never becomes an exchange. */
export function refuseStream(stream: ServerHttp2Stream, code: RefusalCode): void {
  const { status, text } = REFUSALS[code];
  stream.respond([':status', String(status), 'content-type', 'text/plain; charset=utf-8', 'content-length', String(text.length)]);
  stream.end(text);
}
