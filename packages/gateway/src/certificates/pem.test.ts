import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLocalCa } from './ca.ts';
import { readKeyPair } from './pem.ts';

let folder: string;
const at = (name: string): string => path.join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pem-'));
  const ca = openLocalCa(folder);
  const { cert, key } = ca.serverCertificate('good', ['a.test']);
  ca.serverCertificate('other', ['b.test']);
  writeFileSync(at('both.pem'), cert + key);
  writeFileSync(at('chain.pem'), cert + ca.certificate);
  writeFileSync(at('text.pem'), 'no certificate here');
  writeFileSync(at('broken.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  writeFileSync(at('broken.key'), '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(at('encrypted.key'), privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a pair that belongs together', () => {
  test.each([
    ['two files', 'good.pem', 'good.key'],
    ['one file for both', 'both.pem', 'both.pem'],
    ['a chain behind the leaf', 'chain.pem', 'good.key'],
  ])('%s', (_, cert, key) => {
    expect(readKeyPair(at(cert), at(key)).leaf.subjectAltName).toBe('DNS:a.test');
  });
});

describe('what is refused, and the words that help', () => {
  test.each([
    ['no such file', 'none.pem', 'good.key', 'CERTIFICATE_UNREADABLE', 'there is no such file'],
    ['a folder', '.', 'good.key', 'CERTIFICATE_UNREADABLE', 'it is a folder'],
    ['no such key', 'good.pem', 'none.key', 'CERTIFICATE_UNREADABLE', 'cannot read the private key'],
    ['no PEM', 'text.pem', 'good.key', 'CERTIFICATE_MALFORMED', 'holds no certificate'],
    ['broken DER', 'broken.pem', 'good.key', 'CERTIFICATE_MALFORMED', 'holds no certificate'],
    ['a certificate as key', 'good.pem', 'good.pem', 'CERTIFICATE_MALFORMED', 'holds no private key'],
    ['a broken key', 'good.pem', 'broken.key', 'CERTIFICATE_MALFORMED', 'holds no private key'],
    ['an encrypted key', 'good.pem', 'encrypted.key', 'CERTIFICATE_KEY_ENCRYPTED', 'openssl pkey'],
    ['the key of another certificate', 'good.pem', 'other.key', 'CERTIFICATE_KEY_MISMATCH', 'is not that of the certificate'],
  ])('%s', (_, cert, key, code, words) => {
    expect(() => readKeyPair(at(cert), at(key))).toThrow(expect.objectContaining({ code, message: expect.stringContaining(words) }));
  });

  test.each([
    ['CERTIFICATE_EXPIRED', '2099-01-01'],
    ['CERTIFICATE_NOT_YET_VALID', '2001-01-01'],
  ])('%s', (code, day) => {
    const read = (allowExpired: boolean) => readKeyPair(at('good.pem'), at('good.key'), { now: new Date(day), allowExpired });
    expect(() => read(false)).toThrow(expect.objectContaining({ code }));
    expect(read(true).leaf.subject).toContain('a.test');
  });
});

test('openssl reads and verifies what we write', () => {
  const said = execFileSync(
    'openssl',
    ['verify', '-x509_strict', '-purpose', 'sslserver', '-verify_hostname', 'a.test', '-CAfile', at('ca.pem'), at('good.pem')],
    { encoding: 'utf8' },
  );
  expect(said).toContain('good.pem: OK');
});
