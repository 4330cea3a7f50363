export { MemoryKeyStore } from './keys.ts';
export { MemoryCounterStore } from './counters.ts';
export { MemoryRecordStore } from './records.ts';
