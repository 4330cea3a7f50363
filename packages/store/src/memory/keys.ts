import type { KeyStore, StoredKey } from '../types.ts';

/** Keys in the memory of one thread, for tests and for gateways that keep nothing. `now` is the wall clock in unix milliseconds. */
export class MemoryKeyStore implements KeyStore {
  private readonly entries = new Map<string, StoredKey>();
  private readonly now: () => number;
  private writes = 0;

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  epoch(): number {
    return this.writes;
  }

  get(name: string): StoredKey | undefined {
    const entry = this.entries.get(name);
    return entry !== undefined && this.live(entry) ? entry : undefined;
  }

  set(name: string, json: string, ttlSeconds: number): void {
    this.entries.set(name, { name, json, expiresAt: ttlSeconds > 0 ? this.now() + ttlSeconds * 1000 : 0 });
    this.writes++;
  }

  delete(name: string): boolean {
    const there = this.get(name) !== undefined;
    this.entries.delete(name);
    this.writes++;
    return there;
  }

  names(): string[] {
    return [...this.entries.values()].filter((entry) => this.live(entry)).map((entry) => entry.name);
  }

  private live(entry: StoredKey): boolean {
    return entry.expiresAt === 0 || entry.expiresAt > this.now();
  }
}
