import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { deserialize, serialize } from 'node:v8';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { RecordBatch, RecordStore } from '../types.ts';
import { openDatabase, storeError } from './database.ts';

const FILE = 'records.db';
const MIGRATIONS = [
  `CREATE TABLE segments (id INTEGER PRIMARY KEY, from_time INTEGER NOT NULL, to_time INTEGER NOT NULL, count INTEGER NOT NULL, body BLOB NOT NULL);
   CREATE INDEX segments_by_time ON segments (to_time, from_time)`,
];
/** The level that costs least per record. */
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Every batch has this column: unix milliseconds, a Float64Array. */
export const TIME_COLUMN = 'timestamp';

type Columns = RecordBatch['columns'];
type Segment = Pick<RecordBatch, 'columns' | 'texts'>;

/**
 * Analytics records in SQLite, one row per batch: the columns, serialized by V8 and compressed by zstd, beside the span of time that they
 * cover. A batch survives the death of the process when `append` answers.
 */
export class SqliteRecordStore implements RecordStore {
  private readonly database: DatabaseSync;
  private readonly path: string;
  private readonly insert: StatementSync;

  constructor(folder: string) {
    this.path = join(folder, FILE);
    this.database = openDatabase({ folder, file: FILE, migrations: MIGRATIONS, synchronous: 'NORMAL' });
    this.insert = this.database.prepare('INSERT INTO segments (from_time, to_time, count, body) VALUES (?, ?, ?, ?)');
  }

  append(batch: RecordBatch): void {
    if (batch.count === 0) return;
    const times = timesOf(batch);
    const { columns, texts } = batch;
    const body = zstdCompressSync(serialize({ columns, ...(texts && { texts }) } satisfies Segment), COMPRESSION);
    this.guard(() => this.insert.run(Math.floor(times.reduce(lower)), Math.ceil(times.reduce(higher)), batch.count, body));
  }

  /** Records with `from` ≤ time < `to` (unix milliseconds), batch by batch in the order of their first record. */
  *readRecords(from: number, to: number): Generator<RecordBatch, void, void> {
    const rows = this.database.prepare('SELECT count, body FROM segments WHERE to_time >= ? AND from_time < ? ORDER BY from_time, id');
    for (const row of rows.iterate(from, to)) {
      const segment = deserialize(zstdDecompressSync(row['body'] as Uint8Array)) as Segment;
      const batch = within({ count: Number(row['count']), ...segment }, from, to);
      if (batch.count > 0) yield batch;
    }
  }

  /** Removes batches whose last record is older than `before` (unix milliseconds); returns how many records went. */
  prune(before: number): number {
    return this.guard(() => {
      const row = this.database.prepare('SELECT total(count) AS records FROM segments WHERE to_time < ?').get(before);
      this.database.prepare('DELETE FROM segments WHERE to_time < ?').run(before);
      return Number(row?.['records'] ?? 0);
    });
  }

  close(): void {
    this.database.close();
  }

  private guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storeError(error, this.path);
    }
  }
}

/** Opens the records of a folder. Throws a `StoreError` where the folder cannot be used. */
export function openRecordStore(folder: string): SqliteRecordStore {
  return new SqliteRecordStore(folder);
}

function timesOf(batch: RecordBatch): Float64Array {
  const times = batch.columns[TIME_COLUMN];
  if (!(times instanceof Float64Array)) throw new TypeError(`A record batch needs a Float64Array column "${TIME_COLUMN}"`);
  return times.subarray(0, batch.count);
}

function within(batch: RecordBatch, from: number, to: number): RecordBatch {
  const times = timesOf(batch);
  const kept = [...times.keys()].filter((i) => (times[i] as number) >= from && (times[i] as number) < to);
  if (kept.length === batch.count) return batch;
  const columns = Object.entries(batch.columns).map(([name, column]) => [name, pick(column, kept)] as const);
  return { ...batch, count: kept.length, columns: Object.fromEntries(columns) };
}

function pick(column: Columns[string], indexes: readonly number[]): Columns[string] {
  if (column instanceof Float64Array) return Float64Array.from(indexes, (i) => column[i] as number);
  if (column instanceof Uint32Array) return Uint32Array.from(indexes, (i) => column[i] as number);
  return indexes.map((i) => column[i] as string);
}

function lower(a: number, b: number): number {
  return Math.min(a, b);
}

function higher(a: number, b: number): number {
  return Math.max(a, b);
}
