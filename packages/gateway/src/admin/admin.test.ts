import { describe, expect, it } from 'vitest';
import { StoreError } from '@gatehouse/store';
import { classic, rightsTo, testGateway } from './test/gateway.ts';

const FORBIDDEN = { status: 403, json: { status: 'error', message: 'Attempted administrative access with invalid or missing key!' } };

describe('the secret (gateway-api.md §1)', () => {
  const cases: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
    ['missing', []],
    ['empty', [['X-Tyk-Authorization', '']]],
    ['wrong', [['X-Tyk-Authorization', 'hus']]],
    ['longer', [['X-Tyk-Authorization', 'hushh']]],
    ['in other case', [['X-Tyk-Authorization', 'Hush']]],
    ['in another header', [['Authorization', 'hush']]],
  ];

  it.each(cases)('%s is refused, on paths that lead nowhere too', async (_name, headers) => {
    using gateway = await testGateway();
    expect(await gateway.send({ path: '/tyk/apis', headers })).toMatchObject(FORBIDDEN);
    expect(await gateway.send({ path: '/tyk/no/such/path', headers })).toMatchObject(FORBIDDEN);
  });

  it('opens nothing where the gateway has none', async () => {
    using gateway = await testGateway({ conf: { secret: '' } });
    expect(await gateway.send({ path: '/tyk/apis', headers: [['X-Tyk-Authorization', '']] })).toMatchObject(FORBIDDEN);
    expect(await gateway.send({ path: '/tyk/apis' })).toMatchObject(FORBIDDEN);
  });
});

describe('paths and methods (§1)', () => {
  it.each([
    ['GET /tyk/nothing', 404, '404 page not found\n'],
    ['GET /tyk/', 404, '404 page not found\n'],
    ['GET /tyk/apis/a/b/c', 404, '404 page not found\n'],
    ['GET /tyk/apis/a%2Fb', 404, '404 page not found\n'],
    ['GET /tyk/../hello', 404, '404 page not found\n'],
    ['GET /tyk', 404, 'Not Found'],
    ['GET /elsewhere', 404, 'Not Found'],
    ['PATCH /tyk/apis', 405, { status: 'error', message: 'Method not supported' }],
    ['DELETE /tyk/apis', 405, { status: 'error', message: 'Method not supported' }],
    ['PATCH /tyk/apis/oas', 405, { status: 'error', message: 'Method not supported' }],
    ['PUT /tyk/apis/oas', 404, { status: 'error', message: 'API not found' }],
    ['HEAD /tyk/apis', 405, ''],
    ['GET /tyk/apis/', 200, []],
  ])('%s is answered with %i', async (line, status, json) => {
    using gateway = await testGateway();
    expect(await gateway.ask(line)).toMatchObject({ status, json });
  });

  it('refuses a body that is too large', async () => {
    using gateway = await testGateway();
    const answer = await gateway.ask('POST /tyk/apis', ' '.repeat(8 * 1024 * 1024 + 1));
    expect(answer).toMatchObject({ status: 413, json: { message: 'Request body is larger than 8 MiB' } });
  });

  it('escapes what HTML gives a meaning to', async () => {
    using gateway = await testGateway();
    gateway.write('apps/html.json', classic('html', { name: '<b>&\u2028' }));
    await gateway.reload();
    const { body } = await gateway.raw('GET /tyk/apis/html');
    expect(body).toContain(String.raw`"name":"\u003cb\u003e\u0026\u2028"`);
    expect(body.endsWith('}\n')).toBe(true);
  });
});

describe('hello and ready (§12)', () => {
  it('answers on its configured names, without a secret and by GET only', async () => {
    using gateway = await testGateway({ conf: { health_check_endpoint_name: 'alive', readiness_check_endpoint_name: 'fit' } });
    expect(await gateway.send({ path: '/alive?x=1' })).toMatchObject({ status: 200, json: { status: 'pass', version: 'v0.0.0', description: 'Tyk GW' } });
    expect(await gateway.send({ path: '/fit' })).toMatchObject({ status: 200, json: { description: 'Tyk GW Ready' } });
    expect(await gateway.send({ method: 'POST', path: '/alive' })).toMatchObject({ status: 405, json: { message: 'Method Not Allowed' } });
    expect(await gateway.send({ path: '/alive/' })).toMatchObject({ status: 404, json: 'Not Found' });
    expect(await gateway.send({ path: '/hello' })).toMatchObject({ status: 404, json: 'Not Found' });
  });

  it('shows the checks once there are any', async () => {
    const details = { redis: { status: 'fail', componentType: 'datastore', time: '2026-01-01T00:00:00Z', output: 'refused' } };
    using gateway = await testGateway({}, { health: () => ({ status: 'fail', details }) });
    expect(await gateway.send({ path: '/hello' })).toMatchObject({ status: 200, json: { status: 'fail', details } });
  });

  it('says why the gateway is not ready', async () => {
    using gateway = await testGateway({}, { readiness: () => ({ ready: false, reason: 'Gateway is shutting down' }) });
    expect(await gateway.send({ path: '/ready' })).toMatchObject({ status: 503, json: { status: 'error', message: 'Gateway is shutting down' } });
    expect(await gateway.send({ path: '/hello' })).toMatchObject({ status: 200 });
  });
});

describe('what fails inside', () => {
  it('is logged without the key', async () => {
    using gateway = await testGateway();
    gateway.context.keys.get = () => {
      throw new Error('gone');
    };
    expect(await gateway.ask('GET /tyk/keys/my-secret-key')).toMatchObject({ status: 500, json: { message: 'Internal Server Error' } });
    expect(gateway.logged).toEqual(['A call of the control API failed: Error: gone {"method":"GET","path":"/tyk/keys"}']);
  });

  it('answers 500 for a key store that cannot be written, and logs the reason', async () => {
    using gateway = await testGateway();
    gateway.context.keys.set = () => {
      throw new StoreError('STORE_FULL', '/data', 'the disk is full', 'make room');
    };
    const answer = await gateway.ask('POST /tyk/keys', rightsTo('one'));
    expect(answer).toMatchObject({ status: 500, json: { message: 'Failed to create key, ensure security settings are correct.' } });
    expect(gateway.logged).toEqual(['the disk is full: /data (make room) {"code":"STORE_FULL"}']);
  });

  it('answers 500 for a folder that is not there, and logs the remedy', async () => {
    using gateway = await testGateway({ conf: { app_path: '/no/such/folder' } });
    expect(await gateway.ask('POST /tyk/apis', classic('one'))).toMatchObject({ status: 500, json: { message: 'Failed to create file!' } });
    expect(gateway.logged.join()).toContain('see that the folder /no/such/folder is there');
  });

  it('keeps the running definitions where a reload fails', async () => {
    using gateway = await testGateway();
    gateway.context.reload = () => Promise.reject(new Error('threads are gone'));
    expect(await gateway.ask('GET /tyk/reload?block=true')).toMatchObject({ status: 200, json: { status: 'ok', message: '' } });
    expect(gateway.logged.join()).toContain('Reload failed');
  });
});

describe('problems of definitions', () => {
  it('are shown with the APIs and files that have them', async () => {
    using gateway = await testGateway({ apis: [classic('fine')] });
    expect(await gateway.ask('GET /tyk/problems')).toMatchObject({ status: 200, json: { apis: [], files: [] } });
    gateway.write('apps/broken.json', '{ nope');
    await gateway.reload();
    expect(await gateway.ask('GET /tyk/problems')).toMatchObject({ json: { apis: [], files: [{ code: 'file.unreadable' }] } });
    const { apis } = gateway.context.loaded();
    const problem = { code: 'routing.collision', path: '/proxy/listen_path', message: 'taken', hint: 'choose another' };
    const troubled = {
      apis: apis.map(({ id, definition, oas: document }) => ({ id, definition, oas: document, status: 'disabled' as const, problems: [problem] })),
      policies: new Map(),
      problems: [],
    };
    gateway.context.loaded = () => troubled;
    expect(await gateway.ask('GET /tyk/problems')).toMatchObject({
      json: { apis: [{ api_id: 'fine', name: 'fine', status: 'disabled', problems: [problem] }] },
    });
  });
});

describe('health of an API (§12)', () => {
  it('is off unless the configuration switches it on', async () => {
    using gateway = await testGateway({ apis: [classic('one')] });
    expect(await gateway.ask('GET /tyk/health?api_id=one')).toMatchObject({ status: 400, json: { message: 'Health checks are not enabled for this node' } });
  });

  it('gives the averages', async () => {
    using gateway = await testGateway({ conf: { health_check: { enable_health_checks: true } }, apis: [classic('one')] });
    expect(await gateway.ask('GET /tyk/health?api_id=one')).toMatchObject({ status: 200, json: { average_requests_per_second: 0 } });
  });
});
