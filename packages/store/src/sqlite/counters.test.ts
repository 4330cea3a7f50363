import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { counterName } from '../counter-name.ts';
import type { StoreError } from '../errors.ts';
import { createCounterMemory, SharedCounterStore } from '../shared/index.ts';
import { type CounterPersistence, openCounterPersistence } from './index.ts';

const T0 = 1_800_000_000_000;
const folders: string[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-counters-'));
  folders.push(folder);
  return folder;
}

interface Opened {
  readonly store: SharedCounterStore;
  readonly persistence: CounterPersistence;
  readonly errors: StoreError[];
}

function open(folder: string, now: number): Opened {
  const memory = createCounterMemory();
  const errors: StoreError[] = [];
  const persistence = openCounterPersistence({ folder, memory, now: () => now, onError: (error) => errors.push(error) });
  return { store: new SharedCounterStore(memory), persistence, errors };
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('counters on disk', () => {
  const long = counterName('quota-long');
  const endless = counterName('quota-endless');
  const short = counterName('rate-short');

  it('come back with their windows, but for those that ended', () => {
    const folder = newFolder();
    const first = open(folder, T0);
    for (let i = 0; i < 3; i++) first.store.hit(long, 3_600_000, T0);
    first.store.hit(endless, 0, T0);
    first.store.hit(short, 5000, T0);
    first.persistence.close();

    const second = open(folder, T0 + 6000);
    expect(second.store.peek(long, T0 + 6000)).toEqual({ count: 3, endsAt: T0 + 3_600_000 });
    expect(second.store.peek(endless, T0 + 6000)).toEqual({ count: 1, endsAt: 0 });
    expect(second.store.peek(short, T0)).toBeUndefined();
    second.persistence.close();
  });

  it('stay away after a reset', () => {
    const folder = newFolder();
    const first = open(folder, T0);
    first.store.hit(endless, 0, T0);
    expect(first.persistence.save()).toBe(1);
    first.store.reset(endless);
    expect(first.persistence.save()).toBe(1);
    expect(first.persistence.save()).toBe(0);
    first.persistence.close();
    const second = open(folder, T0);
    expect(second.store.peek(endless, T0)).toBeUndefined();
    second.persistence.close();
  });

  it('are kept for the next save when one fails', () => {
    const folder = newFolder();
    const first = open(folder, T0);
    const blocker = new DatabaseSync(join(folder, 'counters.db'));
    first.store.hit(endless, 0, T0);
    blocker.exec('BEGIN IMMEDIATE');
    first.persistence.save();
    first.store.hit(endless, 0, T0);
    blocker.close();
    expect(first.errors.map((error) => error.code)).toEqual(['STORE_BUSY']);
    first.persistence.close();
    const second = open(folder, T0);
    expect(second.store.peek(endless, T0)?.count).toBe(2);
    second.persistence.close();
  });

  it('in a damaged file are an error that names it', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'counters.db'), 'no database '.repeat(500));
    expect(() => open(folder, T0)).toThrow(`${join(folder, 'counters.db')} (restore the file from a backup or move it away)`);
  });

  it('are saved by themselves every second, and outlive a killed process', async () => {
    const folder = newFolder();
    const child = fork(new URL('counters.child.ts', import.meta.url), [folder], { execArgv: ['--conditions=@gatehouse/source'] });
    let counted = 0;
    child.on('message', (count: number) => void (counted = count));
    await once(child, 'message');
    const disk = new DatabaseSync(join(folder, 'counters.db'), { readOnly: true });
    const saves = new Set<number>();
    while (saves.size < 3) {
      await once(child, 'message');
      const row = disk.prepare('SELECT count FROM counters').get();
      if (row !== undefined) saves.add(Number(row['count']));
    }
    disk.close();
    child.kill('SIGKILL');
    await once(child, 'exit');

    const restored = open(folder, Date.now());
    const count = restored.store.peek(counterName('quota-kill'), Date.now())?.count ?? 0;
    restored.persistence.close();
    expect(count).toBeGreaterThanOrEqual(Math.max(...saves));
    // The child was at most one message ahead of what it told.
    expect(count).toBeLessThanOrEqual(counted + 200);
  });
});
