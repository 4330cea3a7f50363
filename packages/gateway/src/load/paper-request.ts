import type { RequestHead, ServerExchange } from '@gatehouse/wire';

const notHere = (): never => {
  throw new Error('a request on paper has no connection');
};

/** A request that never came over a connection, to see what would become of it. `authority` is its Host field. */
export function paperRequest(method: string, target: string, authority: string): ServerExchange {
  const head: RequestHead = { method, target, version: '1.1', fields: ['Host', authority], authority, contentLength: 0, upgrade: '', expectContinue: false };
  return {
    head,
    connection: { remoteAddress: '127.0.0.1', remotePort: 0, localAddress: '127.0.0.1', localPort: 0, tls: undefined },
    readBody: (sink) => sink.onEnd(undefined),
    pauseBody: () => undefined,
    resumeBody: () => undefined,
    inform: notHere,
    respond: notHere,
    start: notHere,
    write: notHere,
    end: notHere,
    takeOver: notHere,
    abort: notHere,
    closeAfter: notHere,
    onDrain: undefined,
    onAbort: undefined,
  };
}
