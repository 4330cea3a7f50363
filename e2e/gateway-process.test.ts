// The gateway command as a process: what keeps it from starting, what a crash and a shutdown leave behind, and when it reloads.
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { classicApi, freePort, type JsonObject, keyedApi, startProcess, type StartedProcess, type TempFolder, tempFolder, upstream } from '@gatehouse/testkit';
import { describe, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../apps/cli/src/main.ts', import.meta.url));
const SECRET = 'e2e-secret';
const READY = /ready in/;
const CONTROL = { 'X-Tyk-Authorization': SECRET };

/** A folder with a configuration for `port`, and the command that uses it. */
interface Place extends Disposable {
  readonly folder: TempFolder;
  readonly port: number;
  readonly url: string;
  start(...more: string[]): StartedProcess;
}

async function place(conf: JsonObject = {}): Promise<Place> {
  const folder = tempFolder();
  const port = await freePort();
  const base = { listen_address: '127.0.0.1', listen_port: port, secret: SECRET, app_path: folder.at('apps'), data_path: folder.at('data'), data_threads: 2 };
  const file = folder.write('tyk.conf', { ...base, policies: { policy_source: 'file', policy_path: folder.at('policies') }, ...conf });
  folder.write('apps/.keep', '');
  folder.write('policies/.keep', '');
  return {
    folder,
    port,
    url: `http://127.0.0.1:${port}`,
    start: (...more) => startProcess([process.execPath, '--conditions=@gatehouse/source', MAIN, 'gateway', '--conf', file, ...more]),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

/** Lines for people: without those of the log. */
const spoken = (output: string): string[] => output.split('\n').filter((line) => line.startsWith('gatehouse'));

async function refused(at: Place): Promise<{ code: number | null; lines: string[] }> {
  await using child = at.start();
  const { code } = await child.ended;
  return { code, lines: spoken(child.output) };
}

describe('a start that fails is one line and exit code 1', () => {
  test('a port in use', async () => {
    using at = await place();
    const other = createServer().listen(at.port, '127.0.0.1');
    await once(other, 'listening');
    const { code, lines } = await refused(at);
    other.close();
    expect([code, lines]).toEqual([1, [expect.stringContaining(`127.0.0.1:${at.port}`)]]);
  });

  test('a port that another gateway listens on', async () => {
    using at = await place();
    using second = await place({ listen_port: at.port });
    at.folder.write('apps/one.json', classicApi('one', 'http://127.0.0.1:1'));
    await using child = at.start();
    await child.line(READY);
    expect(await refused(second)).toEqual({ code: 1, lines: [expect.stringContaining('another process listens there')] });
    expect((await fetch(`${at.url}/hello`)).status).toBe(200);
  });

  test('a control secret that everybody knows, on all addresses', async () => {
    using at = await place({ listen_address: '', secret: '352d20ee67be67f6340b4c0605b044b7' });
    expect(await refused(at)).toEqual({ code: 1, lines: [expect.stringContaining('TYK_GW_SECRET')] });
  });

  test('an administration port in use', async () => {
    const port = await freePort();
    using at = await place({ admin_listen_port: port });
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const { code, lines } = await refused(at);
    other.close();
    expect([code, lines]).toEqual([1, [expect.stringContaining('admin_listen_port')]]);
    await expect(fetch(at.url)).rejects.toThrow('fetch failed');
  });

  test('a certificate that is not there', async () => {
    using at = await place({
      http_server_options: { use_ssl: true, certificates: [{ domain_name: '*', cert_file: '/nowhere/cert.pem', key_file: '/nowhere/key.pem' }] },
    });
    expect(await refused(at)).toEqual({ code: 1, lines: [expect.stringContaining('/nowhere/cert.pem')] });
    expect(existsSync(at.folder.at('data'))).toBe(false);
  });

  test('a certificate that is none', async () => {
    using at = await place();
    const cert = at.folder.write('cert.pem', 'not a certificate');
    at.folder.write('tyk.conf', {
      listen_address: '127.0.0.1',
      listen_port: at.port,
      data_path: at.folder.at('data'),
      http_server_options: { use_ssl: true, certificates: [{ domain_name: '*', cert_file: cert, key_file: cert }] },
    });
    expect(await refused(at)).toEqual({ code: 1, lines: [expect.stringContaining(cert)] });
  });

  test('a data folder that is a file', async () => {
    using at = await place();
    at.folder.write('data', 'in the way');
    expect(await refused(at)).toEqual({ code: 1, lines: [expect.stringContaining(at.folder.at('data'))] });
  });

  const isRoot = process.getuid?.() === 0;
  if (isRoot) console.warn('skipped: 1 test of e2e/gateway-process (root may write everywhere)');
  test.skipIf(isRoot)('a data folder that may not be written', async () => {
    using at = await place();
    at.folder.write('data/.keep', '');
    chmodSync(at.folder.at('data'), 0o500);
    expect(await refused(at)).toEqual({ code: 1, lines: [expect.stringContaining(at.folder.at('data'))] });
  });

  test('an unknown flag is wrong usage: exit code 2', async () => {
    using at = await place();
    await using child = at.start('--port', '1');
    expect([(await child.ended).code, child.output]).toEqual([2, expect.stringContaining("'--port'")]);
  });
});

describe('definitions', () => {
  test('a broken one disables only itself', async () => {
    await using server = await upstream();
    using at = await place();
    at.folder.write('apps/good.json', classicApi('good', server.url));
    at.folder.write('apps/cut.json', '{"api_id": "cut", ');
    at.folder.write('apps/nameless.json', { name: 'nameless' });
    at.folder.write('apps/odd.json', { ...classicApi('odd', server.url), use_keyless: 'yes' });
    at.folder.write('apps/path.json', classicApi('path', server.url, { proxy: { listen_path: '/{a:(}/' } }));
    at.folder.write('apps/host.json', classicApi('host', server.url, { domain: '{open.example' }));
    at.folder.write('apps/id.json', classicApi('{id', server.url, { proxy: { listen_path: '/id/' } }));
    at.folder.write('apps/regex.json', classicApi('regex', server.url, blackList('/(')));
    await using child = at.start();
    await child.line(READY);
    const problems = (await (await fetch(`${at.url}/tyk/problems`, { headers: CONTROL })).json()) as {
      apis: { api_id: string }[];
      files: { message: string }[];
    };
    expect((await fetch(`${at.url}/good/x`)).status).toBe(200);
    expect(new Set(problems.files.map(({ message }) => /(\w+)\.json/.exec(message)?.[1]))).toEqual(new Set(['cut', 'nameless', 'odd']));
    expect([(await fetch(`${at.url}/regex/x`)).status, problems.apis.map((api) => api.api_id).sort()]).toEqual([503, ['host', 'path', 'regex', '{id']]);
  });

  test('a new file is served without a call', async () => {
    await using server = await upstream();
    using at = await place({ watch_definitions: true });
    await using child = at.start();
    await child.line(READY);
    at.folder.write('apps/late.json', classicApi('late', server.url));
    await eventually(async () => (await fetch(`${at.url}/late/x`)).status === 200);
    rmSync(at.folder.at('apps', 'late.json'));
    await eventually(async () => (await fetch(`${at.url}/late/x`)).status === 404);
  });

  test('SIGHUP reloads', async () => {
    await using server = await upstream();
    using at = await place({ watch_definitions: false });
    await using child = at.start();
    await child.line(READY);
    at.folder.write('apps/late.json', classicApi('late', server.url));
    child.kill('SIGHUP');
    await eventually(async () => (await fetch(`${at.url}/late/x`)).status === 200);
  });
});

describe('a crash', () => {
  test('loses no key, and quota goes on', async () => {
    await using server = await upstream();
    using at = await place();
    at.folder.write('apps/keyed.json', keyedApi('keyed', server.url));
    const session = { org_id: 'test', rate: 1000, per: 1, quota_max: 10, quota_renewal_rate: 3600, access_rights: rights('keyed') };
    let key: string;
    {
      await using child = at.start();
      await child.line(READY);
      const made = await fetch(`${at.url}/tyk/keys/create`, { method: 'POST', headers: CONTROL, body: JSON.stringify(session) });
      ({ key } = (await made.json()) as { key: string });
      for (let i = 0; i < 4; i++) expect((await fetch(`${at.url}/keyed/x`, { headers: { Authorization: key } })).status).toBe(200);
      // Counters are on the disk a second after they changed, at the latest.
      await sleep(1500);
      const late = await fetch(`${at.url}/tyk/keys/create`, { method: 'POST', headers: CONTROL, body: JSON.stringify(session) });
      const { key: second } = (await late.json()) as { key: string };
      child.kill('SIGKILL');
      expect((await child.ended).signal).toBe('SIGKILL');
      at.folder.write('second', second);
    }
    await using child = at.start();
    await child.line(READY);
    const answer = await fetch(`${at.url}/keyed/x`, { headers: { Authorization: key } });
    expect([answer.status, answer.headers.get('x-ratelimit-remaining')]).toEqual([200, '5']);
    const stored = await fetch(`${at.url}/tyk/keys`, { headers: CONTROL });
    expect(((await stored.json()) as { keys: string[] }).keys).toHaveLength(2);
  });
});

describe('SIGTERM', () => {
  test('lets a request under way finish, takes no new one, and ends with 0', async () => {
    let answer: () => void = () => undefined;
    await using server = await upstream({ answer: (_, response) => void (answer = () => response.end('done')) });
    using at = await place();
    at.folder.write('apps/one.json', classicApi('one', server.url));
    await using child = at.start();
    await child.line(READY);
    const slow = fetch(`${at.url}/one/x`);
    await eventually(() => Promise.resolve(server.seen.length === 1));
    child.kill('SIGTERM');
    await eventually(() =>
      fetch(`${at.url}/hello`).then(
        () => false,
        () => true,
      ),
    );
    answer();
    expect(await (await slow).text()).toBe('done');
    expect(await child.ended).toEqual({ code: 0, signal: null });
  });

  test('does not wait for idle connections', async () => {
    using at = await place({ graceful_shutdown_timeout_duration: 600 });
    await using child = at.start();
    await child.line(READY);
    const agent = new Agent({ keepAlive: true });
    const answered = await new Promise<IncomingMessage>((resolve, reject) => get(`${at.url}/hello`, { agent }, resolve).on('error', reject));
    answered.resume();
    await once(answered, 'end');
    child.kill('SIGTERM');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    agent.destroy();
    expect(readdirSync(at.folder.at('data')).filter((name) => name.endsWith('-wal'))).toEqual([]);
  });
});

/** Classic black list with one pattern. */
const blackList = (pattern: string): JsonObject => ({
  version_data: { versions: { Default: { extended_paths: { black_list: [{ path: pattern, ignore_case: false, method_actions: {} }] } } } },
});

const rights = (id: string): JsonObject => ({ [id]: { api_id: id, api_name: id, versions: ['Default'] } });

async function eventually(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await sleep(20);
}
