import { connect, type ClientHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { Http2Request, type Http2Carrier } from './http2-upstream.ts';
import type { Http2Session } from './pool.ts';
import { Deadline } from './timers.ts';
import type { AnswerSink, ClientExchange, Origin, PoolLimits, UpstreamRequest } from './types.ts';

/** Until the upstream has said how many streams it takes (RFC 9113 §6.5.2 recommends no less). */
const FIRST_STREAMS = 100;
const STREAM_WINDOW = 262_144;
const CONNECTION_WINDOW = 1_048_576;
/** Half of the stream numbers: nobody must run into the end of them. */
const MAX_REQUESTS = 2 ** 29;

/** Speaks HTTP/2 on a connected socket (after ALPN for `h2`, with prior knowledge for `h2c`). Bytes must not have been read from it. */
export function openHttp2(socket: Socket, origin: Origin, limits: PoolLimits): Http2Session {
  return new UpstreamSession(socket, origin, limits);
}

class UpstreamSession implements Http2Session, Http2Carrier {
  readonly scheme: string;
  readonly authority: string;
  readonly limits: PoolLimits;
  onClosed: (() => void) | undefined = undefined;

  private readonly session: ClientHttp2Session;
  private readonly bornAt: number = performance.now();
  private readonly idleDeadline: Deadline = new Deadline(() => this.close());
  private maxStreams = FIRST_STREAMS;
  private streams = 0;
  private requests = 0;

  constructor(socket: Socket, origin: Origin, limits: PoolLimits) {
    const host = origin.host.includes(':') ? `[${origin.host}]` : origin.host;
    this.scheme = origin.protocol === 'h2c' ? 'http' : 'https';
    this.authority = `${host}:${origin.port}`;
    this.limits = limits;
    // node:http2 waits for ever on a connection that only the other side has closed.
    socket.allowHalfOpen = false;
    this.session = connect(`${this.scheme}://${this.authority}`, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW, maxHeaderListSize: limits.maxHeadBytes + 32 * limits.maxFields },
      maxHeaderListPairs: limits.maxFields + 1,
    });
    this.session.on('connect', () => this.session.setLocalWindowSize(CONNECTION_WINDOW));
    this.session.on('remoteSettings', (settings) => (this.maxStreams = settings.maxConcurrentStreams ?? Infinity));
    // Requests report the error each for itself, and the session always closes after one.
    this.session.on('error', () => undefined);
    this.session.on('close', this.ended);
    this.idleDeadline.set(limits.idleTimeout);
  }

  get available(): boolean {
    if (this.session.closed || this.session.destroyed || this.streams >= this.maxStreams || this.requests >= MAX_REQUESTS) return false;
    const { maxConnectionAge, closeAfterUse } = this.limits;
    if (closeAfterUse && this.requests > 0) return false;
    return maxConnectionAge === 0 || performance.now() - this.bornAt < maxConnectionAge;
  }

  request(request: UpstreamRequest, sink: AnswerSink): ClientExchange {
    const exchange = new Http2Request(request, sink, this);
    this.streams++;
    this.requests++;
    this.idleDeadline.clear();
    exchange.begin(this.session);
    return exchange;
  }

  streamClosed(): void {
    this.streams--;
    if (this.streams > 0) return;
    if (this.available) this.idleDeadline.set(this.limits.idleTimeout);
    else this.close();
  }

  /** Streams under way are finished first. */
  close(): void {
    if (!this.session.closed && !this.session.destroyed) this.session.close();
  }

  private readonly ended = (): void => {
    this.idleDeadline.stop();
    this.onClosed?.();
  };
}
