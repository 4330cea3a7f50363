import type { Socket } from 'node:net';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { ConnectionInfo, TlsInfo } from './types.ts';

/** IPv4 addresses on a dual-stack port are written as IPv4 (RFC 4291 §2.5.5.2). */
function plainAddress(address: string | undefined): string {
  if (address === undefined) return '';
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

/** Taken once, when the connection begins: addresses are gone after the client has left. */
export function connectionInfo(socket: Socket, tls: TlsInfo | undefined): ConnectionInfo {
  return {
    remoteAddress: plainAddress(socket.remoteAddress),
    remotePort: socket.remotePort ?? 0,
    localAddress: plainAddress(socket.localAddress),
    localPort: socket.localPort ?? 0,
    tls,
  };
}

/** The native part of a TLS socket. A server socket that does not belong to a `tls.Server` tells the result of verification nowhere else. */
interface VerifyHandle {
  _handle?: { verifyError?: () => Error | null | undefined };
}

/** What TLS agreed on. Certificates are only converted when somebody asks. */
export class ServerTlsInfo implements TlsInfo {
  readonly servername: string;
  readonly protocol: string;
  readonly alpn: string;
  readonly sessionReused: boolean;
  /** A client certificate came and its chain leads to an authority of the context. */
  readonly authorized: boolean;
  private readonly socket: TLSSocket;
  private certificate: DetailedPeerCertificate | undefined | false = false;

  /** `servername` is the one that the certificate was chosen by. */
  constructor(socket: TLSSocket, servername: string, requestCert: boolean) {
    this.socket = socket;
    this.servername = servername;
    this.protocol = socket.getProtocol() ?? '';
    this.alpn = typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : '';
    this.sessionReused = socket.isSessionReused();
    this.authorized = requestCert && this.verified();
  }

  private verified(): boolean {
    const handle = (this.socket as unknown as VerifyHandle)._handle;
    // Without a certificate OpenSSL finds nothing wrong.
    return typeof handle?.verifyError === 'function' && !handle.verifyError() && this.peerCertificate() !== undefined;
  }

  peerCertificate(): DetailedPeerCertificate | undefined {
    if (this.certificate === false) {
      const found = this.socket.getPeerCertificate(true);
      // Node gives an empty object where no certificate came, null after the end of the connection.
      this.certificate = found !== null && found.raw !== undefined ? found : undefined;
    }
    return this.certificate;
  }
}
