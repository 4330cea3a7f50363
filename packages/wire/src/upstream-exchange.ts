import type { AnswerSink, ClientExchange, Fields, UpstreamRequest } from './types.ts';
import { fieldLines, requestLine, upgradeLines } from './write.ts';

/** Methods whose absent body is stated (RFC 9110 §8.6). */
const STATES_EMPTY_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** The head of a request as text, without the line that ends it. Throws on fields that would change the message's structure. */
export function requestHead(request: UpstreamRequest): string {
  const { contentLength, method } = request;
  let framing = '';
  if (contentLength > 0) framing = `Content-Length: ${contentLength}\r\n`;
  else if (contentLength < 0) framing = 'Transfer-Encoding: chunked\r\n';
  else if (STATES_EMPTY_BODY.has(method)) framing = 'Content-Length: 0\r\n';
  const upgrade = request.upgrade === '' ? '' : upgradeLines(request.upgrade);
  return requestLine(method, request.path) + fieldLines(request.fields) + framing + upgrade;
}

/**
 * A request on its way to an upstream, from the moment it is asked for: keeps what the caller writes until there is a connection, and hands
 * everything on to whatever carries it then.
 */
export class UpstreamExchange implements ClientExchange {
  readonly request: UpstreamRequest;
  readonly sink: AnswerSink;
  /** For HTTP/1.1, made before a connection is taken, so that bad fields throw where the caller can see it. */
  readonly headText: string;
  /** The last call to the sink was made, or the caller gave up. */
  over = false;
  /** It was sent on a reused connection that broke, and is sent once more. */
  retried = false;
  /** A byte of a streamed body was handed on: it cannot be sent again. */
  spent = false;

  private carrier: ClientExchange | undefined = undefined;
  private chunks: Buffer[] = [];
  private ended = false;
  private trailers: Fields | undefined = undefined;
  private paused = false;

  constructor(request: UpstreamRequest, sink: AnswerSink, headText: string) {
    this.request = request;
    this.sink = sink;
    this.headText = headText;
  }

  /** The whole request is written with its head. */
  get whole(): boolean {
    return this.request.body !== undefined || this.request.contentLength === 0;
  }

  /** May be sent again after a connection broke before any byte of the answer. */
  get repeatable(): boolean {
    return this.request.repeatable && !this.retried && !this.over && (this.whole || !this.spent);
  }

  /** Takes a carrier, or none again before a retry; gives it what was written so far. */
  carriedBy(carrier: ClientExchange | undefined): void {
    this.carrier = carrier;
    if (carrier === undefined || this.over) return;
    if (this.paused) carrier.pause();
    if (this.whole) return;
    const { chunks } = this;
    this.chunks = [];
    let room = true;
    for (const chunk of chunks) room = this.write(chunk);
    if (this.ended) carrier.end(this.trailers);
    else if (room && chunks.length > 0) this.sink.onDrain?.();
  }

  write(chunk: Buffer): boolean {
    if (this.over || chunk.length === 0) return true;
    if (this.carrier === undefined) {
      this.chunks.push(chunk);
      return false;
    }
    this.spent = true;
    return this.carrier.write(chunk);
  }

  end(trailers?: Fields): void {
    if (this.over || this.ended) return;
    this.ended = true;
    this.trailers = trailers;
    if (!this.whole) this.carrier?.end(trailers);
  }

  pause(): void {
    this.paused = true;
    if (!this.over) this.carrier?.pause();
  }

  resume(): void {
    this.paused = false;
    if (!this.over) this.carrier?.resume();
  }

  abort(): void {
    if (this.over) return;
    this.over = true;
    this.carrier?.abort();
  }
}
