export { type LocalCa, openLocalCa } from './ca.ts';
export { readKeyPair } from './pem.ts';
