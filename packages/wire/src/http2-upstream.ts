import { subscribe } from 'node:diagnostics_channel';
import { constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { consistsOf, TARGET, TOKEN } from './chars.ts';
import { appendFields, contentLengthOf, fieldsObject, splitHead } from './http2-fields.ts';
import { Deadline } from './timers.ts';
import type { AnswerHead, AnswerSink, ClientExchange, Fields, PoolLimits, UpstreamPhase, UpstreamRequest } from './types.ts';
import { fromSystem, WireUpstreamError } from './upstream-error.ts';

/** What a request needs of its connection. */
export interface Http2Carrier {
  readonly scheme: string;
  /** Host and port, for requests without Host. */
  readonly authority: string;
  readonly limits: PoolLimits;
  streamClosed(): void;
}

/** Methods whose absent body is stated (RFC 9110 §8.6). */
const STATES_EMPTY_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** Reset codes that say that the peer broke the rules. */
const RULES_BROKEN: ReadonlySet<number> = new Set([
  constants.NGHTTP2_PROTOCOL_ERROR,
  constants.NGHTTP2_FLOW_CONTROL_ERROR,
  constants.NGHTTP2_FRAME_SIZE_ERROR,
  constants.NGHTTP2_COMPRESSION_ERROR,
]);

/**
 * Streams that were reset without error before the end of the answer. To node:http2 that is an end like any other, so an answer that was
 * cut off would pass for complete; at this moment its stream still knows whether the end had come.
 */
const cutOff = new WeakSet<object>();
subscribe('http2.client.stream.close', (message) => {
  const { stream } = message as { stream: ClientHttp2Stream & { _readableState?: { ended?: boolean } } };
  if (stream._readableState?.ended === false) cutOff.add(stream);
});

/** The fields of a request as HTTP/2 sends them (RFC 9113 §8.3.1). Throws on fields that would change the message's structure. */
function requestList(request: UpstreamRequest, carrier: Http2Carrier): string[] {
  const { method, path, contentLength } = request;
  if (!consistsOf(method, TOKEN)) throw new Error(`Method ${JSON.stringify(method)} is not a token (RFC 9110 §9.1).`);
  if (!consistsOf(path, TARGET)) throw new Error(`The request target ${JSON.stringify(path)} is empty or holds a blank or control character; escape it.`);
  const fields: string[] = [];
  appendFields(fields, request.fields);
  let authority = carrier.authority;
  const list: string[] = [];
  for (let at = 0; at < fields.length; at += 2) {
    if (fields[at] === 'host') authority = fields[at + 1] ?? '';
    else list.push(fields[at] ?? '', fields[at + 1] ?? '');
  }
  if (contentLength > 0 || (contentLength === 0 && STATES_EMPTY_BODY.has(method))) list.push('content-length', String(contentLength));
  return [':method', method, ':scheme', carrier.scheme, ':authority', authority, ':path', path, ...list];
}

/** One request on an HTTP/2 connection to an upstream. */
export class Http2Request implements ClientExchange {
  private readonly request: UpstreamRequest;
  private readonly sink: AnswerSink;
  private readonly carrier: Http2Carrier;
  private readonly list: string[];
  private readonly headDeadline: Deadline = new Deadline(() => this.headExpired());
  private stream: ClientHttp2Stream | undefined = undefined;
  private phase: UpstreamPhase = 'request';
  private answered = false;
  /** The last call to the sink was made, or the caller gave up. */
  private over = false;
  private left = -1;
  private trailers: Record<string, string[]> = {};
  private answerTrailers: Fields | undefined = undefined;

  constructor(request: UpstreamRequest, sink: AnswerSink, carrier: Http2Carrier) {
    this.request = request;
    this.sink = sink;
    this.carrier = carrier;
    this.list = requestList(request, carrier);
  }

  /** Sends the head, and the body where it is there already. Failures come later, by the sink. */
  begin(session: ClientHttp2Session): void {
    const { contentLength, body, upgrade } = this.request;
    if (upgrade !== '') {
      this.failSoon(new WireUpstreamError('NO_UPGRADE', 'request', false, `HTTP/2 has no upgrade to ${upgrade}; use http or https for this upstream.`));
      return;
    }
    const endStream = contentLength === 0;
    try {
      this.stream = session.request(this.list, { endStream, waitForTrailers: !endStream && body === undefined });
    } catch (error) {
      this.failSoon(new WireUpstreamError('CLOSED', 'request', false, `The HTTP/2 connection takes no request any more: ${String(error)}.`));
      return;
    }
    this.listen(this.stream);
    if (endStream) this.sent();
    else if (body !== undefined) this.stream.end(body);
  }

  private listen(stream: ClientHttp2Stream): void {
    stream.on('headers', (_headers: unknown, _flags: number, raw: string[]) => this.informed(raw));
    stream.on('response', (_headers: unknown, flags: number, raw: string[]) => this.head(raw, (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0));
    stream.on('trailers', (_headers: unknown, _flags: number, raw: string[]) => (this.answerTrailers = splitHead(raw).fields));
    stream.on('data', this.part);
    stream.on('end', this.answerEnded);
    stream.on('drain', () => this.over || this.sink.onDrain?.());
    stream.on('wantTrailers', () => stream.sendTrailers(this.trailers));
    stream.on('finish', this.sent);
    stream.on('error', this.broken);
    stream.on('close', this.closed);
  }

  // The request.

  write(chunk: Buffer): boolean {
    if (this.over || this.stream === undefined || chunk.length === 0) return true;
    return this.stream.write(chunk);
  }

  end(trailers?: Fields): void {
    if (this.over || this.stream === undefined) return;
    if (trailers !== undefined) this.trailers = fieldsObject(trailers);
    this.stream.end();
  }

  pause(): void {
    this.stream?.pause();
  }

  resume(): void {
    this.stream?.resume();
  }

  abort(): void {
    this.over = true;
    this.headDeadline.stop();
    this.stream?.close(constants.NGHTTP2_CANCEL);
  }

  private readonly sent = (): void => {
    if (this.over || this.phase !== 'request') return;
    this.phase = 'head';
    this.headDeadline.set(this.request.headTimeout);
  };

  // The answer.

  private informed(raw: string[]): void {
    this.answered = true;
    if (!this.over) this.sink.onInformation?.(this.readHead(raw, true));
  }

  private head(raw: string[], endStream: boolean): void {
    this.answered = true;
    this.headDeadline.stop();
    this.phase = 'body';
    if (this.over) return;
    const head = this.readHead(raw, endStream);
    if (!endStream && !this.bodiless(head.status)) this.left = head.contentLength;
    this.sink.onHead(head);
  }

  private bodiless(status: number): boolean {
    return this.request.method === 'HEAD' || status === 204 || status === 304;
  }

  /** HEAD and 304 announce the length that a GET would have had; -1 where they do not. */
  private readHead(raw: string[], endStream: boolean): AnswerHead {
    const { pseudo, fields } = splitHead(raw);
    const status = Number(pseudo[':status']);
    const announced = contentLengthOf(fields);
    let contentLength = announced;
    if (status < 200 || status === 204) contentLength = 0;
    else if (endStream && !this.bodiless(status)) contentLength = 0;
    return { status, reason: '', version: '2.0', fields, contentLength };
  }

  private readonly part = (chunk: Buffer): void => {
    if (this.over) return;
    if (this.left >= 0) this.left -= chunk.length;
    if (this.sink.onData(chunk) === false) this.stream?.pause();
  };

  private readonly answerEnded = (): void => {
    const { stream } = this;
    if (this.over || this.phase !== 'body' || stream === undefined || stream.rstCode !== constants.NGHTTP2_NO_ERROR) return;
    if (cutOff.has(stream) || this.left > 0) {
      this.fail(new WireUpstreamError('CLOSED', 'body', true, 'The upstream ended the stream before its answer was complete.'));
      return;
    }
    this.over = true;
    this.sink.onEnd(this.answerTrailers);
    // The answer is complete: what is left of the request is not wanted.
    if (!stream.writableEnded) stream.close(constants.NGHTTP2_CANCEL);
  };

  // Failures.

  private headExpired(): void {
    this.fail(new WireUpstreamError('HEAD_TIMEOUT', 'head', this.answered, 'The upstream did not answer in time.'));
    this.stream?.close(constants.NGHTTP2_CANCEL);
  }

  private readonly broken = (error: Error & { code?: unknown }): void => {
    const ofHttp2 = typeof error.code === 'string' && error.code.startsWith('ERR_HTTP2_');
    this.fail(ofHttp2 ? this.resetError(error.message) : fromSystem(error, this.phase, this.answered));
  };

  private readonly closed = (): void => {
    this.headDeadline.stop();
    this.fail(this.resetError('the stream was closed'));
    this.carrier.streamClosed();
  };

  private resetError(reason: string): WireUpstreamError {
    const code = this.stream?.rstCode ?? constants.NGHTTP2_NO_ERROR;
    if (code === constants.NGHTTP2_REFUSED_STREAM) return this.error('REFUSED_STREAM', 'The upstream refused the request before it looked at it.');
    if (RULES_BROKEN.has(code)) return this.error('BAD_ANSWER', `HTTP/2 broke down between the upstream and us: ${reason}.`);
    return this.error('CLOSED', `The upstream broke the stream off: ${reason}.`);
  }

  private error(code: string, message: string): WireUpstreamError {
    return new WireUpstreamError(code, this.phase, this.answered, message);
  }

  private failSoon(error: WireUpstreamError): void {
    process.nextTick(() => {
      this.fail(error);
      this.carrier.streamClosed();
    });
  }

  private fail(error: WireUpstreamError): void {
    if (this.over) return;
    this.over = true;
    this.headDeadline.stop();
    this.sink.onError(error);
  }
}
