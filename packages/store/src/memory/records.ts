import type { RecordBatch, RecordStore } from '../types.ts';

/** Keeps batches in memory, for tests. */
export class MemoryRecordStore implements RecordStore {
  readonly batches: RecordBatch[] = [];

  append(batch: RecordBatch): void {
    this.batches.push(batch);
  }
}
