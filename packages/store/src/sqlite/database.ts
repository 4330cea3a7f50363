import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError, type StoreErrorCode } from '../errors.ts';

/** Statements that bring a database from one schema version to the next; entry i makes version i + 1. */
export type Migrations = readonly string[];

export interface OpenOptions {
  /** Folder of the embedded stores; made when it is missing. */
  folder: string;
  /** File name in the folder. */
  file: string;
  migrations: Migrations;
  /** True: a reader of a database that the main thread has opened before. */
  readOnly?: boolean;
  /** FULL: a commit is on the disk when it returns. NORMAL: it survives the process, not a power failure. */
  synchronous: 'FULL' | 'NORMAL';
}

/** How long a call waits for another connection's write. */
const BUSY_TIMEOUT_MS = 1000;

/** Result codes of SQLite (https://www.sqlite.org/rescode.html) and what they mean for an operator. */
const MEANINGS: Readonly<Record<number, readonly [StoreErrorCode, string, string]>> = {
  5: ['STORE_BUSY', 'The store is locked by another process', 'stop the other process that uses this folder'],
  6: ['STORE_BUSY', 'The store is locked by another process', 'stop the other process that uses this folder'],
  8: ['STORE_UNWRITABLE', 'The store cannot be written', 'make the file and its folder writable for this user'],
  10: ['STORE_UNWRITABLE', 'Reading or writing the store failed', 'check the disk and the rights of the folder'],
  11: ['STORE_DAMAGED', 'The store is damaged', 'restore the file from a backup or move it away'],
  13: ['STORE_FULL', 'The disk is full', 'free space on the disk'],
  14: ['STORE_UNWRITABLE', 'The store cannot be opened', 'make the file and its folder readable and writable for this user'],
  23: ['STORE_UNWRITABLE', 'Access to the store was denied', 'make the file and its folder writable for this user'],
  26: ['STORE_DAMAGED', 'The store is damaged: not a SQLite file', 'restore the file from a backup or move it away'],
};

/** Turns an error of SQLite or the file system into one line that names the place and the remedy. */
export function storeError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = (error as { errcode?: number }).errcode ?? 0;
  const [kind, what, hint] = MEANINGS[code & 0xff] ?? ['STORE_FAILED', 'The store failed', error instanceof Error ? error.message : String(error)];
  return new StoreError(kind, path, what, hint, error);
}

/** Opens a database in WAL mode with its schema brought up to date. Throws a `StoreError`. */
export function openDatabase(options: OpenOptions): DatabaseSync {
  const path = join(options.folder, options.file);
  if (options.readOnly !== true) makeFolder(options.folder);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: options.readOnly === true, timeout: BUSY_TIMEOUT_MS });
    if (options.readOnly !== true) prepareWriter(database, path, options);
    return database;
  } catch (error) {
    database?.close();
    throw storeError(error, path);
  }
}

/** Runs a function in a transaction; an exception rolls it back and leaves as a `StoreError`. */
export function transaction(database: DatabaseSync, path: string, work: () => void): void {
  try {
    database.exec('BEGIN IMMEDIATE');
    work();
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw storeError(error, path);
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StoreError('STORE_UNWRITABLE', folder, 'The data folder cannot be made', 'choose a writable folder', error);
  }
}

function prepareWriter(database: DatabaseSync, path: string, options: OpenOptions): void {
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${options.synchronous}`);
  database.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)');
  const version = Number(database.prepare('SELECT max(version) AS version FROM schema_version').get()?.['version'] ?? 0);
  if (version > options.migrations.length) {
    throw new StoreError('STORE_TOO_NEW', path, `The store has schema ${version}, newer than this program`, 'start the newer version, or another folder');
  }
  for (let next = version; next < options.migrations.length; next++) {
    transaction(database, path, () => {
      database.exec(options.migrations[next] ?? '');
      database.prepare('INSERT INTO schema_version (version) VALUES (?)').run(next + 1);
    });
  }
}
