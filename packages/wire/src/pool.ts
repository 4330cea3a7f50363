import { TLSSocket } from 'node:tls';
import { ClientConnection, type ConnectionOwner } from './client-connection.ts';
import { Connector, TlsSessions, type Connection } from './connect.ts';
import { openHttp2 } from './http2-client.ts';
import { RetryingSink } from './http2-retry.ts';
import type { AnswerSink, ClientExchange, Origin, Pool, PoolLimits, UpstreamRequest } from './types.ts';
import { WireUpstreamError } from './upstream-error.ts';
import { requestHead, UpstreamExchange } from './upstream-exchange.ts';

export const DEFAULT_POOL_LIMITS: PoolLimits = {
  connectTimeout: 30_000,
  tlsTimeout: 10_000,
  bodyTimeout: 600_000,
  idleTimeout: 90_000,
  maxIdlePerOrigin: 256,
  maxPerOrigin: 0,
  maxHeadBytes: 65_536,
  maxFields: 256,
  maxConnectionAge: 0,
  closeAfterUse: false,
};

/** One HTTP/2 connection to an upstream. */
export interface Http2Session {
  request(request: UpstreamRequest, sink: AnswerSink): ClientExchange;
  /** Takes another stream now. */
  readonly available: boolean;
  close(): void;
  onClosed?: (() => void) | undefined;
}

/** All connections to one origin, and the requests that wait for one. */
class OriginPool implements ConnectionOwner {
  readonly origin: Origin;
  private readonly limits: PoolLimits;
  private readonly emptied: (pool: OriginPool) => void;
  private readonly connector: Connector;
  /** The connection used last is used next, so that those not needed grow old. */
  private readonly idle: ClientConnection[] = [];
  private readonly open = new Set<ClientConnection>();
  private readonly sessions = new Set<Http2Session>();
  private waiting: UpstreamExchange[] = [];
  private opening = 0;
  /** HTTP/2 was offered, and the upstream chose HTTP/1.1. */
  private single: boolean;
  private closing = false;

  constructor(origin: Origin, limits: PoolLimits, sessions: TlsSessions, emptied: (pool: OriginPool) => void) {
    this.origin = origin;
    this.limits = limits;
    this.emptied = emptied;
    this.connector = new Connector(origin, limits, sessions);
    this.single = origin.protocol === 'http' || origin.protocol === 'https';
  }

  get size(): number {
    return this.open.size + this.sessions.size + this.opening;
  }

  request(request: UpstreamRequest, sink: AnswerSink): ClientExchange {
    const exchange = new UpstreamExchange(request, sink, requestHead(request));
    if (!this.single) {
      const session = this.availableSession();
      if (session !== undefined) return this.sendOn(session, exchange, true);
    }
    const connection = this.takeIdle();
    if (connection !== undefined) {
      connection.send(exchange);
      return exchange;
    }
    this.waiting.push(exchange);
    this.openMore();
    return exchange;
  }

  private takeIdle(): ClientConnection | undefined {
    for (;;) {
      const connection = this.idle.pop();
      if (connection === undefined || !this.tooOld(connection)) return connection;
      connection.close();
    }
  }

  private tooOld(connection: ClientConnection): boolean {
    return this.limits.maxConnectionAge > 0 && connection.age > this.limits.maxConnectionAge;
  }

  private availableSession(): Http2Session | undefined {
    for (const session of this.sessions) if (session.available) return session;
    return undefined;
  }

  /** Opens as many connections as are wanted and allowed; HTTP/2 needs one at a time. */
  private openMore(): void {
    if (this.closing) return;
    this.waiting = this.waiting.filter((exchange) => !exchange.over);
    const wanted = this.single ? this.waiting.length : Math.min(this.waiting.length, 1);
    while (this.opening < wanted && (this.limits.maxPerOrigin === 0 || this.size < this.limits.maxPerOrigin)) {
      this.opening++;
      this.connector.open((error, connection) => {
        this.opening--;
        if (connection === undefined) this.failOne(error ?? new WireUpstreamError('CLOSED', 'connect', false, 'No connection.'));
        else this.ready(connection);
      });
    }
  }

  private failOne(error: WireUpstreamError): void {
    const exchange = this.nextWaiting();
    if (exchange !== undefined) {
      exchange.over = true;
      exchange.sink.onError(error);
    }
    if (this.waiting.length > 0) this.openMore();
    this.reportIfEmpty();
  }

  private nextWaiting(): UpstreamExchange | undefined {
    for (;;) {
      const exchange = this.waiting.shift();
      if (exchange === undefined || !exchange.over) return exchange;
    }
  }

  private ready({ socket, inbox }: Connection): void {
    if (this.closing) {
      socket.destroy();
      return;
    }
    if (this.origin.protocol === 'h2c' || (socket instanceof TLSSocket && socket.alpnProtocol === 'h2')) {
      this.addSession(openHttp2(socket, this.origin, this.limits));
      return;
    }
    const connection = new ClientConnection(socket, inbox, this.limits, this);
    this.open.add(connection);
    this.released(connection);
    if (this.single) return;
    this.single = true;
    this.openMore();
  }

  private addSession(session: Http2Session): void {
    this.sessions.add(session);
    session.onClosed = (): void => {
      this.sessions.delete(session);
      if (this.waiting.length > 0) this.openMore();
      this.reportIfEmpty();
    };
    while (session.available) {
      const exchange = this.nextWaiting();
      if (exchange === undefined) return;
      this.sendOn(session, exchange, false);
    }
    this.openMore();
  }

  private sendOn(session: Http2Session, exchange: UpstreamExchange, reused: boolean): UpstreamExchange {
    const sink = new RetryingSink(exchange, reused, (refused) => this.retry(refused));
    exchange.carriedBy(session.request(exchange.request, sink));
    return exchange;
  }

  released(connection: ClientConnection): void {
    const exchange = this.nextWaiting();
    if (exchange !== undefined) {
      connection.send(exchange);
    } else if (this.closing || this.idle.length >= this.limits.maxIdlePerOrigin) {
      connection.close();
    } else {
      this.idle.push(connection);
      connection.rest();
    }
  }

  closed(connection: ClientConnection): void {
    this.open.delete(connection);
    const at = this.idle.lastIndexOf(connection);
    if (at !== -1) this.idle.splice(at, 1);
    if (this.waiting.length > 0) this.openMore();
    this.reportIfEmpty();
  }

  /** Goes first, and onto a connection that is not idle now: others may be as stale. */
  retry(exchange: UpstreamExchange): void {
    this.waiting.unshift(exchange);
    this.openMore();
  }

  private reportIfEmpty(): void {
    if (this.size === 0 && this.waiting.length === 0) this.emptied(this);
  }

  close(): void {
    this.closing = true;
    for (let exchange = this.nextWaiting(); exchange !== undefined; exchange = this.nextWaiting()) {
      exchange.over = true;
      exchange.sink.onError(new WireUpstreamError('CLOSED', 'connect', false, 'The pool was closed.'));
    }
    this.connector.close();
    for (const connection of this.open) connection.close();
    for (const session of this.sessions) session.close();
  }
}

class ConnectionPool implements Pool {
  private readonly limits: PoolLimits;
  private readonly origins = new Map<string, OriginPool>();
  private readonly sessions = new TlsSessions();
  private closed = false;

  constructor(limits: PoolLimits) {
    this.limits = limits;
  }

  get size(): number {
    let size = 0;
    for (const pool of this.origins.values()) size += pool.size;
    return size;
  }

  request(origin: Origin, request: UpstreamRequest, sink: AnswerSink): ClientExchange {
    return ((this.closed ? undefined : this.origins.get(origin.key)) ?? this.add(origin)).request(request, sink);
  }

  private add(origin: Origin): OriginPool {
    if (this.closed) throw new Error('The pool is closed; requests need another one.');
    const pool = new OriginPool(origin, this.limits, this.sessions, (emptied) => this.origins.delete(emptied.origin.key));
    this.origins.set(origin.key, pool);
    return pool;
  }

  close(): void {
    this.closed = true;
    for (const pool of this.origins.values()) pool.close();
  }
}

/** Keeps connections to upstreams. `Origin.key` must differ wherever connections must not be shared. */
export function createPool(limits: PoolLimits): Pool {
  return new ConnectionPool(limits);
}
