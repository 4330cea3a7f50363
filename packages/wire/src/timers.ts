/**
 * One coarse clock for all deadlines of a thread. Setting a deadline on the hot path is one comparison and one assignment: an entry stays in the
 * slot where it is and is looked at again when that slot comes by; only an earlier deadline moves it.
 */

/** Length of a tick in milliseconds: deadlines fire at most two ticks late, never early. */
const TICK = 50;
const SLOTS = 256;

const slots: Set<Deadline>[] = Array.from({ length: SLOTS }, () => new Set<Deadline>());
let now = performance.now();
let tick = Math.floor(now / TICK);
let entries = 0;
let timer: NodeJS.Timeout | undefined;

/** A moment at which something is to happen unless it is moved or cleared before. Needs `stop` at the end of its owner's life. */
export class Deadline {
  private readonly expire: () => void;
  /** Moment on the clock, 0 for none. */
  private at = 0;
  /** Tick at which the entry is looked at; -1 when it is in no slot. */
  private slot = -1;

  constructor(expire: () => void) {
    this.expire = expire;
  }

  get armed(): boolean {
    return this.at !== 0;
  }

  /** Milliseconds from now; 0 clears. */
  set(timeout: number): void {
    if (timeout <= 0) {
      this.at = 0;
      return;
    }
    if (timer === undefined) startClock();
    this.at = now + timeout + TICK;
    const slot = Math.ceil(this.at / TICK);
    if (this.slot === -1 || slot < this.slot) this.move(slot);
  }

  clear(): void {
    this.at = 0;
  }

  /** Clears and leaves the clock. */
  stop(): void {
    this.at = 0;
    this.leave();
  }

  private leave(): void {
    if (this.slot === -1) return;
    slots[this.slot % SLOTS]?.delete(this);
    this.slot = -1;
    entries--;
  }

  private move(slot: number): void {
    this.leave();
    this.slot = slot;
    slots[slot % SLOTS]?.add(this);
    entries++;
  }

  /** Looked at by the clock. */
  visit(): void {
    if (this.slot > tick) return;
    if (this.at === 0) {
      this.leave();
    } else if (this.at > now) {
      this.move(Math.max(Math.ceil(this.at / TICK), tick + 1));
    } else {
      this.stop();
      this.expire();
    }
  }
}

function startClock(): void {
  now = performance.now();
  tick = Math.floor(now / TICK);
  timer = setInterval(advance, TICK);
  // Sockets keep a process alive, deadlines do not.
  timer.unref();
}

function advance(): void {
  now = performance.now();
  const last = Math.floor(now / TICK);
  // After a long standstill every slot is due once.
  tick = Math.max(tick, last - SLOTS);
  while (tick < last) {
    tick++;
    const due = slots[tick % SLOTS];
    if (due !== undefined && due.size > 0) for (const deadline of due) deadline.visit();
  }
  if (entries > 0) return;
  clearInterval(timer);
  timer = undefined;
}

/** Entries on the clock, for leak tests. */
export function deadlinesOnClock(): number {
  return entries;
}
