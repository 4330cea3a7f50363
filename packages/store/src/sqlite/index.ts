export { openKeyStore, SqliteKeyStore, type KeyStoreOptions } from './keys.ts';
