import type { Socket } from 'node:net';
import { BodyReader } from './framing.ts';
import { AnswerHeadReader, MORE } from './head.ts';
import { Output } from './output.ts';
import type { Inbox } from './inbox.ts';
import { RawStream } from './raw-stream.ts';
import type { RefusalCode } from './refusals.ts';
import { Deadline } from './timers.ts';
import type { AnswerHead, ClientExchange, Fields, PoolLimits, UpstreamPhase } from './types.ts';
import { badAnswer, fromSystem, WireUpstreamError } from './upstream-error.ts';
import type { UpstreamExchange } from './upstream-exchange.ts';
import { chunkSize, lastChunk } from './write.ts';

/** Interim answers to one request; more is an attack or a loop. */
const MAX_INTERIM = 32;

/** What a connection tells the pool. */
export interface ConnectionOwner {
  /** Fit for another request. */
  released(connection: ClientConnection): void;
  /** Not to be used any more; called once. */
  closed(connection: ClientConnection): void;
  /** The reused connection was closed before a byte came back. */
  retry(exchange: UpstreamExchange): void;
}

/** What the bytes that come in are taken for: nothing is due (`idle`), an answer's head or body, or they are not ours (`gone`). */
type Phase = 'idle' | 'head' | 'body' | 'gone';

/** One HTTP/1.1 connection to an upstream, which carries one exchange at a time. */
export class ClientConnection implements ClientExchange {
  private readonly socket: Socket;
  private readonly inbox: Inbox | undefined;
  private readonly limits: PoolLimits;
  private readonly owner: ConnectionOwner;
  private readonly heads: AnswerHeadReader;
  private readonly body: BodyReader;
  private readonly out: Output;
  /** Idle time, or the wait for an answer's head. */
  private readonly deadline: Deadline;
  private readonly born = performance.now();

  private phase: Phase = 'idle';
  private exchange: UpstreamExchange | undefined = undefined;
  private served = 0;
  /** The request is written to its end. */
  private sent = false;
  /** Body bytes of the request that are still owed; -1 for chunked. */
  private owed = 0;
  private interim = 0;
  /** A byte of the answer came. */
  private answered = false;
  private paused = false;
  private stash: Buffer | undefined = undefined;
  private reported = false;

  constructor(socket: Socket, inbox: Inbox | undefined, limits: PoolLimits, owner: ConnectionOwner) {
    this.socket = socket;
    this.inbox = inbox;
    this.limits = limits;
    this.owner = owner;
    this.heads = new AnswerHeadReader(limits);
    this.body = new BodyReader(limits);
    this.out = new Output(socket);
    this.deadline = new Deadline(() => this.expired());
    if (inbox === undefined) socket.on('data', this.receive);
    else inbox.take = this.receive;
    socket.on('end', this.peerEnd);
    socket.on('drain', this.drain);
    socket.on('error', this.failed);
    socket.on('close', this.closed);
  }

  /** Time since it was opened, in milliseconds. */
  get age(): number {
    return performance.now() - this.born;
  }

  /** Waits for the next request. */
  rest(): void {
    this.deadline.set(this.limits.idleTimeout);
  }

  close(): void {
    this.socket.destroy();
  }

  // The request.

  send(exchange: UpstreamExchange): void {
    const { request } = exchange;
    this.exchange = exchange;
    this.phase = 'head';
    this.sent = false;
    this.answered = false;
    this.paused = false;
    this.interim = 0;
    this.served++;
    this.owed = request.contentLength;
    this.deadline.clear();
    this.heads.begin(request.method);
    this.out.add(exchange.headText + (this.limits.closeAfterUse && request.upgrade === '' ? 'Connection: close\r\n\r\n' : '\r\n'));
    if (request.body !== undefined && request.body.length > 0) this.out.addBytes(request.body);
    if (exchange.whole) this.requestSent();
    else this.deadline.set(this.limits.bodyTimeout);
    exchange.carriedBy(this);
  }

  private requestSent(): void {
    this.sent = true;
    this.out.flush();
    const timeout = this.exchange?.request.headTimeout ?? 0;
    if (this.phase === 'head') this.deadline.set(timeout);
  }

  write(chunk: Buffer): boolean {
    if (this.sent) return true;
    this.deadline.set(this.limits.bodyTimeout);
    if (this.owed < 0) {
      this.out.add(chunkSize(chunk.length));
      const room = this.out.addBytes(chunk);
      this.out.add('\r\n');
      return room;
    }
    if (chunk.length > this.owed) {
      throw new Error(`The request's body is longer than its contentLength: ${chunk.length} bytes where ${this.owed} were left.`);
    }
    this.owed -= chunk.length;
    return this.out.addBytes(chunk);
  }

  end(trailers?: Fields): void {
    if (this.sent) return;
    if (this.owed > 0) throw new Error(`The request's body is shorter than its contentLength: ${this.owed} bytes are missing. Use abort to give up.`);
    if (this.owed < 0) this.out.add(lastChunk(trailers));
    this.requestSent();
  }

  pause(): void {
    this.paused = true;
    this.deadline.clear();
    this.socket.pause();
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.deadline.set(this.limits.bodyTimeout);
    this.socket.resume();
    const { stash } = this;
    if (stash === undefined) return;
    this.stash = undefined;
    this.receive(stash);
  }

  abort(): void {
    this.exchange = undefined;
    this.leave();
    this.socket.destroy();
  }

  // The answer.

  private readonly receive = (chunk: Buffer): void => {
    this.answered = true;
    let at = 0;
    while (at < chunk.length) {
      if (this.paused) {
        this.stash = this.own(chunk, at, chunk.length);
        return;
      }
      if (this.phase === 'head') at = this.readHead(chunk, at);
      else if (this.phase === 'body') at = this.readBody(chunk, at);
      else break;
    }
    if (at < chunk.length) this.surplus(chunk, at);
  };

  /** A range that stays good after the call that brought the chunk. */
  private own(chunk: Buffer, from: number, to: number): Buffer {
    if (this.inbox === undefined) return from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to);
    const copy = Buffer.allocUnsafe(to - from);
    chunk.copy(copy, 0, from, to);
    return copy;
  }

  /** Bytes after the end of an answer: of the protocol that was switched to, or of nothing that we asked for. */
  private surplus(chunk: Buffer, at: number): void {
    if (this.phase === 'gone') {
      if (this.socket.destroyed) return;
      if (this.inbox === undefined) this.socket.unshift(chunk.subarray(at));
      else this.inbox.take(chunk.subarray(at));
      return;
    }
    this.leave();
    this.socket.destroy();
  }

  private readHead(chunk: Buffer, at: number): number {
    const end = this.heads.feed(chunk, at);
    if (end >= 0) {
      const { head } = this.heads;
      if (head !== undefined) this.takeHead(head, end === chunk.length);
      return end;
    }
    if (end !== MORE) this.reject(this.heads.error ?? 'BAD_STATUS_LINE');
    return chunk.length;
  }

  private takeHead(head: AnswerHead, atEnd: boolean): void {
    const { exchange } = this;
    if (exchange === undefined) return;
    const connected = exchange.request.method === 'CONNECT' && head.status >= 200 && head.status < 300;
    if (head.status === 101 || connected) this.switchProtocol(head, exchange);
    else if (head.status < 200) this.takeInterim(head, exchange);
    else this.takeFinal(head, exchange, atEnd);
  }

  private takeInterim(head: AnswerHead, exchange: UpstreamExchange): void {
    if (++this.interim > MAX_INTERIM) {
      this.reject('TOO_MANY_INTERIM');
      return;
    }
    this.heads.begin(exchange.request.method);
    exchange.sink.onInformation?.(head);
  }

  private takeFinal(head: AnswerHead, exchange: UpstreamExchange, atEnd: boolean): void {
    this.deadline.clear();
    const { framing } = this.heads;
    if (framing === 'length') this.body.beginLength(head.contentLength);
    else if (framing === 'chunked') this.body.beginChunked();
    else if (framing === 'close') this.body.beginUntilClose();
    if (framing !== 'none') {
      this.phase = 'body';
      this.deadline.set(this.limits.bodyTimeout);
    }
    exchange.sink.onHead(head);
    if (framing === 'none' && this.exchange === exchange) this.complete(undefined, atEnd);
  }

  private readBody(chunk: Buffer, at: number): number {
    const { exchange } = this;
    const end = this.body.feed(chunk, at, this);
    if (end < 0) {
      this.reject(this.body.error ?? 'BAD_CHUNK_SIZE');
      return chunk.length;
    }
    if (this.body.done && this.exchange === exchange && exchange !== undefined) this.complete(this.body.trailers, end === chunk.length);
    return end;
  }

  /** A part of the body; answers whether more may come now. */
  onPart(chunk: Buffer, from: number, to: number): boolean {
    const { exchange } = this;
    if (exchange === undefined) return false;
    this.deadline.set(this.limits.bodyTimeout);
    if (exchange.sink.onData(this.own(chunk, from, to)) === false) this.pause();
    return !this.paused && this.exchange === exchange;
  }

  /** The answer is complete; the connection is given back first, so that what the sink does next can use it. */
  private complete(trailers: Fields | undefined, atEnd: boolean): void {
    const { exchange } = this;
    if (exchange === undefined) return;
    this.exchange = undefined;
    this.phase = 'idle';
    exchange.over = true;
    if (this.paused) this.resume();
    if (this.mayKeep(atEnd)) {
      this.owner.released(this);
    } else {
      this.leave();
      this.socket.destroy();
    }
    exchange.sink.onEnd(trailers);
  }

  /** Not while the request is half sent, nor with bytes that nobody asked for. */
  private mayKeep(atEnd: boolean): boolean {
    return atEnd && this.sent && this.heads.reusable && !this.limits.closeAfterUse && !this.socket.destroyed;
  }

  private switchProtocol(head: AnswerHead, exchange: UpstreamExchange): void {
    const { sink, request } = exchange;
    const asked = request.upgrade !== '' || request.method === 'CONNECT';
    if (!asked || sink.onUpgrade === undefined || !this.sent) {
      this.reject('UNASKED_UPGRADE');
      return;
    }
    this.exchange = undefined;
    this.phase = 'gone';
    exchange.over = true;
    this.deadline.stop();
    this.socket.pause();
    this.socket.off('data', this.receive).off('end', this.peerEnd).off('drain', this.drain).off('error', this.failed);
    sink.onUpgrade(head, this.inbox === undefined ? this.socket : new RawStream(this.socket, this.inbox));
  }

  // The end.

  private expired(): void {
    if (this.phase === 'body') this.fail(new WireUpstreamError('BODY_TIMEOUT', 'body', true, 'The upstream fell silent in the middle of its answer.'));
    else if (this.phase === 'head' && !this.sent)
      this.fail(new WireUpstreamError('BODY_TIMEOUT', 'request', this.answered, 'The body of the request stalled.'));
    else if (this.phase === 'head') this.fail(new WireUpstreamError('HEAD_TIMEOUT', 'head', this.answered, 'The upstream did not answer in time.'));
    else this.close();
  }

  private reject(code: RefusalCode): void {
    this.fail(badAnswer(code, this.phase === 'body' ? 'body' : 'head'));
  }

  private fail(error: WireUpstreamError): void {
    const { exchange } = this;
    this.exchange = undefined;
    this.leave();
    this.socket.destroy();
    if (exchange === undefined || exchange.over) return;
    exchange.over = true;
    exchange.sink.onError(error);
  }

  private get exchangePhase(): UpstreamPhase {
    if (this.phase === 'body') return 'body';
    return this.sent ? 'head' : 'request';
  }

  private readonly failed = (error: Error): void => {
    this.broken(fromSystem(error, this.exchangePhase, this.answered));
  };

  private readonly peerEnd = (): void => {
    if (this.phase === 'body' && this.body.untilClose) this.complete(undefined, false);
    else this.broken(new WireUpstreamError('CLOSED', this.exchangePhase, this.answered, 'The upstream closed the connection before its answer was complete.'));
  };

  /** The connection broke; a request that a reused connection never answered may go out again. */
  private broken(error: WireUpstreamError): void {
    const { exchange } = this;
    if (exchange === undefined || this.answered || this.served < 2 || !exchange.repeatable) {
      this.fail(error);
      return;
    }
    this.exchange = undefined;
    exchange.retried = true;
    exchange.carriedBy(undefined);
    this.owner.retry(exchange);
    this.leave();
    this.socket.destroy();
  }

  private readonly drain = (): void => {
    this.exchange?.sink.onDrain?.();
  };

  private readonly closed = (): void => {
    if (this.exchange !== undefined) this.peerEnd();
    this.leave();
  };

  private leave(): void {
    this.deadline.stop();
    this.phase = 'gone';
    if (this.reported) return;
    this.reported = true;
    this.owner.closed(this);
  }
}
