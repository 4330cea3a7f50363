import type { Duplex } from 'node:stream';
import type { AnswerHead, AnswerSink, Fields, UpstreamError } from './types.ts';
import type { UpstreamExchange } from './upstream-exchange.ts';

/** How a connection that was closed in silence shows itself. */
const BROKEN: ReadonlySet<string> = new Set(['CLOSED', 'ECONNRESET', 'EPIPE']);

/**
 * Hands the answer to a request over HTTP/2 on to its sink. A request that the upstream did not look at, as when it crosses a GOAWAY, goes
 * out once more (RFC 9113 §8.7); so does a repeatable one on a reused connection that broke before a byte of the answer.
 */
export class RetryingSink implements AnswerSink {
  private readonly exchange: UpstreamExchange;
  private readonly reused: boolean;
  private readonly again: (exchange: UpstreamExchange) => void;

  constructor(exchange: UpstreamExchange, reused: boolean, again: (exchange: UpstreamExchange) => void) {
    this.exchange = exchange;
    this.reused = reused;
    this.again = again;
  }

  onInformation(head: AnswerHead): void {
    this.exchange.sink.onInformation?.(head);
  }

  onHead(head: AnswerHead): void {
    this.exchange.sink.onHead(head);
  }

  onData(chunk: Buffer): boolean | void {
    return this.exchange.sink.onData(chunk);
  }

  onDrain(): void {
    this.exchange.sink.onDrain?.();
  }

  onUpgrade(head: AnswerHead, stream: Duplex): void {
    this.exchange.sink.onUpgrade?.(head, stream);
  }

  onEnd(trailers: Fields | undefined): void {
    this.exchange.over = true;
    this.exchange.sink.onEnd(trailers);
  }

  onError(error: UpstreamError): void {
    const { exchange } = this;
    if (this.mayRepeat(error)) {
      exchange.retried = true;
      exchange.carriedBy(undefined);
      this.again(exchange);
      return;
    }
    exchange.over = true;
    exchange.sink.onError(error);
  }

  private mayRepeat(error: UpstreamError): boolean {
    const { exchange } = this;
    if (error.code === 'REFUSED_STREAM') return !exchange.retried && !exchange.over && (exchange.whole || !exchange.spent);
    return this.reused && !error.answered && BROKEN.has(error.code) && exchange.repeatable;
  }
}
