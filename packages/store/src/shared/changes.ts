import * as at from './layout.ts';
import { lock, unlock } from './lock.ts';

/** A counter as it is written to disk. */
export interface SavedCounter {
  readonly high: number;
  readonly low: number;
  /** 0 = the counter was reset. */
  readonly count: number;
  /** Unix milliseconds; 0 = never. */
  readonly endsAt: number;
}

/**
 * Takes the counters that changed since the last call. One thread at a time calls it. Only groups of buckets with a change are looked
 * at, and each bucket is locked just while it is copied.
 */
export function takeChanges(memory: at.CounterMemory): SavedCounter[] {
  const words = new Int32Array(memory.buffer);
  const changes: SavedCounter[] = [];
  for (let group = 0; group < at.groups(memory.buckets); group++) {
    if (Atomics.exchange(words, at.GROUPS + group, 0) === 0) continue;
    const first = group * at.GROUP_BUCKETS;
    const end = Math.min(first + at.GROUP_BUCKETS, memory.buckets);
    for (let bucket = first; bucket < end; bucket++) takeBucket(memory, words, bucket, changes);
  }
  return changes;
}

function takeBucket(memory: at.CounterMemory, words: Int32Array, bucket: number, changes: SavedCounter[]): void {
  const start = at.bucketOffset(memory.buckets) + bucket * at.BUCKET_BYTES;
  const ints = new Int32Array(memory.buffer, start, at.BUCKET_INTS);
  const doubles = new Float64Array(memory.buffer, start, at.BUCKET_DOUBLES);
  lock(ints, at.LOCK, words);
  for (let slot = 0; slot < at.SLOTS; slot++) {
    const int = at.SLOT_INT + slot * at.SLOT_INTS;
    const flags = ints[int + at.FLAGS] as number;
    if ((flags & at.DIRTY) === 0) continue;
    const double = at.SLOT_DOUBLE + slot * at.SLOT_DOUBLES;
    changes.push({
      high: (ints[int + at.HIGH] as number) >>> 0,
      low: (ints[at.TAGS + slot] as number) >>> 0,
      count: doubles[double + at.COUNT] as number,
      endsAt: doubles[double + at.ENDS_AT] as number,
    });
    ints[int + at.FLAGS] = 0;
    if ((flags & at.REMOVED) !== 0) ints[at.TAGS + slot] = 0;
  }
  unlock(ints, at.LOCK);
}
