import type { Socket } from 'node:net';
import { Deadline } from './timers.ts';

/** Who waits for the first bytes of a connection. */
export interface FirstReader {
  /** Milliseconds for all of them. */
  timeout: number;
  /** Looks at the next chunk; true when there is enough to go on. */
  enough(chunk: Buffer): boolean;
  /** All bytes so far. Called while the socket flows: what takes it over must listen, or pause it, at once. */
  done(bytes: Buffer): void;
  /** The connection ended before. */
  gone(): void;
}

/** Reads from a fresh connection until it is clear what is spoken on it, then leaves no trace on the socket. */
export function readFirst(socket: Socket, reader: FirstReader): void {
  const chunks: Buffer[] = [];
  const deadline = new Deadline(() => socket.destroy());
  const broken = (): void => void socket.destroy();
  const closed = (): void => {
    deadline.stop();
    reader.gone();
  };
  const take = (chunk: Buffer): void => {
    chunks.push(chunk);
    if (!reader.enough(chunk)) return;
    deadline.stop();
    socket.off('data', take).off('end', broken).off('error', broken).off('close', closed);
    reader.done(chunks.length === 1 ? chunk : Buffer.concat(chunks));
  };
  socket.on('data', take).on('end', broken).on('error', broken).on('close', closed);
  deadline.set(reader.timeout);
}
