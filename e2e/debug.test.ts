// POST /tyk/debug through a data thread: the chain that runs is the one that would serve the definition.
import { classicApi, type JsonObject, keyedApi, merged, oasApi, upstream, type Upstream } from '@gatehouse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEmbedded, type TestEmbedded } from './embedded.ts';

interface Debugged {
  readonly message: string;
  readonly response: string;
  readonly logs: readonly Readonly<Record<string, unknown>>[];
}

describe('debug', () => {
  let server: Upstream;
  let at: TestEmbedded;
  const key = 'debug-key-0123456789';

  beforeAll(async () => {
    server = await upstream({ answer: (request, response, { target }) => void response.end(`${request.method} ${target}`) });
    at = await startEmbedded({}, { running: keyedApi('running', server.url) });
    const right = (id: string): object => ({ api_id: id, api_name: id, versions: ['Default'] });
    const rights = { tried: right('tried'), running: right('running') };
    await at.control(`/tyk/keys/${key}`, { method: 'POST', body: { org_id: 'test', rate: 100, per: 1, quota_max: -1, access_rights: rights } });
  });

  afterAll(async () => {
    await at[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  async function debug(definition: JsonObject, request: object): Promise<Debugged> {
    const { body } = await at.control('/tyk/debug', { method: 'POST', body: { ...definition, request } });
    const { logs, ...rest } = JSON.parse(body) as { message: string; response: string; logs: string };
    const lines = logs.split('\n').filter((line) => line !== '');
    return { ...rest, logs: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
  }

  const steps = ({ logs }: Debugged, msg: string): unknown[] => logs.filter((line) => line['msg'] === msg).map((line) => line['mw']);

  test('shows the request as it went upstream, and each step', async () => {
    const version = { extended_paths: { transform_headers: [{ path: '/x', method: 'GET', add_headers: { 'X-Added': 'yes' }, delete_headers: ['X-Gone'] }] } };
    const spec = classicApi('tried', `${server.url}/base`, { version_data: { versions: { Default: version } } });
    const result = await debug({ spec }, { method: 'GET', path: '/x?q=1', headers: { 'X-Gone': ['1'], 'X-Kept': ['1'] } });
    expect(result.message).toBe('ok');
    expect(result.response).toContain(`GET /base/x?q=1 HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nX-Added: yes\r\nX-Kept: 1\r\n\r\n`);
    expect(result.response).toMatch(/HTTP\/1\.1 200 OK\r\n.*GET \/base\/x\?q=1$/s);
    expect(steps(result, 'Started').length).toBeGreaterThan(0);
    expect(result.logs.every((line) => line['api_id'] === 'tried')).toBe(true);
  });

  test('keeps nothing', async () => {
    await debug({ spec: classicApi('tried', server.url) }, { method: 'GET', path: '/x' });
    expect((await at.ask('/tried/x')).status).toBe(404);
    expect(JSON.parse((await at.control('/tyk/apis')).body)).toMatchObject([{ api_id: 'running' }]);
    expect(JSON.stringify(await at.gateway.metrics())).not.toContain('tried');
  });

  test('knows the keys of the gateway, and does not show them', async () => {
    const spec = keyedApi('tried', server.url);
    const opened = await debug({ spec }, { method: 'GET', path: '/x', headers: { Authorization: [key] } });
    expect(opened.response).toContain('HTTP/1.1 200 OK');
    const refused = await debug({ spec }, { method: 'GET', path: '/x', headers: { Authorization: ['wrong-key-0123456789'] } });
    expect(refused.response).toContain('HTTP/1.1 403 Forbidden');
    expect(JSON.stringify(refused.logs)).toContain('****6789');
    expect(JSON.stringify(refused.logs)).not.toContain('wrong-key');
  });

  test('does not touch the identity that a key has for the running API of that id', async () => {
    const statuses = (): Promise<number[]> =>
      Promise.all(Array.from({ length: 6 }, async () => (await at.ask('/running/x', { headers: { Authorization: key } })).status));
    expect(new Set(await statuses())).toEqual(new Set([200]));
    const other = keyedApi('running', server.url, { org_id: 'other' });
    const { response } = await debug({ spec: other }, { method: 'GET', path: '/x', headers: { Authorization: [key] } });
    expect(response).toContain('HTTP/1.1 403 Forbidden');
    expect(new Set(await statuses())).toEqual(new Set([200]));
  });

  test('of an OAS API with a body', async () => {
    const result = await debug({ oas: oasApi('tried', server.url) }, { method: 'POST', path: '/x', body: 'payload' });
    expect(result.response).toMatch(/^====== Request ======\nPOST \/x HTTP\/1\.1\r\n.*\r\n\r\npayload\n====== Response ======\nHTTP\/1\.1 200 OK/s);
    expect(server.take().at(-1)?.body.toString()).toBe('payload');
  });

  test('of an upstream that is not there', async () => {
    const result = await debug({ spec: classicApi('tried', 'http://127.0.0.1:1') }, { method: 'GET', path: '/x' });
    expect(result.response).toContain('HTTP/1.1 500 Internal Server Error');
    expect(result.logs.filter((line) => line['level'] === 'error')).toMatchObject([{ mw: 'ReverseProxy' }]);
  });

  test('of a definition that cannot be served says why', async () => {
    const broken = merged(classicApi('tried', server.url), { proxy: { target_url: 'http://[' } });
    const result = await debug({ spec: broken }, { method: 'GET', path: '/x' });
    expect([result.message, result.response]).toEqual(['error', '']);
    expect(result.logs.at(-1)).toMatchObject({ level: 'error', at: expect.stringContaining('target_url') as string });
  });

  test('many at a time, each with its own answer', async () => {
    const spec = classicApi('tried', server.url);
    const results = await Promise.all(Array.from({ length: 20 }, (_, n) => debug({ spec }, { method: 'GET', path: `/${n}` })));
    expect(results.map(({ response }) => /GET \/(\d+)$/.exec(response)?.[1])).toEqual(results.map((_, n) => String(n)));
  });
});
