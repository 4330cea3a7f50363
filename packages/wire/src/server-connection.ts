import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { adopt } from './adopt.ts';
import { BodyReader } from './framing.ts';
import { MORE, RequestHeadReader } from './head.ts';
import { Inbox } from './inbox.ts';
import { Output } from './output.ts';
import { RawStream } from './raw-stream.ts';
import { BodyError, refusalOf, REFUSALS, type RefusalCode } from './refusals.ts';
import { Http1Exchange, type ServerSide } from './server-exchange.ts';
import { Deadline } from './timers.ts';
import type { BodySink, ConnectionInfo, ExchangeHandler, RequestHead, ServerHooks, ServerLimits } from './types.ts';
import { dateLine, statusLine } from './write.ts';

export const DEFAULT_SERVER_LIMITS: ServerLimits = {
  maxHeadBytes: 65_536,
  maxFields: 256,
  maxTargetBytes: 32_768,
  headTimeout: 10_000,
  bodyTimeout: 60_000,
  keepAliveTimeout: 75_000,
  writeTimeout: 120_000,
  maxRequestsPerConnection: 0,
  maxPipelined: 1,
};

/** Unread request body that is read and thrown away after an early answer, so that the connection can be kept; beyond, it is closed. */
const DRAIN_LIMIT = 262_144;
/** How long and how much is still read after our last byte, so that a reset does not take the answer away from the client (RFC 9112 §9.6). */
const LINGER_TIME = 2000;
const LINGER_LIMIT = 4_194_304;

/**
 * What the bytes that come in are taken for:
 * `head` of the next request, `body` of the current one, nothing while its answer is awaited (`wait`), thrown away before the end of the
 * connection (`discard`), or not ours any more (`gone`: taken over or closed).
 */
type Phase = 'head' | 'body' | 'wait' | 'discard' | 'gone';

/** One HTTP/1.1 connection of a client (RFC 9112). Requests are handled one after the other, so answers are in order by construction. */
export class Http1Connection implements ServerSide {
  readonly info: ConnectionInfo;
  readonly out: Output;
  onClosed: (() => void) | undefined = undefined;

  private readonly socket: Socket;
  /** What reads the socket; without, it is read as a stream. */
  private readonly inbox: Inbox | undefined;
  private readonly limits: ServerLimits;
  private readonly hooks: ServerHooks;
  private readonly handler: ExchangeHandler;
  private readonly heads: RequestHeadReader;
  private readonly body: BodyReader;
  /** Idle, head and body time-outs: only one of them runs at a time. */
  private readonly readDeadline: Deadline;
  private readonly writeDeadline: Deadline;

  private phase: Phase = 'head';
  private exchange: Http1Exchange | undefined = undefined;
  private sink: BodySink | undefined = undefined;
  /** Body bytes go to the sink, or into the drain. */
  private flowing = false;
  private drained = 0;
  /** Bytes read that nobody wants yet. */
  private stash: Buffer | undefined = undefined;
  private looping = false;
  /** Bytes after the current request are at hand. */
  private ahead = false;
  private headBegun = false;
  private requests = 0;
  /** No request after the current one. */
  private draining = false;
  /** The client sent its last byte. */
  private peerEnded = false;
  private unsent = 0;

  constructor(socket: Socket, info: ConnectionInfo, limits: ServerLimits, hooks: ServerHooks, handler: ExchangeHandler, firstBytes?: Buffer) {
    const inbox = new Inbox();
    const adopted = adopt(socket, inbox);
    this.inbox = adopted === undefined ? undefined : inbox;
    this.socket = adopted ?? socket;
    this.info = info;
    this.limits = limits;
    this.hooks = hooks;
    this.handler = handler;
    this.heads = new RequestHeadReader(limits);
    this.body = new BodyReader(limits);
    this.out = new Output(this.socket);
    this.readDeadline = new Deadline(() => this.readExpired());
    this.writeDeadline = new Deadline(() => this.writeExpired());
    this.listen();
    this.readDeadline.set(limits.keepAliveTimeout);
    if (firstBytes !== undefined && firstBytes.length > 0) this.receive(firstBytes);
  }

  private listen(): void {
    const { inbox, socket } = this;
    // A client may close its side after the last request and still wait for answers.
    socket.allowHalfOpen = true;
    socket.setNoDelay(true);
    if (inbox === undefined) socket.on('data', this.receive);
    else inbox.take = this.receive;
    socket.on('end', this.peerEnd);
    socket.on('drain', this.drain);
    socket.on('error', this.failed);
    socket.on('close', this.closed);
  }

  /** Between requests, with no byte of a next one. */
  get idle(): boolean {
    return this.phase === 'head' && this.heads.untouched;
  }

  /** Graceful: ends when the current request is answered, at once when idle. Otherwise breaks off. */
  close(graceful: boolean): void {
    if (this.phase === 'gone') return;
    if (!graceful) this.socket.destroy();
    else if (this.idle) this.lingerThenClose();
    else this.draining = true;
  }

  // What came in.

  private readonly receive = (chunk: Buffer): void => {
    const { stash } = this;
    this.stash = undefined;
    this.process(stash === undefined ? chunk : Buffer.concat([stash, chunk]));
  };

  private process(chunk: Buffer): void {
    this.looping = true;
    let at = 0;
    try {
      while (at < chunk.length) {
        if (this.phase === 'head') at = this.readHead(chunk, at);
        else if (this.phase === 'body' && this.flowing) at = this.readBodyBytes(chunk, at);
        else break;
      }
    } finally {
      this.looping = false;
    }
    this.ahead = false;
    if (at < chunk.length) this.keep(chunk, at);
    else if (this.peerEnded && this.phase === 'head') this.lingerThenClose();
  }

  /** Bytes that came too early, or too late. */
  private keep(chunk: Buffer, at: number): void {
    if (this.phase === 'discard') {
      this.drained += chunk.length - at;
      if (this.drained > LINGER_LIMIT) this.socket.destroy();
    } else if (this.phase === 'gone') {
      this.pushBack(chunk.subarray(at));
    } else {
      const rest = this.own(chunk, at, chunk.length);
      this.stash = rest;
      if (this.phase === 'body' || rest.length >= this.limits.maxPipelined * this.limits.maxHeadBytes) this.socket.pause();
    }
  }

  /** Bytes of the protocol that took over. */
  private pushBack(rest: Buffer): void {
    if (this.socket.destroyed) return;
    if (this.inbox === undefined) this.socket.unshift(rest);
    else this.inbox.take(rest);
  }

  /** A range that stays good after the call that brought the chunk. */
  private own(chunk: Buffer, from: number, to: number): Buffer {
    if (this.inbox === undefined) return from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to);
    const copy = Buffer.allocUnsafe(to - from);
    chunk.copy(copy, 0, from, to);
    return copy;
  }

  private readHead(chunk: Buffer, at: number): number {
    const end = this.heads.feed(chunk, at);
    if (end >= 0) {
      this.ahead = end < chunk.length;
      this.begin();
      return end;
    }
    if (end === MORE) {
      if (!this.headBegun) this.readDeadline.set(this.limits.headTimeout);
      this.headBegun = true;
    } else {
      this.refuse(this.heads.error ?? 'BAD_REQUEST_LINE');
    }
    return chunk.length;
  }

  private begin(): void {
    const { head } = this.heads;
    if (head === undefined) return;
    this.readDeadline.clear();
    this.requests++;
    this.drained = 0;
    this.phase = head.contentLength === 0 ? 'wait' : 'body';
    if (head.contentLength > 0) this.body.beginLength(head.contentLength);
    else if (head.contentLength < 0) this.body.beginChunked();
    this.flowing = false;
    this.exchange = new Http1Exchange(head, this);
    this.handler(this.exchange);
  }

  private readBodyBytes(chunk: Buffer, at: number): number {
    const { exchange } = this;
    this.readDeadline.set(this.limits.bodyTimeout);
    const end = this.body.feed(chunk, at, this);
    if (end < 0) {
      this.bodyFailed(this.body.error ?? 'BAD_CHUNK_SIZE');
      return chunk.length;
    }
    // The answer may have been completed from within `onData`, which begins the next request.
    if (this.body.done && this.phase === 'body' && this.exchange === exchange) this.bodyEnded();
    return end;
  }

  /** A part of the body; answers whether more may come now. */
  onPart(chunk: Buffer, from: number, to: number): boolean {
    if (this.sink === undefined) {
      this.drained += to - from;
      if (this.drained > DRAIN_LIMIT) this.lingerThenClose();
    } else if (this.sink.onData(this.own(chunk, from, to)) === false) {
      this.pauseBody();
    }
    return this.phase === 'body' && this.flowing;
  }

  private bodyEnded(): void {
    this.readDeadline.clear();
    const { sink } = this;
    this.sink = undefined;
    this.phase = 'wait';
    if (this.exchange === undefined) {
      this.next();
      return;
    }
    // A sink that paused at the last byte does not stop us from seeing the client go.
    if (this.socket.isPaused()) this.socket.resume();
    sink?.onEnd(this.body.trailers);
  }

  /** The request's body cannot be read to its end; the answer is ours unless the handler gives one now. */
  private bodyFailed(code: RefusalCode): void {
    const { exchange, sink } = this;
    this.sink = undefined;
    this.flowing = false;
    this.draining = true;
    if (exchange === undefined) {
      this.lingerThenClose();
      return;
    }
    this.hooks.refused?.(refusalOf(code), this.info);
    this.phase = 'wait';
    sink?.onError(new BodyError(code));
    if (this.exchange !== exchange) return;
    if (exchange.started) exchange.abort();
    else this.writeRefusal(code);
  }

  private refuse(code: RefusalCode): void {
    this.hooks.refused?.(refusalOf(code), this.info);
    this.writeRefusal(code);
  }

  private writeRefusal(code: RefusalCode): void {
    this.exchange?.finish();
    const { status, text } = REFUSALS[code];
    const type = text === '' ? '' : 'Content-Type: text/plain; charset=utf-8\r\n';
    this.out.add(`${statusLine(status, '')}${type}${dateLine()}Content-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`);
    this.lingerThenClose();
  }

  // What exchanges ask for.

  mayKeep(exchange: Http1Exchange): boolean {
    const { head } = exchange;
    if (this.draining || (this.peerEnded && this.stash === undefined && !this.ahead) || this.hooks.closeConnections === true || this.heads.close) return false;
    if (head.version === '1.0' && !this.heads.keepAlive) return false;
    if (this.limits.maxRequestsPerConnection > 0 && this.requests >= this.limits.maxRequestsPerConnection) return false;
    // CONNECT that was not granted, or a body that nobody will read: what follows could be taken for a request.
    return head.method !== 'CONNECT' && !this.bodyStands(head);
  }

  private bodyStands(head: RequestHead): boolean {
    return this.phase === 'body' && this.sink === undefined && (head.expectContinue || this.body.remaining > DRAIN_LIMIT);
  }

  readBody(sink: BodySink): void {
    const { exchange } = this;
    if (exchange === undefined) return;
    if (exchange.head.contentLength === 0) {
      sink.onEnd(undefined);
      return;
    }
    if (this.sink !== undefined || this.phase !== 'body') throw new Error('readBody was called twice for one request.');
    this.sink = sink;
    if (exchange.head.expectContinue && !exchange.started) exchange.inform(100, []);
    this.resumeBody();
  }

  pauseBody(): void {
    if (this.phase !== 'body') return;
    this.flowing = false;
    this.readDeadline.clear();
    this.socket.pause();
  }

  resumeBody(): void {
    if (this.phase !== 'body' || this.flowing) return;
    this.flowing = true;
    this.readDeadline.set(this.limits.bodyTimeout);
    this.readOn();
  }

  /** Goes on with bytes kept, then with the socket. */
  private readOn(): void {
    if (this.socket.isPaused()) this.socket.resume();
    if (this.looping || this.stash === undefined) return;
    const { stash } = this;
    this.stash = undefined;
    this.process(stash);
  }

  answered(close: boolean): void {
    this.exchange = undefined;
    this.sink = undefined;
    if (!this.out.flush()) this.stalled();
    if (close) this.lingerThenClose();
    else if (this.phase === 'wait' || this.body.done) this.next();
    else if (!this.flowing) this.resumeBody();
  }

  /** The next request, or the end where there is to be none. */
  private next(): void {
    this.phase = 'head';
    this.headBegun = false;
    this.heads.next();
    if (this.draining || (this.peerEnded && this.stash === undefined && !this.looping)) {
      this.lingerThenClose();
      return;
    }
    this.readDeadline.set(this.limits.keepAliveTimeout);
    if (this.stash !== undefined || this.socket.isPaused()) this.readOn();
  }

  stalled(): void {
    if (this.writeDeadline.armed) return;
    this.unsent = unsentBytes(this.socket);
    this.writeDeadline.set(this.limits.writeTimeout);
  }

  breakOff(): void {
    this.exchange = undefined;
    // A plain end would look like the end of a body that goes on until close.
    if (this.socket.destroyed) return;
    if ('encrypted' in this.socket) this.socket.destroy();
    else this.socket.resetAndDestroy();
  }

  detach(): Duplex {
    if (this.phase !== 'wait') throw new Error('takeOver was called before the request body was read.');
    this.phase = 'gone';
    this.exchange = undefined;
    this.out.flush();
    this.release();
    this.socket.pause();
    this.socket.off('data', this.receive).off('end', this.peerEnd).off('drain', this.drain).off('error', this.failed);
    const { stash } = this;
    this.stash = undefined;
    const stream = this.inbox === undefined ? this.socket : new RawStream(this.socket, this.inbox);
    if (stash !== undefined) this.pushBack(stash);
    return stream;
  }

  // The end.

  /** Sends what is left and our end, then reads on for a while without looking at it. */
  private lingerThenClose(): void {
    if (this.phase === 'gone' || this.phase === 'discard') return;
    this.phase = 'discard';
    this.exchange = undefined;
    this.sink = undefined;
    this.stash = undefined;
    this.drained = 0;
    if (!this.out.flush()) this.stalled();
    this.socket.end();
    this.socket.resume();
    this.readDeadline.set(LINGER_TIME);
  }

  private readExpired(): void {
    if (this.phase === 'discard') {
      if (this.socket.writableLength > 0) this.readDeadline.set(LINGER_TIME);
      else this.socket.destroy();
    } else if (this.phase === 'body') {
      this.bodyFailed('BODY_TIMEOUT');
    } else if (this.headBegun) {
      this.refuse('HEAD_TIMEOUT');
    } else {
      this.lingerThenClose();
    }
  }

  private writeExpired(): void {
    const unsent = unsentBytes(this.socket);
    if (unsent === 0) return;
    if (unsent >= this.unsent) {
      this.socket.destroy();
      return;
    }
    this.unsent = unsent;
    this.writeDeadline.set(this.limits.writeTimeout);
  }

  private readonly drain = (): void => {
    this.writeDeadline.clear();
    this.exchange?.onDrain?.();
  };

  private readonly peerEnd = (): void => {
    this.peerEnded = true;
    // A client that goes closes in this way as well; nobody would read what an upstream goes on working for.
    const abandoned = this.phase === 'wait' && this.stash === undefined && !this.ahead;
    if (this.phase === 'body' || abandoned) {
      this.lost();
      this.socket.destroy();
    } else if (this.phase === 'head') {
      this.lingerThenClose();
    }
  };

  private readonly failed = (): void => {
    this.socket.destroy();
  };

  private readonly closed = (): void => {
    const wasOurs = this.phase !== 'gone';
    if (wasOurs) this.lost();
    this.phase = 'gone';
    this.release();
    this.onClosed?.();
  };

  /** Tells body sink and exchange that the client is gone. */
  private lost(): void {
    const { exchange, sink } = this;
    this.exchange = undefined;
    this.sink = undefined;
    this.stash = undefined;
    exchange?.finish();
    sink?.onError(new BodyError('CLIENT_CLOSED'));
    exchange?.onAbort?.();
  }

  private release(): void {
    this.readDeadline.stop();
    this.writeDeadline.stop();
  }
}

/** Bytes the kernel did not take yet. The handle knows how much of a large buffer is left, which the stream does not. */
function unsentBytes(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { _handle?: { writeQueueSize?: number } };
  return handle?.writeQueueSize ?? socket.writableLength;
}
