import type { CounterName, CounterStore, WindowState } from '../types.ts';
import * as at from './layout.ts';
import { lock, unlock } from './lock.ts';

/** Numbers for operators: windows given up because the table was full, uses that could not be counted, locks taken from dead threads. */
export interface CounterStats {
  readonly evicted: number;
  readonly uncounted: number;
  readonly stolenLocks: number;
}

/** A window may be given up for another one when it ends within this time and the table is full. */
const EVICTABLE_MS = 60_000;

/**
 * Counters in memory that all threads share; each thread makes its own object over the same `CounterMemory`. `hit` is exact: a name is
 * guarded by the lock of its bucket in the first level, and no call allocates.
 *
 * A full table never blocks: it gives up a window that ends within a minute, at most a rate limit's; where there is none, new names are
 * answered as first uses and not counted. Both are told by `stats()`. A window that runs longer (a quota) is never given up.
 */
export class SharedCounterStore implements CounterStore {
  private readonly ints: Int32Array;
  private readonly doubles: Float64Array;
  private readonly words: Int32Array;
  private readonly levels: readonly at.Level[];
  private readonly answer: WindowState = { count: 0, endsAt: 0 };
  /** Where `find` ended: the bucket, and the slot in it. */
  private bucket = 0;
  private slot = 0;

  constructor(memory: at.CounterMemory) {
    const offset = at.bucketOffset(memory.buckets);
    this.ints = new Int32Array(memory.buffer, offset);
    this.doubles = new Float64Array(memory.buffer, offset);
    this.words = new Int32Array(memory.buffer);
    this.levels = memory.levels;
  }

  hit(name: CounterName, windowMs: number, now: number): WindowState {
    const home = this.enter(name);
    if (this.find(name)) this.use(windowMs, now);
    else if (this.claim(name, now)) this.start(name, 1, windowMs > 0 ? now + windowMs : 0, at.DIRTY);
    else this.giveUp(windowMs, now);
    this.leave(home);
    return this.answer;
  }

  peek(name: CounterName, now: number): WindowState | undefined {
    const home = this.enter(name);
    const open = this.find(name) && !this.ended(this.bucket, this.slot, now);
    if (open) this.show();
    this.leave(home);
    return open ? this.answer : undefined;
  }

  reset(name: CounterName): void {
    const home = this.enter(name);
    if (this.find(name)) {
      this.show();
      this.write(0, 1, at.DIRTY | at.REMOVED);
    }
    this.leave(home);
  }

  /** Puts a window back as it was saved; nothing changes where the name is in use already. */
  restore(name: Pick<CounterName, 'high' | 'low'>, count: number, endsAt: number, now: number): void {
    const home = this.enter(name);
    if (!this.find(name) && this.claim(name, now)) this.start(name, count, endsAt, 0);
    this.leave(home);
  }

  stats(): CounterStats {
    return {
      evicted: Atomics.load(this.words, at.EVICTED),
      uncounted: Atomics.load(this.words, at.UNCOUNTED),
      stolenLocks: Atomics.load(this.words, at.STOLEN_LOCKS),
    };
  }

  /** Locks the name: its bucket in the first level. */
  private enter(name: Pick<CounterName, 'high' | 'low'>): number {
    const home = bucketOf(name, this.levels[0] as at.Level);
    lock(this.ints, home * at.BUCKET_INTS, this.words);
    this.bucket = home;
    return home;
  }

  private leave(home: number): void {
    if (this.bucket !== home) unlock(this.ints, this.bucket * at.BUCKET_INTS);
    unlock(this.ints, home * at.BUCKET_INTS);
  }

  /**
   * Looks the name up, with the home bucket locked. Where it is found on a further level that bucket is locked too; otherwise only home.
   * Reading the tags of further levels without a lock is safe: only the holder of the name's lock makes or changes its entry, and others
   * take it away only after its window ended, which the second look under the lock finds out.
   */
  private find(name: Pick<CounterName, 'high' | 'low'>): boolean {
    const home = this.bucket;
    for (let i = 0; i < this.levels.length; i++) {
      const bucket = i === 0 ? home : bucketOf(name, this.levels[i] as at.Level);
      let slot = this.slotOf(bucket, name);
      if (slot >= 0 && i > 0) {
        lock(this.ints, bucket * at.BUCKET_INTS, this.words);
        slot = this.slotOf(bucket, name);
        if (slot < 0) unlock(this.ints, bucket * at.BUCKET_INTS);
      }
      if (slot >= 0) {
        this.bucket = bucket;
        this.slot = slot;
        return true;
      }
      if (this.ints[bucket * at.BUCKET_INTS + at.OVERFLOWED] === 0) return false;
    }
    return false;
  }

  private slotOf(bucket: number, name: Pick<CounterName, 'high' | 'low'>): number {
    const base = bucket * at.BUCKET_INTS;
    const tag = name.low | 0;
    const high = name.high | 0;
    for (let slot = 0; slot < at.SLOTS; slot++) {
      if (this.ints[base + at.TAGS + slot] === tag && this.ints[base + at.SLOT_INT + slot * at.SLOT_INTS + at.HIGH] === high) return slot;
    }
    return -1;
  }

  /** Finds a slot for a new name, first level first; the slot's bucket is left locked. False: every bucket of the name is full. */
  private claim(name: Pick<CounterName, 'high' | 'low'>, now: number): boolean {
    const home = this.bucket;
    for (let i = 0; i < this.levels.length; i++) {
      const bucket = i === 0 ? home : bucketOf(name, this.levels[i] as at.Level);
      const base = bucket * at.BUCKET_INTS;
      if (i > 0) lock(this.ints, base, this.words);
      const last = i === this.levels.length - 1;
      const slot = this.freeSlot(bucket, now, last);
      if (slot >= 0) {
        this.bucket = bucket;
        this.slot = slot;
        return true;
      }
      this.ints[base + at.OVERFLOWED] = 1;
      if (i > 0) unlock(this.ints, base);
    }
    return false;
  }

  /** An empty slot, else one whose window has ended, else (on the last level) one whose window ends soon; -1 = none. */
  private freeSlot(bucket: number, now: number, evict: boolean): number {
    const base = bucket * at.BUCKET_INTS;
    let ended = -1;
    let soonest = -1;
    let soonestEnd = now + EVICTABLE_MS;
    for (let slot = 0; slot < at.SLOTS; slot++) {
      if (this.ints[base + at.TAGS + slot] === 0) return slot;
      if ((this.flags(bucket, slot) & at.REMOVED) !== 0) continue;
      const endsAt = this.doubles[bucket * at.BUCKET_DOUBLES + at.SLOT_DOUBLE + slot * at.SLOT_DOUBLES + at.ENDS_AT] as number;
      if (endsAt === 0 || endsAt >= soonestEnd) continue;
      soonestEnd = endsAt;
      soonest = slot;
      if (endsAt <= now) ended = slot;
    }
    if (ended >= 0 || !evict || soonest < 0) return ended;
    Atomics.add(this.words, at.EVICTED, 1);
    return soonest;
  }

  private start(name: Pick<CounterName, 'high' | 'low'>, count: number, endsAt: number, flags: number): void {
    const base = this.bucket * at.BUCKET_INTS;
    this.ints[base + at.SLOT_INT + this.slot * at.SLOT_INTS + at.HIGH] = name.high | 0;
    this.ints[base + at.TAGS + this.slot] = name.low | 0;
    this.write(count, endsAt, flags);
  }

  private use(windowMs: number, now: number): void {
    if (this.ended(this.bucket, this.slot, now)) {
      this.write(1, windowMs > 0 ? now + windowMs : 0, at.DIRTY);
      return;
    }
    this.show();
    this.write(this.answer.count + 1, this.answer.endsAt, at.DIRTY);
  }

  private giveUp(windowMs: number, now: number): void {
    Atomics.add(this.words, at.UNCOUNTED, 1);
    this.answer.count = 1;
    this.answer.endsAt = windowMs > 0 ? now + windowMs : 0;
  }

  private ended(bucket: number, slot: number, now: number): boolean {
    const endsAt = this.doubles[bucket * at.BUCKET_DOUBLES + at.SLOT_DOUBLE + slot * at.SLOT_DOUBLES + at.ENDS_AT] as number;
    return endsAt !== 0 && endsAt <= now;
  }

  private flags(bucket: number, slot: number): number {
    return this.ints[bucket * at.BUCKET_INTS + at.SLOT_INT + slot * at.SLOT_INTS + at.FLAGS] as number;
  }

  private show(): void {
    const base = this.bucket * at.BUCKET_DOUBLES + at.SLOT_DOUBLE + this.slot * at.SLOT_DOUBLES;
    this.answer.count = this.doubles[base + at.COUNT] as number;
    this.answer.endsAt = this.doubles[base + at.ENDS_AT] as number;
  }

  private write(count: number, endsAt: number, flags: number): void {
    const base = this.bucket * at.BUCKET_DOUBLES + at.SLOT_DOUBLE + this.slot * at.SLOT_DOUBLES;
    this.answer.count = this.doubles[base + at.COUNT] = count;
    this.answer.endsAt = this.doubles[base + at.ENDS_AT] = endsAt;
    this.ints[this.bucket * at.BUCKET_INTS + at.SLOT_INT + this.slot * at.SLOT_INTS + at.FLAGS] = flags;
    if ((flags & at.DIRTY) === 0) return;
    const group = at.GROUPS + Math.floor(this.bucket / at.GROUP_BUCKETS);
    if (Atomics.load(this.words, group) === 0) Atomics.store(this.words, group, 1);
  }
}

/** The bucket of a name in a level: other bits for each level, so that names that share one bucket part on the next level. */
function bucketOf(name: Pick<CounterName, 'high' | 'low'>, level: at.Level): number {
  const mixed = Math.imul((name.high | 0) ^ Math.imul(level.bits, 0x9e3779b1), 0x85ebca6b);
  return level.first + ((mixed ^ (mixed >>> 15)) >>> (32 - level.bits));
}
