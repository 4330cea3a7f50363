import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { recordStoreContract } from '../contract.ts';
import type { RecordBatch } from '../types.ts';
import { openRecordStore } from './index.ts';

const folders: string[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-records-'));
  folders.push(folder);
  return folder;
}

function batch(...times: number[]): RecordBatch {
  return { count: times.length, columns: { timestamp: Float64Array.from(times), path: times.map((time) => `/at/${time}`) } };
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('records in SQLite', () => {
  recordStoreContract(() => {
    const store = openRecordStore(newFolder());
    return { store, stored: () => [...store.readRecords(0, 1e15)], close: () => store.close() };
  });

  it('are read by their time, across batches, without the others', () => {
    const store = openRecordStore(newFolder());
    for (const one of [batch(300, 400), batch(100, 200), batch(150, 500.5), batch()]) store.append(one);
    const paths = [...store.readRecords(150, 400)].map((found) => found.columns['path']);
    expect(paths).toEqual([['/at/200'], ['/at/150'], ['/at/300']]);
    expect([...store.readRecords(500, 501)]).toEqual([batch(500.5)]);
    expect([...store.readRecords(600, 700)]).toEqual([]);
    store.close();
  });

  it('are there after a restart, and go when they are too old', () => {
    const folder = newFolder();
    const first = openRecordStore(folder);
    first.append(batch(100, 200));
    first.append(batch(300, 900));
    first.close();
    const second = openRecordStore(folder);
    expect(second.prune(250)).toBe(2);
    expect(second.prune(250)).toBe(0);
    expect([...second.readRecords(0, 1000)]).toEqual([batch(300, 900)]);
    second.close();
  });

  it('need their time', () => {
    const store = openRecordStore(newFolder());
    expect(() => store.append({ count: 1, columns: { path: ['/'] } })).toThrow('A record batch needs a Float64Array column "timestamp"');
    store.close();
  });
});
