import { describe } from 'vitest';
import { counterStoreContract, keyStoreContract, recordStoreContract } from '../contract.ts';
import { namespace } from '../namespace.ts';
import { MemoryCounterStore, MemoryKeyStore, MemoryRecordStore } from './index.ts';

const nothing = (): void => undefined;

describe('keys in memory', () => {
  keyStoreContract(() => {
    let time = 1_800_000_000_000;
    const now = (): number => time;
    return { store: new MemoryKeyStore(now), now, advance: (ms) => void (time += ms), close: nothing };
  });
});

describe('keys under a prefix', () => {
  keyStoreContract(() => {
    let time = 1_800_000_000_000;
    const now = (): number => time;
    const whole = new MemoryKeyStore(now);
    whole.set('other-key', '{}', 0);
    return { store: namespace(whole, 'mine-'), now, advance: (ms) => void (time += ms), close: nothing };
  });
});

describe('counters in memory', () => {
  counterStoreContract(() => ({ store: new MemoryCounterStore(), close: nothing }));
});

describe('records in memory', () => {
  recordStoreContract(() => {
    const store = new MemoryRecordStore();
    return { store, stored: () => store.batches, close: nothing };
  });
});
