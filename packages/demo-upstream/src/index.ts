import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, MOST_BODY, ROUTES } from './routes.ts';
import { echoWebSocket } from './websocket.ts';

/** A running demo upstream. */
export interface DemoUpstream {
  readonly port: number;
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  close(): Promise<void>;
}

export interface DemoUpstreamOptions {
  /** Default 127.0.0.1: the service is for trying things on one machine. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
}

/** Starts an echo service in the style of httpbin: it answers with what it received. `GET /` lists its routes; `/ws` is a WebSocket echo. */
export async function createDemoUpstream({ host = '127.0.0.1', port = 0 }: DemoUpstreamOptions = {}): Promise<DemoUpstream> {
  const server = createServer((request, response) => void serve(request, response));
  server.on('upgrade', (request, socket, first) => echoWebSocket(request, socket, first));
  server.listen(port, host);
  await once(server, 'listening');
  const bound = (server.address() as AddressInfo).port;
  return { port: bound, url: `http://${host}:${bound}`, close: () => closeServer(server) };
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.on('error', () => response.destroy());
  try {
    const body = await readBody(request);
    if (body === undefined) json(response, { error: `bodies of more than ${MOST_BODY} bytes are not read` }, 413);
    else await answer(request, response, body);
  } catch {
    // The client went away, or asked for a path that cannot be decoded.
    if (response.headersSent || response.destroyed) response.destroy();
    else json(response, { error: 'the request could not be read' }, 400);
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
  const url = new URL(`http://${request.headers.host ?? 'localhost'}${request.url ?? '/'}`);
  const [first = '', ...rest] = url.pathname.slice(1).split('/').map(decodeURIComponent);
  if (first === '') return json(response, { service: 'Gatehouse demo upstream', routes: listOfRoutes() });
  const route = Object.hasOwn(ROUTES, first) ? ROUTES[first] : undefined;
  if (!route) return json(response, { error: `there is no /${first} here; / lists what there is` }, 404);
  const allowed = route.method;
  if (allowed && request.method !== allowed && !(allowed === 'GET' && request.method === 'HEAD')) {
    return json(response.setHeader('Allow', allowed), { error: `/${first} takes ${allowed} only` }, 405);
  }
  return route.answer({ request, response, url, rest, body });
}

function listOfRoutes(): string[] {
  return [...Object.values(ROUTES).flatMap(({ shows }) => (shows ? [shows] : [])), '/ws: a WebSocket that sends everything back'];
}

/** The whole body; undefined where it is too long, which is read to its end all the same so that the client gets to see the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MOST_BODY) chunks.push(chunk);
  }
  return size <= MOST_BODY ? Buffer.concat(chunks) : undefined;
}
