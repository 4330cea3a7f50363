export { openKeyStore, SqliteKeyStore, type KeyStoreOptions } from './keys.ts';
export { openCounterPersistence, CounterPersistence, type CounterPersistenceOptions } from './counters.ts';
export { openRecordStore, SqliteRecordStore, TIME_COLUMN } from './records.ts';
