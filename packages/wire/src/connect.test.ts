import { X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createSecureContext, createServer, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './peers.ts';
import { createPool, DEFAULT_POOL_LIMITS } from './pool.ts';
import { TEST_CERTIFICATE, TEST_KEY } from './test-certificate.ts';
import type { AnswerHead, Origin, OriginTls, Pool, UpstreamError } from './types.ts';

/** An upstream that speaks TLS and answers with what it saw of the handshake. */
const server = createServer({ cert: TEST_CERTIFICATE, key: TEST_KEY, ALPNProtocols: ['http/1.1'] }, (socket: TLSSocket) => {
  socket.on('error', () => socket.destroy());
  socket.on('data', () => {
    const seen = JSON.stringify({ servername: socket.servername, reused: socket.isSessionReused(), version: socket.getProtocol(), alpn: socket.alpnProtocol });
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${seen.length}\r\n\r\n${seen}`);
  });
});
let port = 0;
const sockets = new Set<TLSSocket>();

beforeAll(async () => {
  server.on('secureConnection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  ({ port } = server.address() as AddressInfo);
});

afterAll(() => {
  server.close();
});

const trusting: OriginTls = { servername: 'wire.test', rejectUnauthorized: true, context: createSecureContext({ ca: TEST_CERTIFICATE }) };

async function get(pool: Pool, tls: OriginTls, protocol: Origin['protocol'] = 'https'): Promise<Record<string, unknown>> {
  const request = { method: 'GET', path: '/', fields: ['Host', 'a'], contentLength: 0, upgrade: '', headTimeout: 0, repeatable: true };
  return new Promise((resolve, reject) => {
    let text = '';
    pool.request({ key: JSON.stringify([tls.servername, protocol]), protocol, host: '127.0.0.1', port, tls }, request, {
      onHead: (head: AnswerHead) => expect(head.status).toBe(200),
      onData: (chunk) => {
        text += chunk.toString();
      },
      onEnd: () => resolve(JSON.parse(text) as Record<string, unknown>),
      onError: (error: UpstreamError) => reject(error),
    });
  });
}

describe('connections over TLS', () => {
  it('name the server and are used again', async () => {
    const pool = createPool(DEFAULT_POOL_LIMITS);
    const before = sockets.size;
    expect(await get(pool, trusting)).toMatchObject({ servername: 'wire.test', reused: false, version: 'TLSv1.3', alpn: 'http/1.1' });
    await get(pool, trusting);
    expect(sockets.size).toBe(before + 1);
    pool.close();
  });

  it('resume the session of the one before', async () => {
    const pool = createPool({ ...DEFAULT_POOL_LIMITS, closeAfterUse: true });
    await get(pool, trusting);
    await eventually(() => pool.size === 0);
    expect((await get(pool, trusting))['reused']).toBe(true);
    pool.close();
  });

  it('fall back to HTTP/1.1 where HTTP/2 is not agreed on', async () => {
    const pool = createPool(DEFAULT_POOL_LIMITS);
    const all = await Promise.all([get(pool, trusting, 'h2'), get(pool, trusting, 'h2'), get(pool, trusting, 'h2')]);
    expect(all.map(({ alpn }) => alpn)).toEqual(['http/1.1', 'http/1.1', 'http/1.1']);
    pool.close();
  });

  it('take versions and checks of the name as told', async () => {
    const pool = createPool(DEFAULT_POOL_LIMITS);
    expect((await get(pool, { servername: 'old.test', rejectUnauthorized: false, maxVersion: 'TLSv1.2' }))['version']).toBe('TLSv1.2');
    let checked = '';
    const checkServerIdentity = (host: string): Error => {
      checked = host;
      return Object.assign(new Error('No.'), { code: 'PINNED' });
    };
    const refused = get(createPool(DEFAULT_POOL_LIMITS), { ...trusting, checkServerIdentity });
    await expect(refused).rejects.toMatchObject({ code: 'PINNED', phase: 'tls', answered: false });
    expect(checked).toBe('wire.test');
    pool.close();
  });

  it('are refused where the certificate is not trusted or not for the name', async () => {
    const pool = createPool(DEFAULT_POOL_LIMITS);
    await expect(get(pool, { servername: 'wire.test', rejectUnauthorized: true })).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT', phase: 'tls' });
    await expect(get(pool, { servername: 'wire.test', rejectUnauthorized: true })).rejects.toHaveProperty(
      'certificate.raw',
      new X509Certificate(TEST_CERTIFICATE).raw,
    );
    await expect(get(pool, { ...trusting, servername: 'other.test' })).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID', phase: 'tls' });
    await expect(get(pool, { ...trusting, servername: '127.0.0.1' })).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID', phase: 'tls' });
    expect((await get(pool, { servername: 'any.test', rejectUnauthorized: false }))['servername']).toBe('any.test');
    pool.close();
  });
});
