import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoreError } from '../errors.ts';
import { type CounterMemory, SharedCounterStore, type SavedCounter, takeChanges } from '../shared/index.ts';
import { openDatabase, storeError, transaction } from './database.ts';

const FILE = 'counters.db';
const MIGRATIONS = [
  `CREATE TABLE counters (high INTEGER NOT NULL, low INTEGER NOT NULL, count INTEGER NOT NULL, ends_at INTEGER NOT NULL, PRIMARY KEY (high, low)) WITHOUT ROWID;
   CREATE INDEX counters_by_end ON counters (ends_at) WHERE ends_at > 0`,
];
/** Windows that end sooner are not worth a write: a restart takes about as long. */
const SHORTEST_SAVED_MS = 1000;
/** Saves between two removals of ended rows. */
const SAVES_PER_SWEEP = 60;

export interface CounterPersistenceOptions {
  folder: string;
  memory: CounterMemory;
  /** Called where a save fails; the changes are kept for the next one. */
  onError: (error: StoreError) => void;
  now?: () => number;
}

/**
 * Keeps the counters of the shared table on disk. The main thread opens it before the data threads start, which restores the windows
 * that are still open; from `start` on the changed ones are written every second. A process that is killed loses at most that second.
 */
export class CounterPersistence {
  private readonly database: DatabaseSync;
  private readonly path: string;
  private readonly options: CounterPersistenceOptions;
  private readonly now: () => number;
  private readonly put: StatementSync;
  private readonly remove: StatementSync;
  private readonly sweep: StatementSync;
  private unsaved: SavedCounter[] = [];
  private saves = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: CounterPersistenceOptions) {
    this.path = join(options.folder, FILE);
    this.options = options;
    this.now = options.now ?? Date.now;
    this.database = openDatabase({ folder: options.folder, file: FILE, migrations: MIGRATIONS, synchronous: 'NORMAL' });
    this.put = this.database.prepare('INSERT OR REPLACE INTO counters (high, low, count, ends_at) VALUES (?, ?, ?, ?)');
    this.remove = this.database.prepare('DELETE FROM counters WHERE high = ? AND low = ?');
    this.sweep = this.database.prepare('DELETE FROM counters WHERE ends_at > 0 AND ends_at <= ?');
    this.restore();
  }

  /** Saves every `intervalMs` from now on; does not keep the process alive. */
  start(intervalMs = 1000): void {
    this.timer ??= setInterval(() => this.save(), intervalMs).unref();
  }

  /** Writes what has changed; returns how many counters that were. */
  save(): number {
    const changes = [...this.unsaved, ...takeChanges(this.options.memory)];
    this.unsaved = changes;
    try {
      if (changes.length > 0) transaction(this.database, this.path, () => changes.forEach((counter) => this.write(counter)));
      this.unsaved = [];
      if (++this.saves % SAVES_PER_SWEEP === 0) this.sweep.run(this.now());
    } catch (error) {
      this.unsaved = latest(changes);
      this.options.onError(storeError(error, this.path));
    }
    return changes.length;
  }

  /** Saves a last time and lets go of the file. */
  close(): void {
    clearInterval(this.timer);
    this.save();
    this.database.close();
  }

  private write(counter: SavedCounter): void {
    if (counter.count === 0) this.remove.run(counter.high, counter.low);
    else if (counter.endsAt === 0 || counter.endsAt > this.now() + SHORTEST_SAVED_MS) {
      this.put.run(counter.high, counter.low, counter.count, Math.round(counter.endsAt));
    }
  }

  private restore(): void {
    const now = this.now();
    const store = new SharedCounterStore(this.options.memory);
    try {
      this.sweep.run(now);
      for (const row of this.database.prepare('SELECT high, low, count, ends_at FROM counters').iterate()) {
        store.restore({ high: Number(row['high']), low: Number(row['low']) }, Number(row['count']), Number(row['ends_at']), now);
      }
    } catch (error) {
      this.database.close();
      throw storeError(error, this.path);
    }
  }
}

/** One entry per counter, the last state of each. */
function latest(changes: readonly SavedCounter[]): SavedCounter[] {
  return [...new Map(changes.map((counter) => [`${counter.high}:${counter.low}`, counter])).values()];
}

/** Opens the counters of a folder and restores them into the table. Throws a `StoreError` where the folder cannot be used. */
export function openCounterPersistence(options: CounterPersistenceOptions): CounterPersistence {
  return new CounterPersistence(options);
}
