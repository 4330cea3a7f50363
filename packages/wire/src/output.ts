import type { Duplex } from 'node:stream';

/** Buffers up to this size are joined with the text before them: one write of text is cheaper than a gathered one. */
const SMALL = 4096;
/** Text is handed to the socket at the latest when it gets this long: what Node writes without another copy. */
const FULL = 16_384;

/**
 * What goes out on a connection. Text (latin1) and small buffers gather until `flush`, which the end of a message calls, or until the
 * current turn ends: so a small message is one write to the socket, and nothing waits for more than a turn.
 */
export class Output {
  private readonly socket: Duplex;
  private text = '';
  private scheduled = false;

  constructor(socket: Duplex) {
    this.socket = socket;
  }

  /** Adds latin1 text. */
  add(text: string): void {
    this.text += text;
    if (this.text.length >= FULL) this.flush();
    else if (!this.scheduled) this.schedule();
  }

  /** Adds bytes; false when the peer is slower than we are. */
  addBytes(chunk: Buffer): boolean {
    if (chunk.length <= SMALL) {
      this.add(chunk.toString('latin1'));
      return !this.socket.writableNeedDrain;
    }
    this.socket.cork();
    this.flush();
    const room = this.socket.write(chunk);
    this.socket.uncork();
    return room;
  }

  /** Hands all that was gathered to the socket; false when it has to wait there. */
  flush(): boolean {
    const { text } = this;
    if (text === '') return !this.socket.writableNeedDrain;
    this.text = '';
    return this.socket.write(text, 'latin1');
  }

  private schedule(): void {
    this.scheduled = true;
    queueMicrotask(this.endOfTurn);
  }

  private readonly endOfTurn = (): void => {
    this.scheduled = false;
    if (!this.socket.destroyed && this.socket.writable) this.flush();
  };
}
