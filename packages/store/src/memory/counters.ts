import type { CounterName, CounterStore, WindowState } from '../types.ts';

/** Counters in the memory of one thread, for tests. */
export class MemoryCounterStore implements CounterStore {
  private readonly windows = new Map<string, WindowState>();

  hit(name: CounterName, windowMs: number, now: number): WindowState {
    const open = this.peek(name, now);
    if (open !== undefined) {
      open.count++;
      return open;
    }
    const started = { count: 1, endsAt: windowMs > 0 ? now + windowMs : 0 };
    this.windows.set(name.text, started);
    return started;
  }

  peek(name: CounterName, now: number): WindowState | undefined {
    const window = this.windows.get(name.text);
    return window !== undefined && (window.endsAt === 0 || window.endsAt > now) ? window : undefined;
  }

  reset(name: CounterName): void {
    this.windows.delete(name.text);
  }
}
