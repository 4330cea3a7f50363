import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { ServerTlsInfo } from './connection-info.ts';
import { Deadline } from './timers.ts';
import type { TlsChoice } from './types.ts';

/** Time for the last bytes to reach a client that is refused. */
const LINGER_TIME = 2000;

/** Kept to the byte: it is what Go servers, and so Tyk, answer. */
const HTTP_ON_TLS_PORT = 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n';

/** Alerts of RFC 8446 §6 that are sent before TLS has begun. */
export const ALERTS = { internalError: 80, unrecognizedName: 112 } as const;

/** Members of a TLS socket that `tls.Server` uses: errors of the handshake come by `_tlsError` until control is released, HTTP/2 waits while `secureConnecting`. */
interface ServerTlsSocket {
  secureConnecting?: boolean;
  _releaseControl?: () => boolean;
}

export interface Handshake {
  /** Bytes that were read already. */
  first: Buffer;
  servername: string;
  choice: TlsChoice;
  timeout: number;
  secure(socket: TLSSocket, info: ServerTlsInfo): void;
  /** Called once, when the connection is closed before the handshake is done. */
  failed(reason: string): void;
}

/** The server's side of a TLS handshake on a connection whose ClientHello was read (RFC 8446 §2). */
export function startTls(socket: Socket, handshake: Handshake): void {
  const { choice, first } = handshake;
  // A client that closes its side in the middle of a handshake will not finish it; HTTP/1.1 allows it again.
  socket.allowHalfOpen = false;
  socket.pause();
  socket.unshift(first);
  const alpn = choice.alpn.length > 0 ? { ALPNProtocols: choice.alpn } : {};
  const secured = new TLSSocket(socket, { isServer: true, secureContext: choice.context, requestCert: choice.requestCert, rejectUnauthorized: false, ...alpn });
  let reason = 'the client closed the connection during the TLS handshake';
  const broken = (error: Error): void => {
    reason = `TLS handshake failed: ${error.message}`;
    secured.destroy();
  };
  const deadline = new Deadline(() => broken(new Error('it took too long')));
  const closed = (): void => {
    deadline.stop();
    handshake.failed(reason);
  };
  const begun = secured as TLSSocket & ServerTlsSocket;
  const done = (): void => {
    deadline.stop();
    begun.secureConnecting = false;
    begun._releaseControl?.();
    secured.off('_tlsError', broken).off('error', broken).off('close', closed).off('secure', done);
    handshake.secure(secured, new ServerTlsInfo(secured, handshake.servername, choice.requestCert));
  };
  secured.on('_tlsError', broken).on('error', broken).on('close', closed).on('secure', done);
  deadline.set(handshake.timeout);
}

/** Plain HTTP on a TLS port: uppercase letters first, where TLS has a record type. */
export function startsLikeHttp(first: Buffer): boolean {
  const code = first[0] ?? 0;
  return code >= 65 && code <= 90;
}

/** The methods that Go knows by their first five bytes, and others that look like one. */
export function looksLikeHttp(bytes: Buffer): boolean {
  return /^[A-Z]{3,}[ /]?/.test(bytes.toString('latin1', 0, 5));
}

export function refusePlainHttp(socket: Socket): void {
  lastBytes(socket, HTTP_ON_TLS_PORT);
}

/** A fatal alert in a record of its own. */
export function sendAlert(socket: Socket, alert: number): void {
  lastBytes(socket, Buffer.from([21, 3, 3, 0, 2, 2, alert]));
}

/** Ends the connection so that the bytes arrive: a reset while the client still sends would take them away. */
function lastBytes(socket: Socket, bytes: string | Buffer): void {
  const deadline = new Deadline(() => socket.destroy());
  socket.on('close', () => deadline.stop());
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.destroySoon());
  socket.resume();
  socket.end(bytes);
  deadline.set(LINGER_TIME);
}
