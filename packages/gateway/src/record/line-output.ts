import { write, writeSync } from 'node:fs';

/** Takes text that has to go to a file, without waiting for it. */
export interface LineOutput {
  add(text: string): void;
  /** Writes what is left and waits for it; for the end of a thread. */
  flush(): void;
  /** Bytes (as characters) that were dropped because nobody read them. */
  readonly dropped: number;
}

/** Characters that are written at once; fewer wait for the next tick. */
const CHUNK = 64 * 1024;
/** Characters that may wait while the reader is slow; what comes beyond is dropped, requests never wait. */
const MAX_WAITING = 8 * 1024 * 1024;

/** Lines to a file descriptor in large writes, off the request path: at the latest `delayMs` after they came. */
export function lineOutput(descriptor: number, delayMs = 10): LineOutput {
  let waiting = '';
  let busy = false;
  let timer: NodeJS.Timeout | undefined;
  let dropped = 0;

  function send(): void {
    timer = undefined;
    if (busy || waiting === '') return;
    busy = true;
    const bytes = Buffer.from(waiting);
    waiting = '';
    writeAll(descriptor, bytes, 0, () => {
      busy = false;
      send();
    });
  }

  return {
    add(text) {
      if (waiting.length > MAX_WAITING) {
        dropped += text.length;
        return;
      }
      waiting += text;
      if (waiting.length >= CHUNK) send();
      else timer ??= setTimeout(send, delayMs).unref();
    },
    flush() {
      if (waiting === '') return;
      const rest = waiting;
      waiting = '';
      try {
        writeSync(descriptor, rest);
      } catch {
        dropped += rest.length;
      }
    },
    get dropped() {
      return dropped;
    },
  };
}

/** The system may take a part only, or nothing for the moment; a closed reader ends it. */
function writeAll(descriptor: number, bytes: Buffer, from: number, done: () => void): void {
  write(descriptor, bytes, from, bytes.length - from, null, (error, written) => {
    if (error?.code === 'EAGAIN') return void setTimeout(() => writeAll(descriptor, bytes, from, done), 5);
    if (error || from + written >= bytes.length) return done();
    writeAll(descriptor, bytes, from + written, done);
  });
}
