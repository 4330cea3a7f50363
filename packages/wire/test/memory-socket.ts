import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';

/** A socket without a network: what the peer sends is fed in, what the engine writes is kept. */
export class MemorySocket extends Duplex {
  readonly written: Buffer[] = [];
  readonly remoteAddress = '127.0.0.1';
  readonly remotePort = 1;

  constructor() {
    super({ allowHalfOpen: true });
    this.on('error', () => undefined);
  }

  /** The same object as the engine's types want it; it uses no more than what is here. */
  get asSocket(): Socket {
    return this as unknown as Socket;
  }

  feed(bytes: Buffer): void {
    if (!this.readableEnded && !this.destroyed) this.push(bytes);
  }

  feedEnd(): void {
    if (!this.readableEnded && !this.destroyed) this.push(null);
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written.push(chunk);
    done();
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  destroySoon(): void {
    if (this.writableFinished) this.destroy();
    else this.end(() => this.destroy());
  }

  get text(): string {
    return Buffer.concat(this.written).toString('latin1');
  }
}

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
