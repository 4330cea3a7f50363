import { createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import path from 'node:path';
import { CertificateError } from './error.ts';
import { readIfThere, writeWhole } from './files.ts';
import { parseCertificate, parsePrivateKey } from './pem.ts';
import { signCertificate } from './x509.ts';

const DAY = 86_400_000;
const CA_DAYS = 3650;
/** Browsers refuse server certificates that are valid for longer than 398 days. */
const SERVER_DAYS = 397;
const RENEW_DAYS = 30;
/** Clocks differ: what is made now is valid from an hour ago. */
const BACKDATE = 3_600_000;

/** A certificate authority on this machine, for development and for closed networks. */
export interface LocalCa {
  /** What clients need to trust: path and PEM text of the root. */
  readonly file: string;
  readonly certificate: string;
  /**
   * A server certificate for names and addresses (`api.test`, `*.api.test`, `127.0.0.1`), kept in `<folder>/<name>.pem` and `<name>.key` (mode 0600) and used
   * again until it has less than 30 days left, lacks one of the names or is not of this authority.
   */
  serverCertificate(name: string, names: readonly string[]): ServerCertificate;
}

export interface ServerCertificate {
  readonly certFile: string;
  readonly keyFile: string;
  /** PEM texts. */
  readonly cert: string;
  readonly key: string;
}

interface Authority {
  readonly commonName: string;
  readonly certificate: X509Certificate;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/**
 * Opens the authority of a folder (`ca.pem`, `ca.key`), or makes one on first use: EC P-256, ten years. Throws a `CertificateError` where the folder
 * cannot be written, one of the two files is missing, or the authority is out of date.
 */
export function openLocalCa(folder: string, now: () => Date = () => new Date()): LocalCa {
  const file = path.join(folder, 'ca.pem');
  const authority = readAuthority(folder, now()) ?? makeAuthority(folder, now());
  return {
    file,
    certificate: authority.certificate.toString(),
    serverCertificate: (name, names) => keptCertificate(folder, name, names, authority, now()) ?? makeServerCertificate(folder, name, names, authority, now()),
  };
}

function readAuthority(folder: string, now: Date): Authority | undefined {
  const [certFile, keyFile] = [path.join(folder, 'ca.pem'), path.join(folder, 'ca.key')];
  const [cert, key] = [readIfThere(certFile), readIfThere(keyFile)];
  // A key alone is what a process that was killed on its first start leaves; nobody trusts it yet.
  if (cert === undefined) return undefined;
  if (key === undefined)
    throw new CertificateError(
      'CA_INCOMPLETE',
      keyFile,
      `${certFile} is there but its key ${keyFile} is not: bring it back, or remove ${certFile} to make a new authority`,
    );
  const certificate = parseCertificate(cert, certFile);
  const privateKey = parsePrivateKey(key, keyFile);
  if (!certificate.checkPrivateKey(privateKey))
    throw new CertificateError(
      'CERTIFICATE_KEY_MISMATCH',
      keyFile,
      `${keyFile} is not the key of ${certFile}: bring the right one back, or remove both to make a new authority`,
    );
  if (certificate.validToDate < now)
    throw new CertificateError(
      'CERTIFICATE_EXPIRED',
      certFile,
      `the local authority ${certFile} expired on ${certificate.validToDate.toISOString()}: remove it and ${keyFile} to make a new one, then trust that`,
    );
  const commonName = /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? '';
  return { commonName, certificate, privateKey, publicKey: createPublicKey(privateKey) };
}

/** The key first: where `ca.pem` is there, the pair is complete. */
function makeAuthority(folder: string, now: Date): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const commonName = `Gatehouse local CA ${now.toISOString().slice(0, 10)}`;
  const notBefore = new Date(now.getTime() - BACKDATE);
  const notAfter = new Date(now.getTime() + CA_DAYS * DAY);
  const text = signCertificate({ commonName, names: [], notBefore, notAfter, publicKey, authority: true, issuer: { commonName, privateKey, publicKey } });
  writeWhole(path.join(folder, 'ca.key'), exportKey(privateKey), 0o600);
  writeWhole(path.join(folder, 'ca.pem'), text, 0o644);
  return { commonName, certificate: new X509Certificate(text), privateKey, publicKey };
}

function keptCertificate(folder: string, name: string, names: readonly string[], authority: Authority, now: Date): ServerCertificate | undefined {
  const paths = serverPaths(folder, name);
  const [cert, key] = [readIfThere(paths.certFile), readIfThere(paths.keyFile)];
  if (cert === undefined || key === undefined) return undefined;
  const leaf = parseCertificate(cert, paths.certFile);
  const fresh = leaf.validToDate.getTime() - now.getTime() > RENEW_DAYS * DAY;
  const ours = leaf.checkIssued(authority.certificate) && leaf.verify(authority.publicKey);
  const pair = leaf.checkPrivateKey(parsePrivateKey(key, paths.keyFile));
  return fresh && ours && pair && names.every((wanted) => covers(leaf, wanted)) ? { ...paths, cert, key } : undefined;
}

/** Compares with the names themselves: `*.a.test` covers itself only when it was asked for. */
function covers(leaf: X509Certificate, name: string): boolean {
  if (isIP(name)) return leaf.checkIP(name) !== undefined;
  return (leaf.subjectAltName ?? '').split(', ').includes(`DNS:${name}`);
}

function makeServerCertificate(folder: string, name: string, names: readonly string[], authority: Authority, now: Date): ServerCertificate {
  const paths = serverPaths(folder, name);
  for (const one of names) checkName(one, paths.certFile);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const notBefore = new Date(now.getTime() - BACKDATE);
  const notAfter = new Date(Math.min(now.getTime() + SERVER_DAYS * DAY, authority.certificate.validToDate.getTime()));
  const cert = signCertificate({ commonName: names[0] ?? name, names, notBefore, notAfter, publicKey, authority: false, issuer: authority });
  const key = exportKey(privateKey);
  writeWhole(paths.keyFile, key, 0o600);
  writeWhole(paths.certFile, cert, 0o644);
  return { ...paths, cert, key };
}

function serverPaths(folder: string, name: string): { certFile: string; keyFile: string } {
  return { certFile: path.join(folder, `${name}.pem`), keyFile: path.join(folder, `${name}.key`) };
}

/** A DNS name (a star as whole first label allowed) or an IP address (RFC 5280 §4.2.1.6, RFC 6125 §6.4.3). */
const DNS_NAME = /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;

function checkName(name: string, file: string): void {
  if (isIP(name) || (DNS_NAME.test(name) && name.length <= 253)) return;
  throw new CertificateError(
    'CERTIFICATE_NAME_INVALID',
    file,
    `${JSON.stringify(name)} is no host name or address; a certificate wants names like api.example.com, *.example.com or 127.0.0.1`,
  );
}

function exportKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' });
}
