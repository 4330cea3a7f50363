import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { testCertificate } from './certificates.ts';

/** A request as the upstream got it. */
export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  /** `[name, value]` in wire order. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
  /** Number of the connection that it came on, from 1. */
  readonly connection: number;
}

export type UpstreamAnswer = (request: IncomingMessage, response: ServerResponse, seen: SeenRequest) => void | Promise<void>;

export interface UpstreamOptions {
  /** Name of a test certificate: the upstream speaks TLS. */
  tls?: string;
  /** What to answer; default: 200 and the request as JSON. */
  answer?: UpstreamAnswer;
}

/** An echo server on a free port of 127.0.0.1 that remembers what it got. */
export interface Upstream extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly seen: readonly SeenRequest[];
  /** Connections that were opened so far. */
  readonly connections: number;
  /** Takes what was seen since the last time. */
  take(): SeenRequest[];
}

export async function upstream({ tls, answer = echo }: UpstreamOptions = {}): Promise<Upstream> {
  const seen: SeenRequest[] = [];
  const numbers = new WeakMap<Socket, number>();
  let connections = 0;
  const listener: RequestListener = (request, response) => void record(request, response, numbers.get(request.socket) ?? 0, seen, answer);
  const server = tls === undefined ? createServer(listener) : createTlsServer(testCertificate(tls), listener);
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => numbers.set(socket, ++connections));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    seen,
    get connections() {
      return connections;
    },
    take: () => seen.splice(0),
    [Symbol.asyncDispose]: () => close(server),
  };
}

async function record(request: IncomingMessage, response: ServerResponse, connection: number, seen: SeenRequest[], answer: UpstreamAnswer): Promise<void> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch {
    return; // the client went away
  }
  const one: SeenRequest = {
    method: request.method ?? '',
    target: request.url ?? '',
    headers: pairs(request.rawHeaders),
    body: Buffer.concat(chunks),
    connection,
  };
  seen.push(one);
  await answer(request, response, one);
}

function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, i) => [raw[2 * i] ?? '', raw[2 * i + 1] ?? '']);
}

const echo: UpstreamAnswer = (_, response, { method, target, headers, body }) => {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ method, target, headers, body: body.toString() }));
};

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
