import type { Duplex } from 'node:stream';
import { type AnswerHead, type Fields, type UpstreamError, endToEnd, getField } from '@gatehouse/wire';
import type { CompiledVersion, UpstreamPlan, UpstreamTarget } from '../contract/compiled.ts';
import { E, type ErrorRow } from '../contract/errors.ts';
import type { Answer, Exchange } from '../contract/exchange.ts';
import { refuse } from '../contract/outcome.ts';
import { overrideFields } from '../upstream/answer-fields.ts';
import { sniffContentType } from '../schema/content-type.ts';
import { failureRow } from '../upstream/failures.ts';
import { type Arrival, Attempt, chooseTarget } from '../upstream/forward.ts';
import { upstreamFields } from '../upstream/request-fields.ts';
import { joinTarget } from '../upstream/target.ts';
import { createDecoder, type Decoder } from './gunzip.ts';
import { outgoingPath, rewriteTarget } from './outgoing.ts';
import { pushLimitFields, sendRefusal, sendText } from './reply.ts';
import type { Runtime } from './runtime.ts';
import { isPromise, walkResponse } from './walk.ts';

const SOURCE = 'ReverseProxy';

/** Sends the request to an upstream and its answer to the client, streaming both ways at the reader's pace. */
export function proxy(x: Exchange, version: CompiledVersion, runtime: Runtime): void {
  const plan = version.upstream;
  const elsewhere = x.rewrite === '' ? undefined : rewriteTarget(x, plan);
  if (elsewhere) return new ProxyRun(x, version, elsewhere, runtime).send(joinTarget(elsewhere, '', '', true), elsewhere.authority);
  const target = chooseTarget(plan);
  if (!target) return noTarget(x, plan, runtime);
  new ProxyRun(x, version, target, runtime).start(plan);
}

function noTarget(x: Exchange, plan: UpstreamPlan, runtime: Runtime): void {
  if (!plan.balanced) return fail(x, E.UPSTREAM_FAILED, undefined, runtime);
  const fields: Fields = [];
  pushLimitFields(fields, x, runtime);
  sendText(x.wire, 503, 'all hosts are down\n', fields);
  runtime.recorder.finished(x, { status: 503, refusal: undefined, failure: undefined, proxied: false });
}

function fail(x: Exchange, row: ErrorRow, failure: UpstreamError | undefined, runtime: Runtime): void {
  const refusal = refuse(row, SOURCE);
  const status = sendRefusal(x, refusal, runtime);
  runtime.recorder.finished(x, { status, refusal, failure, proxied: false });
}

/** One request under way to one target. */
class ProxyRun implements Arrival {
  readonly x: Exchange;
  private readonly version: CompiledVersion;
  private readonly target: UpstreamTarget;
  private readonly runtime: Runtime;
  private attempt: Attempt | undefined;
  private sentAt = 0;
  private status = 0;
  private begun = false;
  private over = false;
  /** Head of an answer without Content-Type, kept until the first bytes tell one. */
  private unsniffed: AnswerHead | undefined;
  private decoder: Decoder | undefined;
  /** What came while response steps were still at work. */
  private held: (() => void)[] | undefined;

  constructor(x: Exchange, version: CompiledVersion, target: UpstreamTarget, runtime: Runtime) {
    this.x = x;
    this.version = version;
    this.target = target;
    this.runtime = runtime;
  }

  start(plan: UpstreamPlan): void {
    const { x, target, runtime } = this;
    const outgoing = outgoingPath(x, plan, runtime.skipTargetEscaping);
    this.send(
      joinTarget(target, outgoing.path, outgoing.query, plan.keepSlash),
      plan.preserveHost && x.head.authority !== '' ? x.head.authority : target.authority,
    );
  }

  /** `path` with query as it goes on the wire. */
  send(path: string, host: string): void {
    const { x, target, runtime } = this;
    const fields = upstreamFields(x.fields, {
      host,
      peer: x.wire.connection.remoteAddress,
      noForwardedFor: x.noForwardedFor,
      userAgent: runtime.userAgent,
      trailers: x.head.contentLength === -1 && !x.body,
    });
    x.upstreamHost = target.authority;
    x.upstreamPath = path;
    x.upstreamScheme = target.protocol === 'https' || target.protocol === 'h2' ? 'https' : 'http';
    x.wire.onAbort = () => this.clientGone();
    this.sentAt = performance.now();
    this.attempt = new Attempt(x, target, path, fields, runtime, this);
  }

  head(head: AnswerHead): void {
    this.x.upstreamMs = performance.now() - this.sentAt;
    if (mustDecode(this.x, head)) this.beginDecoded(head);
    else if (lacksType(this.x, head)) this.unsniffed = head;
    else this.begin(head);
  }

  private beginDecoded(head: AnswerHead): void {
    this.decoder = createDecoder({
      data: (chunk) => void this.deliver(chunk),
      done: () => this.complete(undefined),
      failed: (error) => this.failed(error),
      drained: () => this.attempt?.resume(),
    });
    this.begin({ ...head, contentLength: -1, fields: withoutCoding(head.fields) });
  }

  /** Runs the response steps and writes the head. */
  private begin(head: AnswerHead): void {
    const answer: Answer = { status: head.status, reason: head.reason, fields: endToEnd(head.fields, false) };
    const pending = walkResponse(this.x, answer, this.version.response, this.runtime.log);
    if (!isPromise(pending)) return this.write(answer, head.contentLength);
    this.held = [];
    this.attempt?.pause();
    void pending.then(() => {
      this.write(answer, head.contentLength);
      const held = this.held ?? [];
      this.held = undefined;
      for (const event of held) event();
      this.attempt?.resume();
    });
  }

  private write(answer: Answer, length: number): void {
    if (this.over) return;
    const fields = overrideFields(answer.fields, this.x.answerFields);
    pushLimitFields(fields, this.x, this.runtime);
    this.status = answer.status;
    this.begun = true;
    if (this.runtime.closeConnections) this.x.wire.closeAfter();
    this.x.wire.onDrain = () => this.attempt?.resume();
    this.x.wire.start(answer.status, answer.reason, fields, length);
  }

  data(chunk: Buffer): boolean {
    return this.decoder ? this.decoder.write(chunk) : this.deliver(chunk);
  }

  private deliver(chunk: Buffer): boolean {
    if (this.unsniffed) this.beginSniffed(chunk);
    return this.held ? this.hold(() => void this.deliver(chunk)) : this.x.wire.write(chunk);
  }

  private hold(event: () => void): boolean {
    this.held?.push(event);
    return true;
  }

  private beginSniffed(chunk: Buffer | undefined): void {
    const head = this.unsniffed as AnswerHead;
    this.unsniffed = undefined;
    this.begin(chunk ? { ...head, fields: [...head.fields, 'Content-Type', sniffContentType(chunk)] } : head);
  }

  done(trailers: Fields | undefined): void {
    if (this.decoder) this.decoder.end();
    else this.complete(trailers);
  }

  private complete(trailers: Fields | undefined): void {
    if (this.unsniffed) this.beginSniffed(undefined);
    if (this.held) return void this.hold(() => this.complete(trailers));
    this.over = true;
    this.x.wire.end(trailers);
    this.finish(this.status, true);
  }

  failed(error: UpstreamError): void {
    if (this.over) return;
    this.over = true;
    if (!this.begun) {
      this.x.upstreamMs = performance.now() - this.sentAt;
      return fail(this.x, failureRow(error), error, this.runtime);
    }
    this.x.wire.abort();
    this.finish(this.status, true);
  }

  /** The client's body broke off or was malformed; the engine has answered or closed where that is possible. */
  bodyFailed(): void {
    if (this.over) return;
    this.over = true;
    const refusal = refuse(E.REQUEST_BODY_UNREADABLE, SOURCE);
    this.runtime.recorder.finished(this.x, { status: E.CLIENT_GONE.status, refusal, failure: undefined, proxied: false });
  }

  private clientGone(): void {
    if (this.over) return;
    this.over = true;
    this.attempt?.abort();
    const refusal = this.begun ? undefined : refuse(E.CLIENT_GONE, SOURCE);
    this.runtime.recorder.finished(this.x, { status: this.begun ? this.status : E.CLIENT_GONE.status, refusal, failure: undefined, proxied: this.begun });
  }

  upgraded(head: AnswerHead, stream: Duplex): void {
    this.over = true;
    this.x.upstreamMs = performance.now() - this.sentAt;
    const upgrade = getField(head.fields, 'upgrade') ?? this.x.head.upgrade;
    const client = this.x.wire.takeOver(101, head.reason, ['Upgrade', upgrade, ...endToEnd(head.fields, false)]);
    splice(client, stream, () => this.finish(101, true));
  }

  private finish(status: number, proxied: boolean): void {
    this.runtime.recorder.finished(this.x, { status, refusal: undefined, failure: undefined, proxied });
  }
}

/** True where the answer has a body, but neither a type nor a coding. */
function lacksType(x: Exchange, head: AnswerHead): boolean {
  if (head.contentLength === 0 || x.outgoingMethod === 'HEAD' || x.method === 'HEAD') return false;
  return getField(head.fields, 'content-type') === undefined && getField(head.fields, 'content-encoding') === undefined;
}

/** A compressed answer to a client that did not say it takes one (request-chain.md §2 "Hop headers"). */
function mustDecode(x: Exchange, head: AnswerHead): boolean {
  if (head.contentLength === 0 || getField(x.head.fields, 'accept-encoding') !== undefined) return false;
  return x.outgoingMethod !== 'HEAD' && getField(x.head.fields, 'range') === undefined && getField(head.fields, 'content-encoding')?.toLowerCase() === 'gzip';
}

const CODING = new Set(['content-encoding', 'content-length']);

const withoutCoding = (fields: Fields): Fields => fields.filter((_, i) => !CODING.has((fields[i - (i % 2)] as string).toLowerCase()));

/** Passes bytes between two raw streams until both are closed. */
function splice(a: Duplex, b: Duplex, closed: () => void): void {
  let open = 2;
  const onClose = (other: Duplex) => (): void => {
    other.destroy();
    if (--open === 0) closed();
  };
  a.on('error', () => b.destroy()).on('close', onClose(b));
  b.on('error', () => a.destroy()).on('close', onClose(a));
  a.pipe(b);
  b.pipe(a);
}
