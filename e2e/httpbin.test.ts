// docs/guides/behind-httpbin.md as a test: the gateway command in front of Debian's python3-httpbin, which is not ours.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { classicApi, freePort, keyedApi, startProcess, type StartedProcess, tempFolder } from '@gatehouse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const PYTHON = '/usr/bin/python3'; // Debian's own: another python does not see Debian's packages
const MAIN = fileURLToPath(new URL('../apps/cli/src/main.ts', import.meta.url));
const SECRET = 'e2e-secret';

function httpbinInstalled(): boolean {
  try {
    execFileSync(PYTHON, ['-c', 'import httpbin'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const missing = !httpbinInstalled();
if (missing && process.env['CI']) throw new Error('python3-httpbin is missing: apt-get install python3-httpbin');
if (missing) console.warn('skipped: e2e/httpbin (apt-get install python3-httpbin)');

describe.skipIf(missing)('in front of httpbin', () => {
  const folder = tempFolder();
  const started: StartedProcess[] = [];
  let gateway: string;
  let direct: string;

  beforeAll(async () => {
    const [httpbin, port] = [await freePort(), await freePort()];
    direct = `http://127.0.0.1:${httpbin}`;
    folder.write('apps/open.json', classicApi('open', direct));
    folder.write('apps/keyed.json', keyedApi('keyed', direct));
    folder.write('policies.json', {});
    const policies = { policy_source: 'file', policy_path: folder.at('policies.json') };
    const conf = folder.write('tyk.conf', {
      listen_address: '127.0.0.1',
      listen_port: port,
      secret: SECRET,
      app_path: folder.at('apps'),
      data_path: folder.at('data'),
      policies,
    });
    started.push(startProcess([PYTHON, '-m', 'httpbin.core', '--host', '127.0.0.1', '--port', String(httpbin)]));
    started.push(startProcess([process.execPath, '--conditions=@gatehouse/source', MAIN, 'gateway', '--conf', conf]));
    await Promise.all([started[0]?.port(httpbin), started[1]?.port(port)]);
    gateway = `http://127.0.0.1:${port}`;
  });

  afterAll(async () => {
    await Promise.all(started.map((child) => child[Symbol.asyncDispose]()));
    folder[Symbol.dispose]();
  });

  const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(gateway + path, { redirect: 'manual', ...init });

  test('GET comes back with its query, and the address of the client', async () => {
    const answer = await ask('/open/get?a=1');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ args: { a: '1' }, origin: '127.0.0.1' });
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s carries its body', async (method) => {
    const answer = await ask(`/open/${method.toLowerCase()}`, { method, body: '{"n":1}', headers: { 'Content-Type': 'application/json' } });
    expect(await answer.json()).toMatchObject({ json: { n: 1 } });
  });

  test.each([204, 304, 404, 418, 503])('status %i is passed on', async (status) => {
    expect((await ask(`/open/status/${status}`)).status).toBe(status);
  });

  test('a streamed answer without a length is whole', async () => {
    const lines = (await (await ask('/open/stream/20')).text()).trim().split('\n');
    expect(lines).toHaveLength(20);
  });

  test('100,000 bytes are the same as without the gateway', async () => {
    const bytes = await (await ask('/open/bytes/100000?seed=7')).arrayBuffer();
    const same = await (await fetch(`${direct}/bytes/100000?seed=7`)).arrayBuffer();
    expect(bytes.byteLength).toBe(100_000);
    expect(Buffer.from(bytes).equals(Buffer.from(same))).toBe(true);
  });

  test('a compressed answer stays compressed', async () => {
    const answer = await ask('/open/gzip');
    expect([answer.headers.get('content-encoding'), ((await answer.json()) as { gzipped: boolean }).gzipped]).toEqual(['gzip', true]);
  });

  test('a keyed API wants its key', async () => {
    const rights = { keyed: { api_id: 'keyed', api_name: 'keyed', versions: ['Default'] } };
    const session = { org_id: 'test', rate: 100, per: 1, quota_max: -1, access_rights: rights };
    const made = await ask('/tyk/keys/create', { method: 'POST', headers: { 'X-Tyk-Authorization': SECRET }, body: JSON.stringify(session) });
    const { key } = (await made.json()) as { key: string };
    const status = async (authorization?: string): Promise<number> =>
      (await ask('/keyed/get', authorization ? { headers: { Authorization: authorization } } : {})).status;
    expect([await status(), await status('wrong'), await status(key)]).toEqual([401, 403, 200]);
  });
});
