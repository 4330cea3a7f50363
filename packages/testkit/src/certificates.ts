import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = new URL('../../../conformance/certs/', import.meta.url);

/** PEM texts of a certificate and its key, and the paths that they came from. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/**
 * A certificate of the conformance suites, valid until 2056 where the name does not say otherwise: `ca` (root), `server` and `upstream` (localhost and
 * 127.0.0.1), `client1`, `client2`, `expired`, `selfsigned`, `stranger` and `otherca` (another root), `tls-ec`, `tls-wild` …
 */
export function testCertificate(name: string): TestCertificate {
  const [certFile, keyFile] = [fileURLToPath(new URL(`${name}.pem`, FOLDER)), fileURLToPath(new URL(`${name}.key`, FOLDER))];
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8'), certFile, keyFile };
}
