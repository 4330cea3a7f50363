import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CertificateError, type CertificateErrorCode } from './error.ts';

/** A certificate with its private key, checked: they belong together and the certificate is valid now. */
export interface KeyPair {
  /** PEM text: the leaf, then its chain. */
  readonly cert: string;
  /** PEM text of the private key. */
  readonly key: string;
  readonly leaf: X509Certificate;
}

export interface KeyPairOptions {
  /** Time of the check; default now. */
  now?: Date;
  /** Takes a certificate that is out of date too (the caller tells the user). */
  allowExpired?: boolean;
}

/**
 * Reads a certificate (leaf first, chain behind it) and its private key from PEM files; both may be one file. Throws a `CertificateError` that
 * names the file and the remedy: unreadable, no PEM, key of another certificate, encrypted key, out of date.
 */
export function readKeyPair(certFile: string, keyFile: string, options: KeyPairOptions = {}): KeyPair {
  const cert = readPem(certFile, 'certificate');
  const leaf = parseCertificate(cert, certFile);
  const key = keyFile === certFile ? cert : readPem(keyFile, 'private key');
  if (!leaf.checkPrivateKey(parsePrivateKey(key, keyFile))) {
    throw new CertificateError(
      'CERTIFICATE_KEY_MISMATCH',
      keyFile,
      `the key in ${keyFile} is not that of the certificate in ${certFile}; name the key that the certificate was made with`,
    );
  }
  if (!options.allowExpired) checkTime(leaf, certFile, options.now ?? new Date());
  return { cert, key, leaf };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};

function readPem(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new CertificateError('CERTIFICATE_UNREADABLE', file, `cannot read the ${what} ${file}: ${REASONS[code] ?? message}`);
  }
}

/** The first certificate of a PEM text. `file` is for the error. */
export function parseCertificate(text: string, file: string): X509Certificate {
  const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(text)?.[0];
  try {
    if (block) return new X509Certificate(block);
  } catch {
    // Falls through: one text for no block and for a broken one.
  }
  throw new CertificateError('CERTIFICATE_MALFORMED', file, `${file} holds no certificate; it wants PEM text with a line -----BEGIN CERTIFICATE-----`);
}

/** The private key of a PEM text that may hold certificates too. `file` is for the error. */
export function parsePrivateKey(text: string, file: string): KeyObject {
  const block = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----[^]+?-----END \1PRIVATE KEY-----/.exec(text)?.[0];
  if (!block) throw malformedKey(file);
  if (/BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(block)) {
    throw new CertificateError('CERTIFICATE_KEY_ENCRYPTED', file, `the key in ${file} is encrypted; decrypt it first: openssl pkey -in ${file} -out FILE`);
  }
  try {
    return createPrivateKey(block);
  } catch {
    throw malformedKey(file);
  }
}

const malformedKey = (file: string): CertificateError =>
  new CertificateError(
    'CERTIFICATE_MALFORMED',
    file,
    `${file} holds no private key that can be read; it wants PEM text with a line -----BEGIN PRIVATE KEY-----`,
  );

function checkTime(leaf: X509Certificate, file: string, now: Date): void {
  const outOfDate = (code: CertificateErrorCode, text: string): CertificateError => new CertificateError(code, file, `the certificate in ${file} ${text}`);
  if (leaf.validToDate < now) throw outOfDate('CERTIFICATE_EXPIRED', `expired on ${leaf.validToDate.toISOString()}; put a new one in its place`);
  if (leaf.validFromDate > now)
    throw outOfDate('CERTIFICATE_NOT_YET_VALID', `is valid from ${leaf.validFromDate.toISOString()} only; is the clock of this machine right?`);
}
