import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createPool, DEFAULT_POOL_LIMITS, DEFAULT_SERVER_LIMITS, endToEnd, Http1Connection } from '../src/index.ts';
import type { AnswerHead, AnswerSink, BodySink, ClientExchange, ConnectionInfo, Fields, Origin, Pool, ServerExchange } from '../src/index.ts';

/** One request passed on, as barely as a correct proxy can: the measure of what the engine itself costs. */
class Relay implements AnswerSink {
  private readonly exchange: ServerExchange;
  private readonly upstream: ClientExchange;
  private answered = false;

  constructor(exchange: ServerExchange, pool: Pool, origin: Origin) {
    this.exchange = exchange;
    const { method, target, fields, contentLength } = exchange.head;
    const request = { method, path: target, fields: endToEnd(fields, false), contentLength, upgrade: '', headTimeout: 30_000, repeatable: contentLength === 0 };
    exchange.onAbort = this.clientGone;
    exchange.onDrain = this.clientReads;
    this.upstream = pool.request(origin, request, this);
    if (contentLength !== 0) exchange.readBody(new Upload(exchange, this.upstream));
  }

  private readonly clientGone = (): void => this.upstream.abort();
  private readonly clientReads = (): void => this.upstream.resume();

  onHead(head: AnswerHead): void {
    this.answered = true;
    this.exchange.start(head.status, head.reason, endToEnd(head.fields, false), head.contentLength);
  }

  onData(chunk: Buffer): boolean {
    return this.exchange.write(chunk);
  }

  onEnd(trailers: Fields | undefined): void {
    this.exchange.end(trailers);
  }

  onDrain(): void {
    this.exchange.resumeBody();
  }

  onError(error: Error): void {
    if (this.answered) this.exchange.abort();
    else this.exchange.respond(502, [], `${error.message}\n`);
  }
}

/** The request's body on its way up. */
class Upload implements BodySink {
  private readonly exchange: ServerExchange;
  private readonly upstream: ClientExchange;

  constructor(exchange: ServerExchange, upstream: ClientExchange) {
    this.exchange = exchange;
    this.upstream = upstream;
  }

  onData(chunk: Buffer): boolean {
    return this.upstream.write(chunk);
  }

  onEnd(trailers: Fields | undefined): void {
    this.upstream.end(trailers);
  }

  onError(): void {
    this.upstream.abort();
  }
}

function infoOf(socket: Socket): ConnectionInfo {
  const { remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0 } = socket;
  return { remoteAddress, remotePort, localAddress, localPort, tls: undefined };
}

/** Usage: `relay.ts UPSTREAM_PORT [PORT]`; prints the port that it listens on. */
function main(): void {
  const [upstreamPort = '0', port = '0'] = process.argv.slice(2);
  const origin: Origin = { key: 'upstream', protocol: 'http', host: '127.0.0.1', port: Number(upstreamPort) };
  const pool = createPool(DEFAULT_POOL_LIMITS);
  const handler = (exchange: ServerExchange): void => void new Relay(exchange, pool, origin);
  const server = createServer((socket) => void new Http1Connection(socket, infoOf(socket), DEFAULT_SERVER_LIMITS, {}, handler));
  server.listen(Number(port), '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
  process.on('SIGTERM', () => process.exit(0));
}

main();
