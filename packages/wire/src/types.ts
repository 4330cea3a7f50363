import type { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { DetailedPeerCertificate, SecureContext } from 'node:tls';

/**
 * Header fields in wire order: `[name, value, name, value, …]`. Order, case and duplicates are kept as they came;
 * values are latin1 text without surrounding blanks (RFC 9110 §5.5).
 */
export type Fields = string[];

export type HttpVersion = '1.0' | '1.1' | '2.0';

/** A parsed request head (RFC 9112 §3, RFC 9113 §8.3.1). */
export interface RequestHead {
  method: string;
  /** As received: origin-form, absolute-form, authority-form (CONNECT) or `*`; `:path` for HTTP/2. */
  target: string;
  version: HttpVersion;
  /** All fields but pseudo-header fields; for HTTP/1.1 framing fields (Connection, Content-Length, …) are still in. */
  fields: Fields;
  /** Authority that the request is for: that of an absolute-form target, else the Host field, else `:authority`, else `''`. */
  authority: string;
  /** Bytes of the body: 0 none, -1 not known beforehand (chunked, or HTTP/2 without content-length). */
  contentLength: number;
  /** Lower-case protocol of an upgrade asked for (`Connection: upgrade` and `Upgrade`); `''` otherwise. */
  upgrade: string;
  /** `Expect: 100-continue` was sent and nothing was answered to it yet. */
  expectContinue: boolean;
}

/** A parsed answer head (RFC 9112 §4). */
export interface AnswerHead {
  status: number;
  reason: string;
  version: HttpVersion;
  fields: Fields;
  /**
   * Bytes of the body: 0 none, -1 not known beforehand. Of an answer to HEAD and of 304, which have no body, the length that they announce, or -1:
   * it can be handed to `ServerExchange.start` as it is.
   */
  contentLength: number;
}

/** What is known of the connection that a request came in on. */
export interface ConnectionInfo {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  /** Undefined on plain connections. */
  readonly tls: TlsInfo | undefined;
}

export interface TlsInfo {
  /** Server name that the client asked for (SNI), lower case, or `''`. */
  readonly servername: string;
  /** `TLSv1.3`, `TLSv1.2`, … */
  readonly protocol: string;
  readonly alpn: string;
  readonly sessionReused: boolean;
  /** Client certificate as presented (verified or not: see `authorized`), with its chain; undefined when none came. */
  peerCertificate(): DetailedPeerCertificate | undefined;
  readonly authorized: boolean;
}

/** Receives a body. `onData` answering `false` pauses the source until `resume`. Exactly one of `onEnd` and `onError` is the last call. */
export interface BodySink {
  onData(chunk: Buffer): boolean | void;
  onEnd(trailers: Fields | undefined): void;
  onError(error: Error): void;
}

/**
 * One request and its answer, the same for HTTP/1.1 and HTTP/2. The engine owns framing: callers never pass Connection, Keep-Alive,
 * Transfer-Encoding, Content-Length or Upgrade among answer fields (they are set from `length` and the connection's state); `Date` is
 * added when missing. Answers to pipelined requests are sent in order.
 */
export interface ServerExchange {
  readonly head: RequestHead;
  readonly connection: ConnectionInfo;

  /** Starts the flow of the request body (sends `100 Continue` first where it was asked for). At most once. Without it the body is drained after the answer, within limits, or the connection closed. */
  readBody(sink: BodySink): void;
  pauseBody(): void;
  resumeBody(): void;

  /** Sends an interim answer (1xx other than 101) where the client's version allows it. */
  inform(status: number, fields: Fields): void;
  /** A complete answer in one write. Body bytes of `HEAD`, 204 and 304 are left out, their length is kept where allowed. */
  respond(status: number, fields: Fields, body: string | Buffer): void;
  /** Begins a streamed answer. `length`: bytes to come, or -1 when unknown (chunked; until close for HTTP/1.0). `reason` `''` = the standard phrase. */
  start(status: number, reason: string, fields: Fields, length: number): void;
  /** False: the client reads slower than we write; wait for `onDrain`. */
  write(chunk: Buffer): boolean;
  end(trailers?: Fields): void;
  /**
   * Takes the connection over: writes the head (101 with `Connection` and `Upgrade`, or 2xx to CONNECT) and gives the raw stream, paused, with bytes already
   * read pushed back into it: pipe it or call `resume`. The protocol is that of an `Upgrade` among the fields, else the one asked for. After the request's body.
   * HTTP/1.1 only.
   */
  takeOver(status: number, reason: string, fields: Fields): Duplex;
  /** Breaks the connection (HTTP/1.1) or resets the stream (HTTP/2) so that the client sees that the answer is not complete. */
  abort(): void;
  /** After this answer the connection is closed (HTTP/1.1: `Connection: close`). Call before the answer begins. */
  closeAfter(): void;

  onDrain: (() => void) | undefined;
  /** The client went away before the answer was complete. Called at most once, never after the answer's end. */
  onAbort: (() => void) | undefined;
}

export type ExchangeHandler = (exchange: ServerExchange) => void;

/** Limits and time-outs of a server connection. Times in milliseconds, 0 switches one off; sizes in bytes. */
export interface ServerLimits {
  maxHeadBytes: number;
  maxFields: number;
  maxTargetBytes: number;
  /** From the first byte of a head to its end (408). */
  headTimeout: number;
  /** Longest silence while a body is being read (408). */
  bodyTimeout: number;
  /** Idle time between requests. */
  keepAliveTimeout: number;
  /** Longest time a client may take no byte of an answer. */
  writeTimeout: number;
  maxRequestsPerConnection: number;
  /**
   * Pipelined requests are handled one after the other. Of those behind the one being answered, so many heads' worth of bytes (this times `maxHeadBytes`)
   * are read ahead; reading stops beyond.
   */
  maxPipelined: number;
}

/** What `refused` is told of a message that was answered by the engine itself (never seen by the handler). */
export interface WireRefusal {
  status: number;
  /** Stable code of the row of the table in `errors.ts`, e.g. `HEAD_TOO_LARGE`. */
  code: string;
  message: string;
}

export interface ServerHooks {
  refused?(refusal: WireRefusal, connection: ConnectionInfo): void;
  /** Server connections close keep-alive as if the client had asked for it. */
  closeConnections?: boolean;
}

/** Asked once per TLS connection, before the handshake, with what the client said in its ClientHello (RFC 8446 §4.1.2). */
export interface ClientHello {
  /** Lower case, without trailing dot; `''` when there was no SNI. */
  servername: string;
  alpn: string[];
  /** Offered versions, e.g. `0x0304`. */
  versions: number[];
}

export interface TlsChoice {
  context: SecureContext;
  requestCert: boolean;
  /** Protocols offered by ALPN, by preference. */
  alpn: string[];
  /** Ticket keys and other options that belong to the context are in it already. */
}

/** Chooses certificate and client-certificate rules by server name; undefined refuses the handshake (unrecognized_name). */
export type TlsChooser = (hello: ClientHello) => TlsChoice | undefined;

export interface ListenOptions {
  host: string;
  port: number;
  /** Several threads listen on one port (SO_REUSEPORT). */
  reusePort: boolean;
  backlog?: number;
  /** Absent: plain HTTP/1.1, and HTTP/2 with prior knowledge (h2c) where `h2c` is set. */
  tls?: TlsChooser;
  h2c: boolean;
}

/** A listening port. */
export interface Listener {
  readonly port: number;
  /** Stops accepting; open connections finish what they do. Resolves when the last one is closed, at the latest after `graceMs`, when the rest is destroyed. */
  close(graceMs: number): Promise<void>;
  readonly connections: number;
}

/** Where upstream requests go. Connections are pooled by `key`, so everything that must not be shared (TLS identity, SNI, proxy, local address) goes into it. */
export interface Origin {
  key: string;
  /** `h2` is HTTP/2 over TLS where ALPN agrees (HTTP/1.1 otherwise), `h2c` HTTP/2 with prior knowledge. */
  protocol: 'http' | 'https' | 'h2' | 'h2c';
  host: string;
  port: number;
  tls?: OriginTls;
  localAddress?: string;
}

/** TLS towards an origin; passed to `tls.connect`. Where there is a `context`, versions and ciphers are those that it was made with. */
export interface OriginTls {
  servername: string;
  context?: SecureContext;
  rejectUnauthorized: boolean;
  /** As for `tls.connect`; undefined = the standard check of the name. */
  checkServerIdentity?: (host: string, certificate: DetailedPeerCertificate) => Error | undefined;
  minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  maxVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  ciphers?: string;
}

/** A request to an upstream. Hop-by-hop and framing fields must not be among `fields`; `Host` is (first, by custom). */
export interface UpstreamRequest {
  method: string;
  /** Origin-form target as sent: path and query, already escaped. */
  path: string;
  fields: Fields;
  /** 0: no body; n: exactly n bytes will be written; -1: unknown (chunked). */
  contentLength: number;
  /** The whole body, where it is there already; written together with the head. `contentLength` is then its length. */
  body?: Buffer;
  /** Protocol to ask an upgrade for (`websocket`); `''` otherwise. */
  upgrade: string;
  /** Milliseconds from the last byte of the request to the answer's head; 0 = none. */
  headTimeout: number;
  /** May be sent a second time when a reused connection turns out to be closed before any byte came back. */
  repeatable: boolean;
}

/** Receives the answer to an upstream request. Exactly one of `onEnd`, `onError`, `onUpgrade` is the last call. */
export interface AnswerSink {
  onInformation?(head: AnswerHead): void;
  onHead(head: AnswerHead): void;
  /** `false` pauses the upstream until `resume`. */
  onData(chunk: Buffer): boolean | void;
  onEnd(trailers: Fields | undefined): void;
  onError(error: UpstreamError): void;
  /** 101 came: the raw stream (bytes already read pushed back). */
  onUpgrade?(head: AnswerHead, stream: Duplex): void;
  /** `write` answered false and the upstream takes bytes again. */
  onDrain?(): void;
}

/** Handle of an upstream request under way. */
export interface ClientExchange {
  write(chunk: Buffer): boolean;
  end(trailers?: Fields): void;
  pause(): void;
  resume(): void;
  /** Gives up: the connection is closed (HTTP/1.1) or the stream reset; no further call to the sink. */
  abort(): void;
}

export type UpstreamPhase = 'lookup' | 'connect' | 'tls' | 'request' | 'head' | 'body';

/** Why an upstream request failed. `code` is the system's (`ECONNREFUSED`), TLS's (`CERT_HAS_EXPIRED`) or ours (`BAD_ANSWER`, `HEAD_TIMEOUT`, `BODY_TIMEOUT`, `CONNECT_TIMEOUT`, `CLOSED`). */
export interface UpstreamError extends Error {
  readonly code: string;
  readonly phase: UpstreamPhase;
  /** True once a byte of the answer had come. */
  readonly answered: boolean;
  /** What the upstream showed, where its certificate was refused. */
  readonly certificate?: X509Certificate | undefined;
}

export interface PoolLimits {
  connectTimeout: number;
  tlsTimeout: number;
  /** Longest silence of an upstream in the middle of an answer's body, or while it takes no byte of a request's; 0 = none. HTTP/1.1. */
  bodyTimeout: number;
  /** Idle time after which a pooled connection is closed. */
  idleTimeout: number;
  /** Idle connections kept per origin. */
  maxIdlePerOrigin: number;
  /** Open connections per origin; requests beyond wait. 0 = no limit. */
  maxPerOrigin: number;
  maxHeadBytes: number;
  maxFields: number;
  /** 0: connections live as long as they are good. Milliseconds. */
  maxConnectionAge: number;
  /** No reuse at all. */
  closeAfterUse: boolean;
}

export interface Pool {
  request(origin: Origin, request: UpstreamRequest, sink: AnswerSink): ClientExchange;
  /** Open connections, idle ones included. */
  readonly size: number;
  close(): void;
}
