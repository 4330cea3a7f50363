import type { ServerExchange } from '@gatehouse/wire';

/**
 * Lets a body up to `limit` bytes through (`max_request_body_size`, spec/gateway/request-chain.md §1): one of known length goes on
 * streaming (`undefined`), one of unknown length is read first, because its size shows only at its end.
 */
export function readLimited(wire: ServerExchange, limit: number, next: (body: Buffer | undefined) => void): void {
  const { contentLength } = wire.head;
  if (contentLength > limit) return refuseBody(wire);
  if (contentLength >= 0) return next(undefined);
  const chunks: Buffer[] = [];
  let size = 0;
  wire.readBody({
    onData: (chunk) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
    },
    onEnd: () => (size > limit ? refuseBody(wire) : next(Buffer.concat(chunks))),
    onError: () => wire.abort(),
  });
}

function refuseBody(wire: ServerExchange): void {
  wire.closeAfter();
  wire.respond(413, ['Content-Type', 'text/plain; charset=utf-8', 'X-Content-Type-Options', 'nosniff'], 'Request Entity Too Large\n');
}
