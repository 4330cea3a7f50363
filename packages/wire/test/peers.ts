import { once } from 'node:events';
import { connect as connectHttp2, createServer as createHttp2, type ClientHttp2Session, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import { createServer as createHttp1, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';
import {
  DEFAULT_SERVER_LIMITS,
  listen,
  type ExchangeHandler,
  type Listener,
  type ListenOptions,
  type Origin,
  type ServerHooks,
  type ServerLimits,
} from '../src/index.ts';

/** What a test opened; everything is closed after it, the last first. */
export class Opened {
  private readonly closers: (() => unknown)[] = [];

  add(close: () => unknown): void {
    this.closers.push(close);
  }

  async closeAll(): Promise<void> {
    for (let close = this.closers.pop(); close !== undefined; close = this.closers.pop()) await close();
  }

  async listen(handler: ExchangeHandler, options: Partial<ListenOptions> = {}, limits: Partial<ServerLimits> = {}, hooks: ServerHooks = {}): Promise<Listener> {
    const listener = await listen(
      { host: '127.0.0.1', port: 0, reusePort: false, h2c: true, ...options },
      { ...DEFAULT_SERVER_LIMITS, ...limits },
      hooks,
      handler,
    );
    this.add(() => listener.close(0));
    return listener;
  }

  async http1(answer: RequestListener, prepare?: (server: Server) => void): Promise<Origin> {
    const server = createHttp1(answer);
    prepare?.(server);
    this.add(() => server.closeAllConnections());
    return { ...(await this.opened(server)), protocol: 'http' };
  }

  async h2c(stream: (stream: ServerHttp2Stream, raw: string[]) => void, prepare?: (server: Http2Server) => void): Promise<Origin> {
    const server = createHttp2();
    server.on('stream', (one: ServerHttp2Stream, _headers: unknown, _flags: unknown, raw: string[]) => {
      one.on('error', () => undefined);
      stream(one, raw);
    });
    server.on('session', (session) => this.add(() => session.destroy()));
    prepare?.(server);
    return { ...(await this.opened(server)), protocol: 'h2c' };
  }

  private async opened(server: NetServer): Promise<{ key: string; host: string; port: number }> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.add(() => server.close());
    const { port } = server.address() as AddressInfo;
    return { key: String(port), host: '127.0.0.1', port };
  }

  session(port: number): ClientHttp2Session {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on('error', () => undefined);
    this.add(() => session.destroy());
    return session;
  }

  socket(port: number): Socket {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    this.add(() => socket.destroy());
    return socket;
  }
}

/** Sends text on a plain connection and gives everything that comes back until it is closed. */
export async function rawTalk(opened: Opened, port: number, text: string | Buffer): Promise<string> {
  const socket = opened.socket(port);
  let got = '';
  socket.on('data', (chunk: Buffer) => (got += chunk.toString('latin1')));
  socket.write(text);
  await once(socket, 'close');
  return got;
}

/** An answer to an HTTP/2 request as its client saw it. */
export interface Http2Answer {
  status: number;
  fields: string[];
  body: Buffer;
  trailers: string[] | undefined;
  /** The stream's reset code, 0 for a clean end. */
  reset: number;
}

/** Makes a request of raw fields on a session; a body is sent as given, in one piece. */
export function ask(session: ClientHttp2Session, fields: string[], body?: Buffer | string): Promise<Http2Answer> {
  const stream = session.request(fields, { endStream: body === undefined });
  const answer: Http2Answer = { status: 0, fields: [], body: Buffer.alloc(0), trailers: undefined, reset: 0 };
  const chunks: Buffer[] = [];
  stream.on('response', (headers, _flags, raw: string[]) => {
    answer.status = Number(headers[':status']);
    answer.fields = raw;
  });
  stream.on('trailers', (_headers: unknown, _flags: unknown, raw: string[]) => (answer.trailers = raw));
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('error', () => undefined);
  if (body !== undefined) stream.end(body);
  return new Promise((resolve) => {
    stream.on('close', () => resolve({ ...answer, body: Buffer.concat(chunks), reset: stream.rstCode ?? 0 }));
  });
}

/** Value of a field in a raw list, or undefined. */
export function fieldOf(raw: readonly string[], name: string): string | undefined {
  for (let at = 0; at < raw.length; at += 2) if (raw[at]?.toLowerCase() === name) return raw[at + 1];
  return undefined;
}

/** `GET path` in raw fields. */
export function get(path: string, ...fields: string[]): string[] {
  return [':method', 'GET', ':path', path, ...fields];
}

export function post(path: string, ...fields: string[]): string[] {
  return [':method', 'POST', ':path', path, ...fields];
}
