import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classic, oas, testGateway } from '../test/gateway.ts';

const child = (base: string, name: string, more = ''): string => `base_api_id=${base}&base_api_version_name=v1&new_version_name=${name}${more}`;

/** gateway-api.md §5. */
describe.each([
  { dialect: 'Classic', path: '/tyk/apis', make: classic, file: (id: string) => `apps/${id}.json` },
  { dialect: 'OAS', path: '/tyk/apis/oas', make: oas, file: (id: string) => `apps/${id}-oas.json` },
])('versions of $dialect APIs', ({ path, make, file }) => {
  it('keeps both of two versions that are made before the next reload', async () => {
    using gateway = await testGateway();
    await gateway.ask(`POST ${path}`, make('base'));
    await gateway.reload();
    await Promise.all(['two', 'three'].map((name) => gateway.ask(`POST ${path}?${child('base', name)}`, make(name))));
    await gateway.reload();
    const rows = [
      { id: 'base', versionName: 'v1', isDefaultVersion: true },
      { id: 'three', versionName: 'three', isDefaultVersion: false },
      { id: 'two', versionName: 'two', isDefaultVersion: false },
    ];
    expect(await gateway.ask(`GET ${path}/base/versions`)).toMatchObject({ json: { status: 'success', apis: rows } });
  });

  it('makes the base the default again when the default version goes', async () => {
    using gateway = await testGateway();
    await gateway.ask(`POST ${path}`, make('base'));
    await gateway.reload();
    await gateway.ask(`POST ${path}?${child('base', 'two', '&set_default=true')}`, make('two'));
    await gateway.reload();
    expect((await gateway.ask(`GET ${path}/two`)).headers['X-Tyk-Base-Api-Id']).toBe('base');
    await gateway.ask(`DELETE ${path}/two`);
    await gateway.reload();
    expect(await gateway.ask(`GET ${path}/base/versions`)).toMatchObject({ json: { apis: [{ id: 'base', isDefaultVersion: true }] } });
  });

  it('keeps references to secrets in the file of the base', async () => {
    using gateway = await testGateway();
    await gateway.ask(`POST ${path}`, make('base'));
    const text = JSON.stringify(gateway.read(file('base'))).replaceAll('http://127.0.0.1:1/', 'secrets://upstream');
    await gateway.reload();
    gateway.write(file('base'), text);
    await gateway.ask(`POST ${path}?${child('base', 'two')}`, make('two'));
    expect(JSON.stringify(gateway.read(file('base')))).toContain('secrets://upstream');
  });

  it.each([
    ['accessType=external', 2],
    ['accessType=internal', 0],
    ['searchText=V1', 1],
    ['searchText=tw', 1],
    ['searchText=nothing', 0],
  ])('filters the list by %s', async (query, count) => {
    using gateway = await testGateway();
    await gateway.ask(`POST ${path}`, make('base'));
    await gateway.reload();
    await gateway.ask(`POST ${path}?${child('base', 'two')}`, make('two'));
    await gateway.reload();
    const { apis } = (await gateway.ask(`GET ${path}/base/versions?${query}`)).json as { apis: unknown[] | null };
    expect(apis?.length ?? 0).toBe(count);
  });
});

describe('files of APIs', () => {
  it('leaves nothing but the files themselves', async () => {
    using gateway = await testGateway();
    await gateway.ask('POST /tyk/apis', classic('plain'));
    await gateway.ask('POST /tyk/apis/oas', oas('described'));
    expect(readdirSync(`${gateway.folder}/apps`).toSorted()).toEqual(['described-oas.json', 'described.json', 'plain.json']);
    expect(gateway.read('apps/described.json')).toMatchObject({ api_id: 'described', is_oas: true });
  });

  it.each(['', '.', '..', 'a/b', String.raw`a\b`, '../up', 'x-oas', 'x-mcp', 'nul\0'])('an update cannot reach beyond them: %j', async (id) => {
    using gateway = await testGateway();
    gateway.write('apps/odd.json', classic(id || 'odd'));
    await gateway.reload();
    const answer = await gateway.ask(`PUT /tyk/apis/${encodeURIComponent(id)}`, classic(id));
    expect([400, 301, 404, 405]).toContain(answer.status);
    expect(readdirSync(`${gateway.folder}/apps`)).toEqual(['odd.json']);
  });

  it('tells an OAS document that is valid JSON from one that is not', async () => {
    using gateway = await testGateway();
    const cases = [
      ['', 'the payload should contain x-tyk-api-gateway'],
      ['[1]', 'request malformed'],
      ['{"a"', 'request malformed'],
      ['openapi: 3.0.3\nx-tyk-api-gateway: {}', 'the payload should contain x-tyk-api-gateway'],
    ];
    for (const [body, message] of cases) expect(await gateway.ask('POST /tyk/apis/oas', body)).toMatchObject({ status: 400, json: { message } });
  });

  it('refuses every change where a dashboard has the definitions, but for the deletion of Classic ones', async () => {
    using gateway = await testGateway({ conf: { use_db_app_configs: true }, apis: [classic('one')] });
    const message = 'Due to enabled use_db_app_configs, please use the Dashboard API';
    const lines = [
      'POST /tyk/apis',
      'PUT /tyk/apis/one',
      'POST /tyk/apis/oas',
      'POST /tyk/apis/oas/import',
      'PUT /tyk/apis/oas/one',
      'PATCH /tyk/apis/oas/one',
      'DELETE /tyk/apis/oas/one',
    ];
    for (const line of lines) expect(await gateway.ask(line, classic('one'))).toMatchObject({ status: 500, json: { message } });
    expect(await gateway.ask('DELETE /tyk/apis/one')).toMatchObject({ status: 200 });
  });
});

describe('public documents', () => {
  it.each(['/tyk/apis/oas', '/tyk/apis/oas/described', '/tyk/apis/oas/export', '/tyk/apis/oas/described/export'])(
    '%s leaves the extension out',
    async (path) => {
      using gateway = await testGateway();
      await gateway.ask('POST /tyk/apis/oas', oas('described'));
      await gateway.reload();
      expect(JSON.stringify((await gateway.ask(`GET ${path}`)).json)).toContain('x-tyk-api-gateway');
      expect(JSON.stringify((await gateway.ask(`GET ${path}?mode=public`)).json)).not.toContain('x-tyk-api-gateway');
    },
  );
});
