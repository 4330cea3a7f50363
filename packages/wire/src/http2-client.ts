import type { Socket } from 'node:net';
import type { Http2Session } from './pool.ts';
import type { Origin, PoolLimits } from './types.ts';

/** Placeholder of the HTTP/1.1 engineer so that pool.ts compiles; the HTTP/2 engineer replaces this whole file. */
export function openHttp2(socket: Socket, origin: Origin, _limits: PoolLimits): Http2Session {
  socket.destroy();
  throw new Error(`HTTP/2 to ${origin.host} is not there yet.`);
}
