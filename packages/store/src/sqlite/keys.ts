import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { KeyStore, StoredKey } from '../types.ts';
import { StoreError } from '../errors.ts';
import { openDatabase, storeError } from './database.ts';

const FILE = 'keys.db';
const MIGRATIONS = [
  // Without row ids a key is found in one tree instead of two.
  `CREATE TABLE keys (name TEXT PRIMARY KEY NOT NULL, json TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
   CREATE INDEX keys_by_expiry ON keys (expires_at) WHERE expires_at > 0`,
];

/** Reading pages from mapped memory costs half of what a system call for each page does; this much of the file is mapped. */
const MAPPED_BYTES = 2 ** 30;

export interface KeyStoreOptions {
  /** Folder of the embedded stores. */
  folder: string;
  /** Element 0 of shared memory, the same for all threads: grows with each write. */
  epoch: Int32Array;
  /** Data threads read; the main thread, which opens the store first, writes. */
  readOnly: boolean;
  /** Wall clock, unix milliseconds. */
  now?: () => number;
}

/** Keys in SQLite. A write is on the disk when the call answers, and every thread sees it at its next read. */
export class SqliteKeyStore implements KeyStore {
  private readonly database: DatabaseSync;
  private readonly path: string;
  private readonly shared: Int32Array;
  private readonly now: () => number;
  private readonly statements: Statements;
  private foreignWrites: number;

  constructor(options: KeyStoreOptions) {
    this.path = join(options.folder, FILE);
    this.database = openDatabase({ folder: options.folder, file: FILE, migrations: MIGRATIONS, readOnly: options.readOnly, synchronous: 'FULL' });
    this.database.exec(`PRAGMA mmap_size = ${MAPPED_BYTES}`);
    this.shared = options.epoch;
    this.now = options.now ?? Date.now;
    this.statements = this.prepare(options.readOnly);
    this.foreignWrites = this.dataVersion();
  }

  epoch(): number {
    return Atomics.load(this.shared, 0);
  }

  get(name: string): StoredKey | undefined {
    const row = this.read(() => this.statements.get.get(name));
    if (row === undefined) return undefined;
    const expiresAt = Number(row['expires_at']);
    if (expiresAt !== 0 && expiresAt <= this.now()) return undefined;
    return { name, json: String(row['json']), expiresAt };
  }

  set(name: string, json: string, ttlSeconds: number): void {
    const expiresAt = ttlSeconds > 0 ? Math.round(this.now() + ttlSeconds * 1000) : 0;
    this.run((write) => write.set.run(name, json, expiresAt));
    Atomics.add(this.shared, 0, 1);
  }

  delete(name: string): boolean {
    const there = this.get(name) !== undefined;
    this.run((write) => write.delete.run(name));
    Atomics.add(this.shared, 0, 1);
    return there;
  }

  names(): string[] {
    return this.read(() => this.statements.names.all(this.now())).map((row) => String(row['name']));
  }

  /** Removes expired keys, and grows the epoch where another process has written. The main thread calls it now and then; returns how many went. */
  sweep(): number {
    const version = this.dataVersion();
    if (version !== this.foreignWrites) Atomics.add(this.shared, 0, 1);
    this.foreignWrites = version;
    const due = this.read(() => this.statements.due.get(this.now()));
    // The epoch stays: readers have not seen expired keys since they expired.
    return due === undefined ? 0 : Number(this.run((write) => write.sweep.run(this.now())).changes);
  }

  close(): void {
    this.database.close();
  }

  private read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storeError(error, this.path);
    }
  }

  private run<T>(work: (statements: WriteStatements) => T): T {
    const { write } = this.statements;
    if (write === undefined) throw new StoreError('STORE_UNWRITABLE', this.path, 'This thread only reads the key store', 'write on the main thread');
    return this.read(() => work(write));
  }

  /** Changes when another connection has written; own writes do not change it (https://www.sqlite.org/pragma.html#pragma_data_version). */
  private dataVersion(): number {
    return Number(this.statements.version.get()?.['data_version'] ?? 0);
  }

  private prepare(readOnly: boolean): Statements {
    const sql = (text: string): StatementSync => this.database.prepare(text);
    return {
      get: sql('SELECT json, expires_at FROM keys WHERE name = ?'),
      names: sql('SELECT name FROM keys WHERE expires_at = 0 OR expires_at > ?'),
      due: sql('SELECT 1 FROM keys WHERE expires_at > 0 AND expires_at <= ? LIMIT 1'),
      version: sql('PRAGMA data_version'),
      write: readOnly
        ? undefined
        : {
            set: sql('INSERT OR REPLACE INTO keys (name, json, expires_at) VALUES (?, ?, ?)'),
            delete: sql('DELETE FROM keys WHERE name = ?'),
            sweep: sql('DELETE FROM keys WHERE expires_at > 0 AND expires_at <= ?'),
          },
    };
  }
}

interface WriteStatements {
  readonly set: StatementSync;
  readonly delete: StatementSync;
  readonly sweep: StatementSync;
}

interface Statements {
  readonly get: StatementSync;
  readonly names: StatementSync;
  readonly due: StatementSync;
  readonly version: StatementSync;
  readonly write: WriteStatements | undefined;
}

/** Opens the key store of a folder. Throws a `StoreError` where the folder cannot be used. */
export function openKeyStore(options: KeyStoreOptions): SqliteKeyStore {
  return new SqliteKeyStore(options);
}
