import type { Duplex } from 'node:stream';
import type { AnswerHead, AnswerSink, BodySink, ClientExchange, Fields, Pool, UpstreamError, UpstreamRequest } from '@gatehouse/wire';
import type { UpstreamPlan, UpstreamTarget } from '../contract/compiled.ts';
import type { Exchange } from '../contract/exchange.ts';
import type { Log } from '../contract/site.ts';

/** What `forward` needs of the thread. */
export interface ForwardSettings {
  readonly pool: Pool;
  readonly userAgent: string;
  readonly headTimeoutMs: number;
  readonly websockets: boolean;
  readonly log: Log;
}

/** Receives what became of an attempt. The head comes once; then data until `done`, or `failed` at any point. */
export interface Arrival {
  head(head: AnswerHead): void;
  /** False pauses the upstream. */
  data(chunk: Buffer): boolean | void;
  done(trailers: Fields | undefined): void;
  failed(error: UpstreamError): void;
  /** The client's body could not be read to its end. */
  bodyFailed(error: Error): void;
  upgraded(head: AnswerHead, stream: Duplex): void;
}

/** The target whose turn it is; undefined where there is none. */
export function chooseTarget(plan: UpstreamPlan): UpstreamTarget | undefined {
  const { targets } = plan;
  return targets.length < 2 ? targets[0] : targets[plan.turn.next(targets.length)];
}

/** One attempt at an upstream: sends the request, streams the client's body to it, hands the answer to `arrival`. */
export class Attempt implements AnswerSink {
  private readonly x: Exchange;
  private readonly arrival: Arrival;
  private readonly settings: ForwardSettings;
  private readonly client: ClientExchange;
  private bodyPaused = false;

  constructor(x: Exchange, target: UpstreamTarget, path: string, fields: Fields, settings: ForwardSettings, arrival: Arrival) {
    this.x = x;
    this.arrival = arrival;
    this.settings = settings;
    const request = describe(x, path, fields, settings);
    this.client = settings.pool.request(target.origin, request, this);
    if (request.contentLength !== 0 && !request.body) x.wire.readBody(this.bodySink());
  }

  pause(): void {
    this.client.pause();
  }

  resume(): void {
    this.client.resume();
  }

  abort(): void {
    this.client.abort();
  }

  // Answer of the upstream.

  onHead(head: AnswerHead): void {
    try {
      this.arrival.head(head);
    } catch (error) {
      this.broken(error);
    }
  }

  onData(chunk: Buffer): boolean | void {
    try {
      return this.arrival.data(chunk);
    } catch (error) {
      return this.broken(error);
    }
  }

  onEnd(trailers: Fields | undefined): void {
    try {
      this.arrival.done(trailers);
    } catch (error) {
      this.broken(error);
    }
  }

  /** What the arrival throws is our bug: it costs this request, never the thread with all the others. */
  private broken(error: unknown): void {
    this.settings.log('error', 'answer failed', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    this.client.abort();
    this.x.wire.abort();
  }

  onError(error: Error): void {
    this.arrival.failed(error as UpstreamError);
  }

  onUpgrade(head: AnswerHead, stream: Duplex): void {
    this.arrival.upgraded(head, stream);
  }

  onDrain(): void {
    if (!this.bodyPaused) return;
    this.bodyPaused = false;
    this.x.wire.resumeBody();
  }

  /** Body of the client, streamed to the upstream at the upstream's pace. */
  private bodySink(): BodySink {
    return {
      onData: (chunk) => {
        this.bodyPaused = !this.client.write(chunk);
        return !this.bodyPaused;
      },
      onEnd: (trailers) => this.client.end(trailers),
      onError: (error) => {
        this.client.abort();
        this.arrival.bodyFailed(error);
      },
    };
  }
}

/** Methods that may be sent twice without asking (RFC 9110 §9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

function describe(x: Exchange, path: string, fields: Fields, settings: ForwardSettings): UpstreamRequest {
  const contentLength = x.body ? x.body.length : x.head.contentLength;
  const request: UpstreamRequest = {
    method: x.outgoingMethod,
    path,
    fields,
    contentLength,
    upgrade: settings.websockets ? x.head.upgrade : '',
    headTimeout: x.timeoutMs > 0 ? Math.min(x.timeoutMs, settings.headTimeoutMs) : settings.headTimeoutMs,
    repeatable: (contentLength === 0 || x.body !== undefined) && IDEMPOTENT.has(x.outgoingMethod),
  };
  if (x.body) request.body = x.body;
  return request;
}
