import { Agent, createServer, METHODS, request as httpRequest, type IncomingMessage } from 'node:http';
import { ClientConnection } from '../src/client-connection.ts';
import { DEFAULT_POOL_LIMITS, DEFAULT_SERVER_LIMITS, getFields, Http1Connection, type ServerExchange } from '../src/index.ts';
import { requestHead, UpstreamExchange } from '../src/upstream-exchange.ts';
import { MemorySocket, turn } from './memory-socket.ts';

/** A message as somebody understood it, complete. */
export interface Understood {
  line: string;
  body: string;
  /** Content-Length came more than once, with the same number. */
  repeatedLength?: boolean;
}

/** What became of the bytes of one connection. */
export interface Run {
  /** Complete messages, in order. */
  messages: Understood[];
  /** Everything that could be seen of the parsing, comparable. */
  transcript: string[];
  /** Why reading stopped, as a code. */
  error: string;
}

/** Turns of the event loop in which a connection must have come to rest, or to its end. */
const PATIENCE = 400;

async function feed(socket: MemorySocket, pieces: readonly Buffer[], slowly: boolean, over = (): boolean => false): Promise<void> {
  for (const piece of pieces) {
    socket.feed(Buffer.from(piece));
    if (slowly) await turn();
  }
  for (let at = 0; at < 6; at++) await turn();
  socket.feedEnd();
  for (let at = 0; at < PATIENCE && !socket.closed && !over(); at++) await turn();
}

/** Our server connection on these bytes. Throws when it hangs. */
export async function ourRequests(pieces: readonly Buffer[], slowly: boolean): Promise<Run> {
  const run: Run = { messages: [], transcript: [], error: '' };
  const socket = new MemorySocket();
  const hooks = {
    refused: ({ code }: { code: string }): void => {
      run.error = code;
      run.transcript.push(`refused ${code}`);
    },
  };
  const info = { remoteAddress: '', remotePort: 0, localAddress: '', localPort: 0, tls: undefined };
  const connection = new Http1Connection(socket.asSocket, info, DEFAULT_SERVER_LIMITS, hooks, (exchange) => answer(exchange, run));
  await feed(socket, pieces, slowly);
  if (!socket.closed) {
    connection.close(false);
    throw new Error('The server connection hangs after the end of its input.');
  }
  return run;
}

function answer(exchange: ServerExchange, run: Run): void {
  const { method, target, fields } = exchange.head;
  run.transcript.push(`${method} ${target} ${JSON.stringify(fields)}`);
  let body = '';
  exchange.readBody({
    onData: (chunk) => void (body += chunk.toString('latin1')),
    onEnd: (trailers) => {
      run.messages.push({ line: `${method} ${target}`, body, repeatedLength: getFields(fields, 'content-length').length > 1 });
      run.transcript.push(`${JSON.stringify(body)} ${JSON.stringify(trailers)}`);
      exchange.respond(200, [], 'ok');
    },
    onError: () => run.transcript.push(`${JSON.stringify(body)} broken`),
  });
}

/** Node's own server, strict as it is by default, on the same bytes. */
export async function nodeRequests(bytes: Buffer): Promise<Run> {
  const run: Run = { messages: [], transcript: [], error: '' };
  const socket = new MemorySocket();
  const limits = {
    maxHeaderSize: 1_000_000,
    insecureHTTPParser: false,
    requireHostHeader: true,
    keepAliveTimeout: 0,
    requestTimeout: 0,
    headersTimeout: 0,
    connectionsCheckingInterval: 2 ** 30,
  };
  const server = createServer(limits, (incoming, outgoing) => take(incoming, run, `${incoming.method} ${incoming.url}`, () => outgoing.end('ok')));
  server.maxHeadersCount = 0;
  // The socket is left open, so that requests before the bad one are still handed out.
  server.on('clientError', (error: Error & { code?: string }) => (run.error ||= error.code ?? 'ERROR'));
  // Without listeners Node would break these connections off, which says nothing of their syntax.
  server.on('connect', (incoming: IncomingMessage, one) => {
    run.messages.push({ line: `${incoming.method} ${incoming.url}`, body: '' });
    run.error = 'SWITCHED';
    one.destroy();
  });
  server.emit('connection', socket);
  await feed(socket, [bytes], false, () => run.error !== '');
  for (let at = 0; at < 4; at++) await turn();
  socket.destroy();
  server.close();
  return run;
}

function take(incoming: IncomingMessage, run: Run, line: string, done: () => void): void {
  let body = '';
  incoming.setEncoding('latin1');
  incoming.on('data', (chunk: string) => (body += chunk));
  incoming.on('end', () => {
    if (incoming.complete) run.messages.push({ line, body });
    done();
  });
  incoming.on('error', (error: Error & { code?: string }) => (run.error ||= error.code ?? 'ERROR'));
}

/** Our client connection on these bytes as the answer to one GET. Throws when it hangs. */
export async function ourAnswer(pieces: readonly Buffer[], slowly: boolean): Promise<Run> {
  const run: Run = { messages: [], transcript: [], error: '' };
  const socket = new MemorySocket();
  const connection = new ClientConnection(socket.asSocket, undefined, DEFAULT_POOL_LIMITS, {
    released: () => undefined,
    closed: () => undefined,
    retry: () => undefined,
  });
  const request = { method: 'GET', path: '/', fields: ['Host', 'a'], contentLength: 0, upgrade: '', headTimeout: 0, repeatable: false };
  let line = '';
  let body = '';
  let repeatedLength = false;
  const sink = {
    onInformation: ({ status }: { status: number }) => void run.transcript.push(`interim ${status}`),
    onHead: (head: { status: number; reason: string; fields: string[] }) => {
      line = String(head.status);
      repeatedLength = getFields(head.fields, 'content-length').length > 1;
      run.transcript.push(`${head.status} ${head.reason} ${JSON.stringify(head.fields)}`);
    },
    onData: (chunk: Buffer) => void (body += chunk.toString('latin1')),
    onEnd: (trailers: string[] | undefined) => {
      run.messages.push({ line, body, repeatedLength });
      run.transcript.push(`${JSON.stringify(body)} ${JSON.stringify(trailers)}`);
    },
    onError: (error: Error & { code: string }) => {
      run.error = error.code;
      run.transcript.push(`${JSON.stringify(body)} ${error.code} ${error.message}`);
    },
  };
  connection.send(new UpstreamExchange(request, sink, requestHead(request)));
  await feed(socket, pieces, slowly);
  const settled = run.messages.length > 0 || run.error !== '';
  connection.close();
  if (!settled) throw new Error('The client connection hangs after the end of its input.');
  return run;
}

/** Node's own client on the same bytes. */
export async function nodeAnswer(bytes: Buffer): Promise<Run> {
  const run: Run = { messages: [], transcript: [], error: '' };
  const socket = new MemorySocket();
  const agent = new Agent();
  agent.createConnection = () => socket;
  const outgoing = httpRequest({ host: 'a', maxHeaderSize: 1_000_000, insecureHTTPParser: false, agent });
  outgoing.maxHeadersCount = 0;
  outgoing.on('error', (error: Error & { code?: string }) => (run.error ||= error.code ?? 'ERROR'));
  outgoing.on('response', (incoming) => take(incoming, run, String(incoming.statusCode), () => undefined));
  outgoing.end();
  await turn();
  await feed(socket, [bytes], false, () => run.error !== '' || run.messages.length > 0);
  socket.destroy();
  outgoing.destroy();
  await turn();
  return run;
}

/**
 * Where we take more than Node by intention: methods that are not in its table, bytes above ASCII in targets (passed on as they are, as Go
 * does), and equal repetitions of Content-Length, which RFC 9110 §8.6 lets a server take as one and which Tyk takes.
 */
export function nodeIsNarrower(ours: Understood, error: string): boolean {
  const method = ours.line.slice(0, ours.line.indexOf(' '));
  if (error === 'HPE_INVALID_URL') return /[\x80-\xff]/.test(ours.line);
  if (error === 'HPE_UNEXPECTED_CONTENT_LENGTH') return ours.repeatedLength === true;
  return error === 'SWITCHED' || (error === 'HPE_INVALID_METHOD' && !METHODS.includes(method));
}
