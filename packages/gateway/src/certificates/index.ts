export { type LocalCa, openLocalCa, type ServerCertificate } from './ca.ts';
export { CertificateError, type CertificateErrorCode } from './error.ts';
export { type KeyPair, type KeyPairOptions, readKeyPair } from './pem.ts';
