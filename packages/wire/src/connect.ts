import type { X509Certificate } from 'node:crypto';
import * as net from 'node:net';
import * as tls from 'node:tls';
import { Inbox } from './inbox.ts';
import { Deadline } from './timers.ts';
import type { Origin, OriginTls, PoolLimits, UpstreamPhase } from './types.ts';
import { fromSystem, WireUpstreamError } from './upstream-error.ts';

/** A socket, after the TLS handshake where there is one. `inbox` is what reads it; without, it is an ordinary stream. */
export interface Connection {
  socket: net.Socket;
  inbox: Inbox | undefined;
}

/** Gets a connection or the reason why there is none. Called once. */
export type Connected = (error: WireUpstreamError | undefined, connection: Connection | undefined) => void;

/** The last TLS session of each origin, for a quicker next handshake; outlives the connections. */
export class TlsSessions {
  private readonly sessions = new Map<string, Buffer>();

  get(key: string): Buffer | undefined {
    return this.sessions.get(key);
  }

  set(key: string, session: Buffer): void {
    this.sessions.delete(key);
    this.sessions.set(key, session);
    if (this.sessions.size <= MAX_SESSIONS) return;
    for (const oldest of this.sessions.keys()) {
      this.sessions.delete(oldest);
      return;
    }
  }
}

const MAX_SESSIONS = 1000;

/** Opens connections to one origin. */
export class Connector {
  private readonly origin: Origin;
  private readonly limits: PoolLimits;
  private readonly sessions: TlsSessions;
  private readonly underWay = new Set<net.Socket>();

  constructor(origin: Origin, limits: PoolLimits, sessions: TlsSessions) {
    this.origin = origin;
    this.limits = limits;
    this.sessions = sessions;
  }

  /** Connects; errors carry the phase (`lookup`, `connect` or `tls`) that they happened in. */
  open(connected: Connected): void {
    const { protocol } = this.origin;
    const secured = protocol === 'https' || protocol === 'h2';
    // HTTP/2 takes the socket as a stream.
    const inbox = protocol === 'http' || protocol === 'https' ? new Inbox() : undefined;
    const socket = secured ? this.openTls(inbox) : net.connect(this.tcpOptions(inbox));
    new Attempt(socket, secured, this.limits, (error) => {
      this.underWay.delete(socket);
      connected(error, error === undefined ? { socket, inbox } : undefined);
    }).begin();
    this.underWay.add(socket);
  }

  /** Gives up all attempts under way; each of them reports its error. */
  close(): void {
    for (const socket of this.underWay) socket.destroy(new Error('The pool was closed.'));
  }

  private tcpOptions(inbox: Inbox | undefined): net.TcpNetConnectOpts {
    const { host, port, localAddress } = this.origin;
    return {
      host,
      port,
      noDelay: true,
      allowHalfOpen: true,
      ...(inbox === undefined ? {} : { onread: inbox.options }),
      ...(localAddress === undefined ? {} : { localAddress }),
    };
  }

  private openTls(inbox: Inbox | undefined): tls.TLSSocket {
    const { key, protocol } = this.origin;
    const session = this.sessions.get(key);
    const socket = tls.connect({
      ...this.tcpOptions(inbox),
      ...tlsOptions(this.origin.tls ?? { servername: this.origin.host, rejectUnauthorized: true }),
      ALPNProtocols: protocol === 'h2' ? ['h2', 'http/1.1'] : ['http/1.1'],
      ...(session === undefined ? {} : { session }),
    });
    socket.on('session', (fresh: Buffer) => this.sessions.set(key, fresh));
    return socket;
  }
}

function tlsOptions(options: OriginTls): tls.ConnectionOptions {
  const { servername, context, rejectUnauthorized, checkServerIdentity, minVersion, maxVersion, ciphers } = options;
  return {
    rejectUnauthorized,
    // An address must not be sent as a server name (RFC 6066 §3).
    servername: net.isIP(servername) === 0 ? servername : '',
    ...(context === undefined ? {} : { secureContext: context }),
    // Node hands the certificate with its chain, its types promise less.
    ...(checkServerIdentity === undefined
      ? {}
      : { checkServerIdentity: checkServerIdentity as (host: string, certificate: tls.PeerCertificate) => Error | undefined }),
    ...(minVersion === undefined ? {} : { minVersion }),
    ...(maxVersion === undefined ? {} : { maxVersion }),
    ...(ciphers === undefined ? {} : { ciphers }),
  };
}

/** One connection being opened: which phase it is in, and its time-out. */
class Attempt {
  private readonly socket: net.Socket;
  private readonly secured: boolean;
  private readonly limits: PoolLimits;
  private readonly settled: (error: WireUpstreamError | undefined) => void;
  private readonly deadline: Deadline;
  private phase: UpstreamPhase = 'connect';
  private certificate: X509Certificate | undefined;

  constructor(socket: net.Socket, secured: boolean, limits: PoolLimits, settled: (error: WireUpstreamError | undefined) => void) {
    this.socket = socket;
    this.secured = secured;
    this.limits = limits;
    this.settled = settled;
    this.deadline = new Deadline(() => this.expired());
  }

  begin(): void {
    this.socket.on('lookup', this.lookedUp).on('error', this.failed).on('connect', this.tcpConnected).on('close', this.closed);
    if (this.secured) this.socket.prependListener('secure', this.shown).on('secureConnect', this.done);
    this.deadline.set(this.limits.connectTimeout);
  }

  private readonly lookedUp = (error: Error | null): void => {
    if (error !== null) this.phase = 'lookup';
  };

  private readonly tcpConnected = (): void => {
    if (!this.secured) {
      this.done();
      return;
    }
    this.phase = 'tls';
    this.deadline.clear();
    this.deadline.set(this.limits.tlsTimeout);
  };

  /** Before the certificate is judged: a socket that refused it has none any more. */
  private readonly shown = (): void => {
    this.certificate = (this.socket as tls.TLSSocket).getPeerX509Certificate();
  };

  private readonly done = (): void => this.settle(undefined);

  private readonly failed = (error: Error): void => {
    const failure = fromSystem(error, this.phase, false);
    failure.certificate = this.certificate;
    this.settle(failure);
  };

  private readonly closed = (): void => {
    this.settle(new WireUpstreamError('CLOSED', this.phase, false, 'The upstream closed the connection before it was ready.'));
  };

  private expired(): void {
    const tlsPhase = this.phase === 'tls';
    const message = tlsPhase ? 'The TLS handshake did not end in time.' : 'The connection was not accepted in time.';
    this.settle(new WireUpstreamError(tlsPhase ? 'TLS_TIMEOUT' : 'CONNECT_TIMEOUT', this.phase, false, message));
  }

  private settle(error: WireUpstreamError | undefined): void {
    this.deadline.stop();
    this.socket
      .off('lookup', this.lookedUp)
      .off('error', this.failed)
      .off('connect', this.tcpConnected)
      .off('close', this.closed)
      .off('secure', this.shown)
      .off('secureConnect', this.done);
    if (error !== undefined) {
      this.socket.on('error', ignore);
      this.socket.destroy();
    }
    this.settled(error);
  }
}

/** An error after the one that was reported says nothing new. */
function ignore(): void {}
