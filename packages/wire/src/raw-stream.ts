import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Inbox } from './inbox.ts';

/** A socket that is read through an inbox, as a stream again: what is left when an upgrade takes the connection over. */
export class RawStream extends Duplex {
  private readonly socket: Socket;

  constructor(socket: Socket, inbox: Inbox) {
    super({ allowHalfOpen: true });
    this.socket = socket;
    inbox.take = (chunk): void => {
      if (!this.push(Buffer.from(chunk))) socket.pause();
    };
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  override _read(): void {
    if (this.socket.isPaused()) this.socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.socket.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.socket.destroy();
    done(error);
  }
}
