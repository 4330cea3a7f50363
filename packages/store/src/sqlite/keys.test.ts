import { chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { keyStoreContract } from '../contract.ts';
import { StoreError } from '../errors.ts';
import { openKeyStore, type SqliteKeyStore } from './index.ts';

const folders: string[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-keys-'));
  folders.push(folder);
  return folder;
}

function newEpoch(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4));
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('keys in SQLite', () => {
  keyStoreContract(() => {
    let time = 1_800_000_000_000;
    const now = (): number => time;
    const store = openKeyStore({ folder: newFolder(), epoch: newEpoch(), readOnly: false, now });
    return { store, now, advance: (ms) => void (time += ms), close: () => store.close() };
  });

  it('are there after a restart', () => {
    const folder = newFolder();
    const first = openKeyStore({ folder, epoch: newEpoch(), readOnly: false });
    first.set('key', '{"a":1}', 0);
    first.close();
    const second = openKeyStore({ folder, epoch: newEpoch(), readOnly: false });
    expect(second.get('key')?.json).toBe('{"a":1}');
    second.close();
  });

  it('are seen by readers at once, which cannot write', () => {
    const folder = newFolder();
    const epoch = newEpoch();
    const writer = openKeyStore({ folder, epoch, readOnly: false });
    const reader = openKeyStore({ folder, epoch, readOnly: true });
    const before = reader.epoch();
    writer.set('key', '{"a":1}', 0);
    expect(reader.epoch()).toBeGreaterThan(before);
    expect(reader.get('key')?.json).toBe('{"a":1}');
    expect(() => reader.set('key', '{}', 0)).toThrow('This thread only reads the key store');
    reader.close();
    writer.close();
  });

  it('are seen by another thread as soon as the epoch has grown', async () => {
    const folder = newFolder();
    const epoch = newEpoch();
    const writer = openKeyStore({ folder, epoch, readOnly: false });
    const source = `
      import { parentPort, workerData } from 'node:worker_threads';
      const { openKeyStore } = await import(workerData.module);
      const store = openKeyStore({ ...workerData, readOnly: true });
      parentPort.postMessage('ready');
      Atomics.wait(workerData.epoch, 0, 0);
      parentPort.postMessage(store.get('key')?.json ?? 'nothing');
      store.close();`;
    const worker = new Worker(source, { eval: true, workerData: { folder, epoch, module: new URL('index.ts', import.meta.url).href } });
    const answer = await new Promise((resolve, reject) => {
      worker.on('error', reject);
      worker.on('message', (message: string) => {
        if (message !== 'ready') return resolve(message);
        writer.set('key', '{"seen":true}', 0);
        Atomics.notify(epoch, 0);
      });
    });
    expect(answer).toBe('{"seen":true}');
    writer.close();
  });

  it('are swept when they have expired, without disturbing readers', () => {
    const folder = newFolder();
    let time = 1_800_000_000_000;
    const store = openKeyStore({ folder, epoch: newEpoch(), readOnly: false, now: () => time });
    for (let i = 0; i < 10; i++) store.set(`key-${i}`, '{}', i < 4 ? 5 : 0);
    const epoch = store.epoch();
    expect(store.sweep()).toBe(0);
    time += 6000;
    expect(store.sweep()).toBe(4);
    expect(store.sweep()).toBe(0);
    expect(store.epoch()).toBe(epoch);
    expect(store.names()).toHaveLength(6);
    store.close();
  });

  it('written by another process grow the epoch at the next sweep', () => {
    const folder = newFolder();
    const mine = openKeyStore({ folder, epoch: newEpoch(), readOnly: false });
    const other = openKeyStore({ folder, epoch: newEpoch(), readOnly: false });
    const before = mine.epoch();
    other.set('key', '{}', 0);
    mine.sweep();
    expect(mine.epoch()).toBe(before + 1);
    mine.sweep();
    expect(mine.epoch()).toBe(before + 1);
    other.close();
    mine.close();
  });
});

describe('a key store that cannot be opened', () => {
  function failure(folder: string, readOnly = false): StoreError {
    let store: SqliteKeyStore | undefined;
    try {
      store = openKeyStore({ folder, epoch: newEpoch(), readOnly });
    } catch (error) {
      if (error instanceof StoreError) return error;
      throw error;
    }
    store.close();
    throw new Error('opened');
  }

  it('because the folder is a file', () => {
    const path = join(newFolder(), 'data');
    writeFileSync(path, '');
    expect(failure(path)).toMatchObject({ code: 'STORE_UNWRITABLE', path, hint: 'choose a writable folder' });
  });

  it('because the file is none of SQLite', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'keys.db'), 'this is a text, not a database '.repeat(100));
    const error = failure(folder);
    expect(error).toMatchObject({ code: 'STORE_DAMAGED', path: join(folder, 'keys.db') });
    expect(error.message).toBe(`The store is damaged: not a SQLite file: ${join(folder, 'keys.db')} (restore the file from a backup or move it away)`);
  });

  it('because the file is cut off', () => {
    const folder = newFolder();
    const store = openKeyStore({ folder, epoch: newEpoch(), readOnly: false });
    store.set('key', '{}', 0);
    store.close();
    truncateSync(join(folder, 'keys.db'), 8192);
    expect(failure(folder)).toMatchObject({ code: 'STORE_DAMAGED', path: join(folder, 'keys.db') });
  });

  it('because a newer program has written it', () => {
    const folder = newFolder();
    const store = openKeyStore({ folder, epoch: newEpoch(), readOnly: false });
    store.close();
    const database = new DatabaseSync(join(folder, 'keys.db'));
    database.exec('INSERT INTO schema_version (version) VALUES (99)');
    database.close();
    expect(failure(folder)).toMatchObject({ code: 'STORE_TOO_NEW', hint: 'start the newer version, or another folder' });
  });

  it('because it is a folder', () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'keys.db'));
    expect(failure(folder).code).toBe('STORE_UNWRITABLE');
  });

  it('because nobody has made it yet and this thread only reads', () => {
    const folder = newFolder();
    expect(failure(folder, true)).toMatchObject({ code: 'STORE_UNWRITABLE', path: join(folder, 'keys.db') });
  });

  it.skipIf(process.getuid?.() === 0)('because its rights forbid it', () => {
    const folder = newFolder();
    chmodSync(folder, 0o500);
    expect(failure(folder).code).toBe('STORE_UNWRITABLE');
  });
});
