export { type LocalCa, openLocalCa } from './ca.ts';
export { parseCertificate, readKeyPair } from './pem.ts';
