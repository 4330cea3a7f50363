import type { UpstreamError } from '@gatehouse/wire';
import type { Exchange } from '../contract/exchange.ts';
import type { Refusal } from '../contract/outcome.ts';

/** How a request of an API ended. Exactly one of the three kinds of end: answered (no refusal), refused by a step, failed towards the upstream. */
export interface RequestEnd {
  /** Status that the client got; 499 where it went away. */
  readonly status: number;
  /** The step's refusal, or that of the failed upstream. */
  readonly refusal: Refusal | undefined;
  /** Why no answer came from the upstream. */
  readonly failure: UpstreamError | undefined;
  /** The upstream answered (any status); false for refusals, mocks and failures. */
  readonly proxied: boolean;
}

/** Sees every request of an API once, when its answer is complete or broken off. Never waits, never throws. */
export interface Recorder {
  finished(x: Exchange, end: RequestEnd): void;
  /** Hands over what is buffered; called on a timer and at shutdown. */
  flush(): void;
}

/** What the parts of the recorder share about a finished request; the object is only good during the call. */
export interface Finish {
  readonly x: Exchange;
  readonly end: RequestEnd;
  /** Unix milliseconds, with fractions. */
  readonly at: number;
  /** Milliseconds with fractions, from the request's head to the answer's end. */
  readonly totalMs: number;
  /** Milliseconds until the upstream's head; 0 where no answer came. */
  readonly upstreamMs: number;
  /** Three letters, `''` = none, and its class (spec/gateway/analytics-and-observability.md §7). */
  readonly flag: Flag;
}

export interface Flag {
  readonly flag: string;
  readonly details: string;
}
