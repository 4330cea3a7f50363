import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { DEFAULT_SERVER_LIMITS, Http1Connection } from './server-connection.ts';
import type { ConnectionInfo, ExchangeHandler, ServerHooks, ServerLimits, WireRefusal } from './types.ts';

/** Real peers on loopback for the tests of this folder. */

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

/** What the engine is told of a plain connection. */
function infoOf(socket: Socket): ConnectionInfo {
  const { remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0 } = socket;
  return { remoteAddress, remotePort, localAddress, localPort, tls: undefined };
}

export interface WireServer extends AsyncDisposable {
  port: number;
  connections: Http1Connection[];
  refusals: WireRefusal[];
}

/** Our server connections behind a real port. */
export async function wireServer(handler: ExchangeHandler, limits: Partial<ServerLimits> = {}, hooks: ServerHooks = {}): Promise<WireServer> {
  const connections: Http1Connection[] = [];
  const refusals: WireRefusal[] = [];
  const all: ServerHooks = { ...hooks, refused: (refusal) => void refusals.push(refusal) };
  const server = createServer((socket) => {
    connections.push(new Http1Connection(socket, infoOf(socket), { ...DEFAULT_SERVER_LIMITS, ...limits }, all, handler));
  });
  const port = await listen(server);
  const close = async (): Promise<void> => {
    for (const connection of connections) connection.close(false);
    await new Promise((resolve) => server.close(resolve));
  };
  return { port, connections, refusals, [Symbol.asyncDispose]: close };
}

export interface RawServer extends AsyncDisposable {
  port: number;
  /** All bytes received, per connection in order of arrival. */
  received: string[];
  sockets: Socket[];
}

/** A server of raw bytes: `onData` is called with what came so far on the connection. */
export async function rawServer(onData: (socket: Socket, soFar: string, connection: number) => void): Promise<RawServer> {
  const received: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const index = received.push('') - 1;
    sockets.push(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.end());
    socket.on('data', (chunk) => {
      received[index] += chunk.toString('latin1');
      onData(socket, received[index] ?? '', index);
    });
  });
  const port = await listen(server);
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port, received, sockets, [Symbol.asyncDispose]: close };
}

/** A client of raw bytes. */
export class RawClient implements Disposable {
  readonly socket: Socket;
  received = '';
  ended = false;
  closed = false;
  error: Error | undefined = undefined;
  private watchers: (() => void)[] = [];

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.socket.on('data', (chunk) => {
      this.received += chunk.toString('latin1');
      this.wake();
    });
    this.socket.on('end', () => {
      this.ended = true;
      this.wake();
    });
    this.socket.on('error', (error) => {
      this.error = error;
    });
    this.socket.on('close', () => {
      this.closed = true;
      this.wake();
    });
  }

  send(text: string): this {
    this.socket.write(text, 'latin1');
    return this;
  }

  /** Sends pieces of `size` bytes, each in a turn of its own. */
  async sendInPieces(text: string, size = 1): Promise<void> {
    for (let at = 0; at < text.length && !this.closed && !this.ended; at += size) {
      this.socket.write(text.slice(at, at + size), 'latin1');
      await new Promise(setImmediate);
    }
  }

  /** Resolves when what was received fits. */
  async until(fits: (client: RawClient) => boolean): Promise<string> {
    while (!fits(this)) {
      if (this.closed) throw new Error(`The connection was closed after ${JSON.stringify(this.received.slice(-500))}.`);
      await new Promise<void>((resolve) => this.watchers.push(resolve));
    }
    return this.received;
  }

  /** Everything, once the other side has ended. */
  async toEnd(): Promise<string> {
    await this.until((client) => client.ended || client.closed).catch(() => this.received);
    return this.received;
  }

  private wake(): void {
    const { watchers } = this;
    this.watchers = [];
    for (const watcher of watchers) watcher();
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

/** Resolves when a condition holds; looks again every turn. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
