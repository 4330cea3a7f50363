import type { Duplex } from 'node:stream';
import { type BodySink, type ConnectionInfo, type Fields, getField, type RequestHead, type ServerExchange } from '@gatehouse/wire';
import type { DebugRequest } from './types.ts';

/** An answer as it was given to the engine. */
export interface RecordedAnswer {
  /** 0: the connection would have been cut before an answer. */
  readonly status: number;
  readonly reason: string;
  readonly fields: Fields;
  /** Bytes announced; -1 where none were. */
  readonly length: number;
  readonly body: Buffer;
  /** `''`: the answer came to its end. */
  readonly cut: string;
}

/** Bytes of an answer's body that are kept. */
const MAX_BODY = 1024 * 1024;

/** A debugged request comes from nowhere. */
const NOBODY: ConnectionInfo = { remoteAddress: '', remotePort: 0, localAddress: '', localPort: 0, tls: undefined };

/** One exchange without a connection: the request is given, the answer is kept. */
export class RecordedExchange implements ServerExchange {
  readonly head: RequestHead;
  readonly connection: ConnectionInfo = NOBODY;
  onDrain: (() => void) | undefined = undefined;
  onAbort: (() => void) | undefined = undefined;
  readonly answered: Promise<RecordedAnswer>;

  private readonly requestBody: Buffer;
  private readonly finish: (answer: RecordedAnswer) => void;
  private begun: Pick<RecordedAnswer, 'status' | 'reason' | 'fields' | 'length'> = { status: 0, reason: '', fields: [], length: -1 };
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private over = false;
  private afterPause: (() => void) | undefined = undefined;

  /** `target` is the path with the listen path in front, and the query. */
  constructor(request: DebugRequest, target: string) {
    this.requestBody = Buffer.from(request.body);
    const fields = [...request.fields];
    const authority = getField(fields, 'host') ?? '';
    const contentLength = this.requestBody.length;
    this.head = { method: request.method, target, version: '1.1', fields, authority, contentLength, upgrade: '', expectContinue: false };
    const { promise, resolve } = Promise.withResolvers<RecordedAnswer>();
    this.answered = promise;
    this.finish = resolve;
  }

  /** As if the client had gone away. */
  giveUp(cut: string): void {
    if (this.over) return;
    this.settle(cut);
    this.onAbort?.();
  }

  private settle(cut: string): void {
    if (this.over) return;
    this.over = true;
    this.finish({ ...this.begun, body: Buffer.concat(this.chunks), cut });
  }

  readBody(sink: BodySink): void {
    const end = (): void => sink.onEnd(undefined);
    queueMicrotask(() => {
      if (this.requestBody.length > 0 && sink.onData(this.requestBody) === false) this.afterPause = end;
      else end();
    });
  }

  pauseBody(): void {
    // The body is at hand as a whole: there is nothing to stop.
  }

  resumeBody(): void {
    const end = this.afterPause;
    this.afterPause = undefined;
    end?.();
  }

  inform(): void {
    // Interim answers are no part of the dump.
  }

  respond(status: number, fields: Fields, body: string | Buffer): void {
    this.start(status, '', fields, -1);
    this.write(typeof body === 'string' ? Buffer.from(body) : body);
    this.end();
  }

  start(status: number, reason: string, fields: Fields, length: number): void {
    if (!this.over) this.begun = { status, reason, fields, length };
  }

  write(chunk: Buffer): boolean {
    if (this.over) return true;
    const room = MAX_BODY - this.size;
    this.size += chunk.length;
    // A copy: the chunk is only good during the call.
    this.chunks.push(Buffer.from(chunk.subarray(0, Math.max(0, room))));
    // Later: who writes does not expect to be called from within.
    if (chunk.length > room) queueMicrotask(() => this.giveUp(`only the first ${MAX_BODY} bytes of the answer's body are shown`));
    return true;
  }

  end(): void {
    this.settle('');
  }

  takeOver(): Duplex {
    throw new Error('a debugged request cannot be upgraded');
  }

  abort(): void {
    this.settle('the connection was cut before the end of the answer');
  }

  closeAfter(): void {
    // No connection, nothing to close.
  }
}
