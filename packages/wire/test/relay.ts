import type { Duplex } from 'node:stream';
import { endToEnd, type AnswerHead, type BodySink, type ClientExchange, type ExchangeHandler } from '../src/index.ts';
import type { Fields, Origin, Pool, ServerExchange, UpstreamError } from '../src/index.ts';

/** A whole proxy in as few lines as it takes: every request goes to one origin; used to test the engine from both ends. */
export function relayTo(pool: Pool, origin: Origin): ExchangeHandler {
  return (exchange) => new Relay(exchange).begin(pool, origin);
}

class Relay implements BodySink {
  private readonly exchange: ServerExchange;
  private upstream: ClientExchange | undefined = undefined;
  private started = false;

  constructor(exchange: ServerExchange) {
    this.exchange = exchange;
  }

  begin(pool: Pool, origin: Origin): void {
    const { exchange } = this;
    const { method, target, fields, contentLength, upgrade, authority } = exchange.head;
    const kept = endToEnd(fields, true).filter((_, at, all) => all[at - (at % 2)]?.toLowerCase() !== 'host');
    exchange.onAbort = () => this.upstream?.abort();
    exchange.onDrain = () => this.upstream?.resume();
    this.upstream = pool.request(
      origin,
      { method, path: target, fields: ['Host', authority, ...kept], contentLength, upgrade, headTimeout: 20_000, repeatable: contentLength === 0 },
      {
        onInformation: (head) => this.onInformation(head),
        onHead: (head) => this.onHead(head),
        onData: (chunk) => exchange.write(chunk),
        onEnd: (trailers) => exchange.end(trailers),
        onError: (error) => this.onUpstreamError(error),
        onUpgrade: (head, stream) => this.onUpgrade(head, stream),
        onDrain: () => exchange.resumeBody(),
      },
    );
    if (contentLength !== 0) exchange.readBody(this);
  }

  // The request's body on its way up.

  onData(chunk: Buffer): boolean {
    return this.upstream?.write(chunk) ?? true;
  }

  onEnd(trailers: Fields | undefined): void {
    this.upstream?.end(trailers);
  }

  onError(): void {
    this.upstream?.abort();
  }

  // The answer on its way down.

  onInformation(head: AnswerHead): void {
    if (head.status !== 100 && !this.started) this.exchange.inform(head.status, endToEnd(head.fields, false));
  }

  onHead(head: AnswerHead): void {
    this.started = true;
    this.exchange.start(head.status, head.reason, endToEnd(head.fields, true), head.contentLength);
  }

  onUpstreamError(error: UpstreamError): void {
    if (this.started) this.exchange.abort();
    else this.exchange.respond(502, ['Content-Type', 'text/plain'], `${error.code} in phase ${error.phase}: ${error.message}\n`);
  }

  onUpgrade(head: AnswerHead, upstream: Duplex): void {
    const client = this.exchange.takeOver(head.status, head.reason, ['Upgrade', this.exchange.head.upgrade, ...endToEnd(head.fields, false)]);
    join(client, upstream);
    join(upstream, client);
  }
}

function join(from: Duplex, to: Duplex): void {
  from.on('error', () => to.destroy());
  // After its end a side may still be read from; after a break there is nothing more to say.
  from.on('close', () => (from.readableEnded ? undefined : to.destroy()));
  from.pipe(to);
}
