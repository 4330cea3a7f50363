import { constants, performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream, type ServerSessionOptions } from 'node:http2';
import type { Socket } from 'node:net';
import { Http2Exchange, refuseStream, type Http2Side } from './http2-exchange.ts';
import { readRequestHead } from './http2-request.ts';
import { refusalOf, type RefusalCode } from './refusals.ts';
import { Deadline } from './timers.ts';
import { TokenBucket } from './token-bucket.ts';
import type { ConnectionInfo, ExchangeHandler, ServerHooks, ServerLimits } from './types.ts';

const MAX_STREAMS = 250;
/** What a client may send ahead, per stream and per connection. Unread bytes of paused streams are held in memory. */
const STREAM_WINDOW = 262_144;
const CONNECTION_WINDOW = 1_048_576;
/** Clients that cancel a lot are normal, clients that cancel nearly everything at once are an attack (CVE-2023-44487). */
const RESETS = { burst: 200, perSecond: 20 };
/** gRPC clients measure their connection with a ping per round trip. */
const PINGS = { burst: 500, perSecond: 100 };
const SETTINGS = { burst: 100, perSecond: 1 };
/** Time for GOAWAY to leave before the connection is broken off. */
const LINGER_TIME = 2000;

function sessionOptions(limits: ServerLimits): ServerSessionOptions {
  return {
    settings: {
      maxConcurrentStreams: MAX_STREAMS,
      initialWindowSize: STREAM_WINDOW,
      maxHeaderListSize: limits.maxHeadBytes + 32 * limits.maxFields,
      enablePush: false,
    },
    // Somewhat more than allowed is read, so that it can be refused with 431; far more resets the stream.
    maxHeaderListPairs: limits.maxFields * 2 + 4,
    maxSessionInvalidFrames: 100,
    maxSessionRejectedStreams: 100,
    maxOutstandingPings: 10,
    strictSingleValueFields: false,
  };
}

/** One HTTP/2 connection of a client (RFC 9113), over TLS after ALPN or in clear with prior knowledge; node:http2 does frames and HPACK. */
export class Http2Connection implements Http2Side {
  readonly info: ConnectionInfo;
  onClosed: (() => void) | undefined = undefined;

  private readonly socket: Socket;
  private readonly session: ServerHttp2Session;
  private readonly limits: ServerLimits;
  private readonly hooks: ServerHooks;
  private readonly handler: ExchangeHandler;
  private readonly open: Set<Http2Exchange> = new Set();
  private readonly resets: TokenBucket = new TokenBucket(RESETS.burst, RESETS.perSecond);
  private readonly pings: TokenBucket = new TokenBucket(PINGS.burst, PINGS.perSecond);
  private readonly settings: TokenBucket = new TokenBucket(SETTINGS.burst, SETTINGS.perSecond);
  private readonly idleDeadline: Deadline = new Deadline(() => this.idleExpired());
  private readonly lookDeadline: Deadline = new Deadline(() => this.look());
  private readonly lookEvery: number;
  private requests = 0;
  private closing = false;

  /** Bytes already read from the socket must have been pushed back into it. */
  constructor(socket: Socket, info: ConnectionInfo, limits: ServerLimits, hooks: ServerHooks, handler: ExchangeHandler) {
    this.socket = socket;
    this.info = info;
    this.limits = limits;
    this.hooks = hooks;
    this.handler = handler;
    const times = [limits.bodyTimeout, limits.writeTimeout].filter((time) => time > 0);
    this.lookEvery = times.length === 0 ? 0 : Math.max(Math.min(...times) / 4, 1);
    // node:http2 waits for ever on a connection that only the other side has closed.
    socket.allowHalfOpen = false;
    socket.setNoDelay(true);
    this.session = performServerHandshake(socket, sessionOptions(limits));
    this.session.setLocalWindowSize(CONNECTION_WINDOW);
    this.session.on('stream', this.begin);
    this.session.on('ping', () => this.count(this.pings));
    this.session.on('remoteSettings', () => this.count(this.settings));
    // After an error the session always closes.
    this.session.on('error', () => undefined);
    this.session.on('close', this.ended);
    this.idleDeadline.set(limits.keepAliveTimeout);
  }

  /** Graceful: GOAWAY, then the end when the streams under way are answered. Otherwise breaks off. */
  close(graceful: boolean): void {
    if (this.session.destroyed) return;
    if (graceful) this.goAway();
    else this.breakOff(constants.NGHTTP2_NO_ERROR);
  }

  private readonly begin = (stream: ServerHttp2Stream, _headers: unknown, flags: number, raw: string[]): void => {
    // Whatever breaks a stream also closes it, and `close` is what counts.
    stream.on('error', () => undefined);
    this.requests++;
    const { maxRequestsPerConnection } = this.limits;
    if (maxRequestsPerConnection > 0 && this.requests >= maxRequestsPerConnection) this.goAway();
    const head = readRequestHead(raw, (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0, this.limits);
    if (typeof head === 'string') {
      this.refused(head);
      refuseStream(stream, head);
      return;
    }
    const exchange = new Http2Exchange(stream, head, this);
    this.open.add(exchange);
    this.idleDeadline.clear();
    if (!this.lookDeadline.armed) this.lookDeadline.set(this.lookEvery);
    if (this.hooks.closeConnections === true) this.goAway();
    this.handler(exchange);
  };

  // What exchanges ask for.

  refused(code: RefusalCode): void {
    this.hooks.refused?.(refusalOf(code), this.info);
  }

  lastOne(): void {
    this.goAway();
  }

  clientReset(): void {
    this.count(this.resets);
  }

  closed(exchange: Http2Exchange): void {
    this.open.delete(exchange);
    if (this.open.size > 0) return;
    this.lookDeadline.clear();
    if (!this.closing) this.idleDeadline.set(this.limits.keepAliveTimeout);
  }

  // The end.

  private goAway(): void {
    if (this.closing) return;
    this.closing = true;
    this.session.close();
  }

  private count(bucket: TokenBucket): void {
    if (!bucket.take()) this.breakOff(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  private breakOff(code: number): void {
    this.closing = true;
    // The code goes out with GOAWAY only beside an error.
    if (!this.session.destroyed) this.session.destroy(code === constants.NGHTTP2_NO_ERROR ? undefined : new Error('The client misuses HTTP/2.'), code);
    this.idleDeadline.set(LINGER_TIME);
  }

  private idleExpired(): void {
    if (this.closing) {
      this.session.destroy();
      this.socket.destroy();
      return;
    }
    this.goAway();
    this.idleDeadline.set(LINGER_TIME);
  }

  /** Visits the open exchanges a few times per time-out, which costs nothing per read or write. */
  private look(): void {
    const { bodyTimeout, writeTimeout } = this.limits;
    for (const exchange of this.open) {
      if (bodyTimeout > 0 && exchange.idleReads() * this.lookEvery > bodyTimeout) exchange.readExpired();
      else if (writeTimeout > 0 && exchange.idleWrites() * this.lookEvery > writeTimeout) exchange.writeExpired();
    }
    if (this.open.size > 0) this.lookDeadline.set(this.lookEvery);
  }

  private readonly ended = (): void => {
    this.lookDeadline.stop();
    if (this.socket.destroyed) this.gone();
    else this.socket.once('close', this.gone);
  };

  private readonly gone = (): void => {
    this.idleDeadline.stop();
    this.onClosed?.();
  };
}
