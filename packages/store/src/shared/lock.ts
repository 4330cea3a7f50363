import { STOLEN_LOCKS } from './layout.ts';

const FREE = 0;
const HELD = 1;
const SPINS = 500;
/** A holder works for less than a microsecond; after this long without its answer it has died or was terminated. */
const DEAD_AFTER_MS = 250;

/**
 * Takes the lock word at `index`. Spins first; where the holder was put aside by the operating system it sleeps in short naps. A lock
 * whose holder died is taken over and counted, so that no thread ever waits for ever.
 */
export function lock(ints: Int32Array, index: number, words: Int32Array): void {
  if (Atomics.compareExchange(ints, index, FREE, HELD) === FREE) return;
  for (let i = 0; i < SPINS; i++) {
    if (Atomics.compareExchange(ints, index, FREE, HELD) === FREE) return;
  }
  waitForLock(ints, index, words);
}

export function unlock(ints: Int32Array, index: number): void {
  Atomics.store(ints, index, FREE);
}

function waitForLock(ints: Int32Array, index: number, words: Int32Array): void {
  const deadline = performance.now() + DEAD_AFTER_MS;
  while (Atomics.compareExchange(ints, index, FREE, HELD) !== FREE) {
    if (performance.now() > deadline) {
      Atomics.add(words, STOLEN_LOCKS, 1);
      return;
    }
    Atomics.wait(ints, index, HELD, 1);
  }
}
