import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLocalCa } from './ca.ts';
import { CertificateError } from './error.ts';

const NAMES = ['httpbin.tyk.localhost', '*.api.test', '127.0.0.1', '::1', '2001:db8::ff00:42:8329'];
const DAY = 86_400_000;

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'ca-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    return error instanceof CertificateError ? error.code : String(error);
  }
  return undefined;
}

describe('a new authority', () => {
  test('is a root that may sign, kept with a key that only its owner reads', () => {
    const ca = openLocalCa(folder);
    const root = new X509Certificate(ca.certificate);
    expect(root.ca).toBe(true);
    expect(root.verify(root.publicKey)).toBe(true);
    expect(root.checkIssued(root)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['ca.key', 'ca.pem']);
    expect(statSync(path.join(folder, 'ca.key')).mode & 0o777).toBe(0o600);
  });

  test('is used again on the next start', () => {
    const first = openLocalCa(folder).certificate;
    expect(openLocalCa(folder).certificate).toBe(first);
  });

  test('makes its folder', () => {
    const deep = path.join(folder, 'a', 'b');
    expect(openLocalCa(deep).file).toBe(path.join(deep, 'ca.pem'));
  });
});

describe('a server certificate', () => {
  test('holds the names and addresses, and is signed by the authority', () => {
    const ca = openLocalCa(folder);
    const leaf = new X509Certificate(ca.serverCertificate('demo', NAMES).cert);
    const root = new X509Certificate(ca.certificate);
    expect(leaf.checkIssued(root) && leaf.verify(root.publicKey)).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.checkHost('httpbin.tyk.localhost')).toBe('httpbin.tyk.localhost');
    expect(leaf.checkHost('one.api.test')).toBe('*.api.test');
    expect(leaf.checkHost('api.other.test')).toBeUndefined();
    expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(leaf.checkIP('2001:db8::ff00:42:8329')).toBeDefined();
    expect(leaf.checkIP('::1')).toBeDefined();
  });

  test('is taken by a TLS client that trusts the root', async () => {
    const ca = openLocalCa(folder);
    const { cert, key } = ca.serverCertificate('demo', NAMES);
    const server = tls.createServer({ cert, key }, (socket) => socket.end('hello')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = tls.connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, servername: 'httpbin.tyk.localhost', ca: ca.certificate });
    const [greeting] = (await once(socket, 'data')) as [Buffer];
    expect([socket.authorized, greeting.toString()]).toEqual([true, 'hello']);
    socket.destroy();
    server.close();
  });

  test('is kept until something about it changes', () => {
    const ca = openLocalCa(folder);
    const first = ca.serverCertificate('demo', NAMES).cert;
    expect(openLocalCa(folder).serverCertificate('demo', NAMES.slice(0, 2)).cert).toBe(first);
    expect(ca.serverCertificate('demo', [...NAMES, 'new.test']).cert).not.toBe(first);
  });

  test.each([
    [366, true],
    [368, false],
  ])('after %i days it is the same: %s', (days, same) => {
    const start = new Date();
    const first = openLocalCa(folder, () => start).serverCertificate('demo', NAMES).cert;
    const later = openLocalCa(folder, () => new Date(start.getTime() + days * DAY)).serverCertificate('demo', NAMES).cert;
    expect(later === first).toBe(same);
  });

  test('of another authority is made anew', () => {
    const first = openLocalCa(folder).serverCertificate('demo', NAMES).cert;
    for (const file of ['ca.pem', 'ca.key']) rmSync(path.join(folder, file));
    expect(openLocalCa(folder).serverCertificate('demo', NAMES).cert).not.toBe(first);
  });

  test.each(['two words', 'a..b', 'api.*.test', '', '-a.test', 'http://a.test', `${'a'.repeat(64)}.test`])('name %j is refused', (name) => {
    expect(codeOf(() => openLocalCa(folder).serverCertificate('demo', [name]))).toBe('CERTIFICATE_NAME_INVALID');
  });
});

describe('a damaged folder', () => {
  test('the key is gone: refused, nothing overwritten', () => {
    const before = openLocalCa(folder).certificate;
    rmSync(path.join(folder, 'ca.key'));
    expect(codeOf(() => openLocalCa(folder))).toBe('CA_INCOMPLETE');
    expect(readFileSync(path.join(folder, 'ca.pem'), 'utf8')).toBe(before);
  });

  test('a start that was killed between the two files is repeated', () => {
    openLocalCa(folder);
    rmSync(path.join(folder, 'ca.pem'));
    expect(new X509Certificate(openLocalCa(folder).certificate).ca).toBe(true);
  });

  test('the key of another authority', () => {
    openLocalCa(folder);
    openLocalCa(path.join(folder, 'other'));
    writeFileSync(path.join(folder, 'ca.key'), readFileSync(path.join(folder, 'other', 'ca.key')));
    expect(codeOf(() => openLocalCa(folder))).toBe('CERTIFICATE_KEY_MISMATCH');
  });

  test('an authority that is out of date', () => {
    openLocalCa(folder);
    expect(codeOf(() => openLocalCa(folder, () => new Date(Date.now() + 3651 * DAY)))).toBe('CERTIFICATE_EXPIRED');
  });

  test('a file where the folder should be', () => {
    writeFileSync(path.join(folder, 'file'), '');
    expect(codeOf(() => openLocalCa(path.join(folder, 'file')))).toBe('CA_UNWRITABLE');
  });
});
