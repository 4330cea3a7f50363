import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';

const FOLDER = new URL('../../../conformance/certs/', import.meta.url);

/** A PEM text of the conformance suites' certificates, such as `server.pem` or `ca.pem`. */
export function pem(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8');
}

/** Certificate and key of that name, valid for localhost and 127.0.0.1 when it is `server` or `upstream`. */
export function contextOf(name: string, options: SecureContextOptions = {}): SecureContext {
  return createSecureContext({ cert: pem(`${name}.pem`), key: pem(`${name}.key`), ...options });
}
