/** An entry of the cache; `used` gives it a second chance when room is needed. */
interface Slot<V> {
  readonly key: string;
  value: V;
  used: boolean;
}

/**
 * A bounded map of one thread. When it is full, entries are looked at in a circle: one that was asked for since the last round stays, the
 * first other one goes. A hit writes at most one flag.
 */
export class ClockCache<V> {
  private readonly slots: Slot<V>[] = [];
  private readonly byKey = new Map<string, Slot<V>>();
  private readonly capacity: number;
  private hand = 0;

  /** `capacity` in entries, at least 1. */
  constructor(capacity: number) {
    this.capacity = Math.max(1, Math.floor(capacity));
  }

  get size(): number {
    return this.slots.length;
  }

  get(key: string): V | undefined {
    const slot = this.byKey.get(key);
    if (slot === undefined) return undefined;
    if (!slot.used) slot.used = true;
    return slot.value;
  }

  set(key: string, value: V): void {
    const known = this.byKey.get(key);
    if (known !== undefined) {
      known.value = value;
      return;
    }
    const slot = { key, value, used: false };
    this.byKey.set(key, slot);
    if (this.slots.length < this.capacity) this.slots.push(slot);
    else this.slots[this.evict()] = slot;
  }

  /** Removes the first entry under the hand that was not used since the hand passed it; answers its place. */
  private evict(): number {
    for (;;) {
      const at = this.hand;
      this.hand = (at + 1) % this.capacity;
      const slot = this.slots[at];
      if (slot === undefined) return at;
      if (!slot.used) {
        this.byKey.delete(slot.key);
        return at;
      }
      slot.used = false;
    }
  }
}
