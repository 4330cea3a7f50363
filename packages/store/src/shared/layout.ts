/**
 * The counter table in shared memory. It is made of levels, each four times the one before; a level is a row of buckets, and a name has
 * one bucket in every level. Small tables live in the first level; a name whose bucket is full goes to the next level, so pages of
 * levels that nobody needed are never touched and cost no memory.
 *
 * A bucket of 384 bytes: lock, overflow mark and 13 tags fill one cache line; then 13 slots of 24 bytes:
 * count (float64), end of the window (float64, unix ms, 0 = never), upper hash half (int32), flags (int32).
 */
export const SLOTS = 13;
export const BUCKET_BYTES = 384;
export const BUCKET_INTS: number = BUCKET_BYTES / 4;
export const BUCKET_DOUBLES: number = BUCKET_BYTES / 8;

/** Indexes in the bucket's int32 view. */
export const LOCK = 0;
export const OVERFLOWED = 1;
export const TAGS = 2;
/** The first slot, in float64 and in int32 units; strides of a slot. */
export const SLOT_DOUBLE = 8;
export const SLOT_INT = 16;
export const SLOT_DOUBLES = 3;
export const SLOT_INTS = 6;
export const COUNT = 0;
export const ENDS_AT = 1;
export const HIGH = 4;
export const FLAGS = 5;

/** Slot flags. DIRTY: changed since the last time it was written to disk. REMOVED: reset; the row on disk must go before the slot is used again. */
export const DIRTY = 1;
export const REMOVED = 2;

/** Buckets whose changes share one word in the list that the persisting thread reads. */
export const GROUP_BUCKETS = 64;

/** Words of the head: numbers for operators. */
export const EVICTED = 0;
export const UNCOUNTED = 1;
export const STOLEN_LOCKS = 2;
const HEAD_INTS = 16;

export interface Level {
  /** Number of its first bucket, counted over all levels. */
  readonly first: number;
  readonly bits: number;
}

/** A counter table as it is handed to threads: shared memory and its measures. */
export interface CounterMemory {
  readonly buffer: SharedArrayBuffer;
  readonly levels: readonly Level[];
  readonly buckets: number;
}

export interface CounterMemoryOptions {
  /** Buckets of the first level as a power of two; 14 = 16,384 buckets, 212,992 counters, 6 MiB. */
  firstBits?: number;
  /** Levels; three of them, from 14 bits on, hold 4.4 million counters in 132 MB of address space. */
  levels?: number;
}

/** Reserves the memory; it costs what is touched. */
export function createCounterMemory(options: CounterMemoryOptions = {}): CounterMemory {
  const levels: Level[] = [];
  let buckets = 0;
  for (let i = 0; i < (options.levels ?? 3); i++) {
    const bits = (options.firstBits ?? 14) + 2 * i;
    levels.push({ first: buckets, bits });
    buckets += 1 << bits;
  }
  return { buffer: new SharedArrayBuffer(bucketOffset(buckets) + buckets * BUCKET_BYTES), levels, buckets };
}

/** Byte at which the buckets begin: after the head and one word per group, on a cache line. */
export function bucketOffset(buckets: number): number {
  return Math.ceil(((HEAD_INTS + groups(buckets)) * 4) / 64) * 64;
}

/** Index of the first group word in the whole memory's int32 view. */
export const GROUPS: number = HEAD_INTS;

export function groups(buckets: number): number {
  return Math.ceil(buckets / GROUP_BUCKETS);
}
