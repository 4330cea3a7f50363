import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { ClientHelloReader, isProblem, type HelloProblem } from './client-hello.ts';
import { connectionInfo, type ServerTlsInfo } from './connection-info.ts';
import { readFirst } from './first-bytes.ts';
import { Http2Connection } from './http2-server.ts';
import { Http1Connection } from './server-connection.ts';
import { ALERTS, looksLikeHttp, refusePlainHttp, sendAlert, startsLikeHttp, startTls } from './tls-server.ts';
import type { ClientHello, ExchangeHandler, ListenOptions, ServerHooks, ServerLimits, TlsChoice, TlsChooser, WireRefusal } from './types.ts';

/** Every client of HTTP/2 with prior knowledge starts with these bytes (RFC 9113 §3.4). */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const LONGEST_HANDSHAKE = 10_000;

/** What serves the connections of a port. */
export interface Service {
  options: ListenOptions;
  limits: ServerLimits;
  hooks: ServerHooks;
  handler: ExchangeHandler;
}

/** What a protocol makes of a connection. */
interface Protocol {
  close(graceful: boolean): void;
  onClosed: (() => void) | undefined;
}

/** A connection that was accepted: first it is found out what is spoken on it, then the protocol has it. */
export class Accepted {
  private readonly socket: Socket;
  private readonly service: Service;
  private readonly closed: () => void;
  private protocol: Protocol | undefined = undefined;
  private ended = false;

  constructor(socket: Socket, service: Service, onClosed: (accepted: Accepted) => void) {
    this.socket = socket;
    this.service = service;
    this.closed = () => onClosed(this);
  }

  begin(): void {
    const { tls, h2c } = this.service.options;
    if (tls !== undefined) this.awaitHello(tls);
    else if (h2c) this.awaitPreface();
    else this.speakHttp1(this.socket, undefined, undefined);
  }

  /** A connection on which nothing was agreed yet has nothing to finish. */
  close(graceful: boolean): void {
    this.ended = true;
    if (this.protocol === undefined) this.socket.destroy();
    else this.protocol.close(graceful);
  }

  private awaitPreface(): void {
    let matched = 0;
    readFirst(this.socket, {
      timeout: this.service.limits.keepAliveTimeout,
      enough: (chunk) => {
        const common = Math.min(chunk.length, PREFACE.length - matched);
        if (chunk.compare(PREFACE, matched, matched + common, 0, common) !== 0) return true;
        matched += common;
        return matched === PREFACE.length;
      },
      done: (bytes) => {
        if (matched === PREFACE.length) this.speakHttp2Plain(bytes);
        else this.speakHttp1(this.socket, undefined, bytes);
      },
      gone: this.closed,
    });
  }

  private speakHttp2Plain(bytes: Buffer): void {
    this.socket.pause();
    this.socket.unshift(bytes);
    this.speakHttp2(this.socket, undefined);
  }

  private awaitHello(choose: TlsChooser): void {
    const reader = new ClientHelloReader();
    let answer: ClientHello | HelloProblem | undefined;
    let letters = 0;
    readFirst(this.socket, {
      timeout: this.handshakeTimeout,
      enough: (chunk) => {
        // Five bytes tell HTTP, as long as TLS itself needs to tell a record.
        if (letters > 0 || startsLikeHttp(chunk)) letters += chunk.length;
        else answer = reader.push(chunk);
        return answer !== undefined || letters >= 5;
      },
      done: (bytes) => this.helloRead(bytes, answer, choose),
      gone: this.closed,
    });
  }

  private get handshakeTimeout(): number {
    const { headTimeout } = this.service.limits;
    return headTimeout > 0 ? Math.min(headTimeout, LONGEST_HANDSHAKE) : LONGEST_HANDSHAKE;
  }

  private helloRead(first: Buffer, answer: ClientHello | HelloProblem | undefined, choose: TlsChooser): void {
    if (answer !== undefined && !isProblem(answer)) {
      this.choose(first, answer, choose);
      return;
    }
    this.socket.on('close', this.closed);
    if (looksLikeHttp(first)) {
      this.refused({ status: 400, code: 'HTTP_ON_TLS_PORT', message: 'a plain HTTP request came to a TLS port; use https' });
      refusePlainHttp(this.socket);
    } else {
      this.refuseTls(answer?.message ?? 'what came is not TLS', answer?.alert ?? ALERTS.internalError);
    }
  }

  private choose(first: Buffer, hello: ClientHello, choose: TlsChooser): void {
    const choice = choose(hello);
    if (choice !== undefined) {
      this.handshake(first, hello, choice);
      return;
    }
    this.socket.on('close', this.closed);
    this.refuseTls(`no certificate for the server name ${JSON.stringify(hello.servername)}`, ALERTS.unrecognizedName);
  }

  private handshake(first: Buffer, hello: ClientHello, choice: TlsChoice): void {
    startTls(this.socket, {
      first,
      servername: hello.servername,
      choice,
      timeout: this.handshakeTimeout,
      secure: (socket, info) => this.secured(socket, info),
      failed: (reason) => {
        this.refused({ status: 0, code: 'TLS_HANDSHAKE', message: reason });
        this.closed();
      },
    });
  }

  private secured(socket: TLSSocket, info: ServerTlsInfo): void {
    if (info.alpn === 'h2') this.speakHttp2(socket, info);
    else this.speakHttp1(socket, info, undefined);
    if (this.ended) this.protocol?.close(true);
  }

  private refuseTls(message: string, alert: number): void {
    this.refused({ status: 0, code: 'TLS_HANDSHAKE', message });
    sendAlert(this.socket, alert);
  }

  private refused(refusal: WireRefusal): void {
    this.service.hooks.refused?.(refusal, connectionInfo(this.socket, undefined));
  }

  private speakHttp1(socket: Socket, tls: ServerTlsInfo | undefined, first: Buffer | undefined): void {
    const { limits, hooks, handler } = this.service;
    this.use(new Http1Connection(socket, connectionInfo(this.socket, tls), limits, hooks, handler, first));
  }

  private speakHttp2(socket: Socket, tls: ServerTlsInfo | undefined): void {
    const { limits, hooks, handler } = this.service;
    this.use(new Http2Connection(socket, connectionInfo(this.socket, tls), limits, hooks, handler));
  }

  private use(protocol: Protocol): void {
    this.protocol = protocol;
    protocol.onClosed = this.closed;
  }
}
