import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../config/index.ts';
import { type Explanation, explainRequest } from './explain.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-explain-'));
  for (const api of APIS) writeFileSync(join(folder, `${api.api_id}.json`), JSON.stringify(api));
  writeFileSync(join(folder, 'broken.json'), '{');
});
afterAll(() => rmSync(folder, { recursive: true }));

const withPaths = (extended_paths: object): object => ({
  not_versioned: true,
  versions: { Default: { name: 'Default', use_extended_paths: true, extended_paths } },
});

const APIS = [
  {
    api_id: 'orders',
    name: 'Orders',
    use_standard_auth: true,
    auth: { auth_header_name: 'X-Key' },
    proxy: { listen_path: '/orders/', target_url: 'http://orders.internal:8000/v2/', strip_listen_path: true },
    version_data: withPaths({
      black_list: [{ path: '/secret', method: 'GET' }],
      white_list: [],
      ignored: [{ path: '/open', method: 'GET' }],
      url_rewrites: [{ path: '/old', method: 'GET', match_pattern: '/old', rewrite_to: '/new?from=old' }],
      validate_json: [{ path: '/checked', method: 'POST', schema: {}, error_response_code: 422 }],
      method_transforms: [{ path: '/turn', method: 'GET', to_method: 'POST' }],
    }),
    cache_options: { enable_cache: true },
  },
  { api_id: 'jwt', name: 'Later', enable_jwt: true, proxy: { listen_path: '/jwt/', target_url: 'http://a/' }, version_data: withPaths({}) },
  {
    api_id: 'port',
    name: 'Port',
    use_keyless: true,
    listen_port: 9999,
    proxy: { listen_path: '/port/', target_url: 'http://a/' },
    version_data: withPaths({}),
  },
  {
    api_id: 'versions',
    name: 'Versions',
    use_keyless: true,
    definition: { location: 'header', key: 'v' },
    proxy: { listen_path: '/versions/', target_url: 'http://a/' },
    version_data: { not_versioned: false, versions: { v1: { name: 'v1' } } },
  },
];

function explain(method: string, url: string): Explanation {
  const { config } = loadConfig({ defaults: 'zero' });
  return explainRequest({ config: { ...config, listen_port: 8080, app_path: folder }, method, url, env: {} });
}

const rowOf = (found: Explanation, id: string): object | undefined => found.chain?.request.find((row) => row.id === id);

describe('explaining a request', () => {
  it('shows API, matched path, version and upstream', () => {
    const found = explain('GET', '/orders/7/lines?page=2');
    expect(found.api).toMatchObject({ id: 'orders', name: 'Orders', format: 'classic', listenPath: '/orders/', matched: '/orders/' });
    expect(found.chain).toMatchObject({ version: 'Default', answer: '', upstream: ['GET http://orders.internal:8000/v2/7/lines?page=2'] });
  });

  it('has every row of the chain, with the reason why it is left out', () => {
    const found = explain('GET', '/orders/7');
    expect(rowOf(found, 'auth.token')).toMatchObject({ state: 'runs', note: '' });
    expect(rowOf(found, 'cors')).toMatchObject({ state: 'off', note: 'not configured' });
    expect(rowOf(found, 'cache.read')).toMatchObject({ state: 'unsupported', note: 'not supported yet: /cache_options/enable_cache' });
    expect(rowOf(found, 'proxy')).toMatchObject({ state: 'elsewhere' });
  });

  it.each([
    ['a blocked path', '/orders/secret', { answer: '403 Requested endpoint is forbidden', upstream: [] }],
    ['a rewritten path', '/orders/old', { answer: '', upstream: ['GET http://orders.internal:8000/v2/new?from=old'] }],
    ['another method', '/orders/turn', { answer: '', upstream: ['POST http://orders.internal:8000/v2/turn'] }],
    ['a version that nobody asked for', '/versions/a', { answer: '403 Version information not found' }],
    ['an API that cannot be served yet', '/jwt/a', { answer: '503 JWTMiddleware is not supported yet' }],
  ])('%s', (_, url, want) => {
    expect(explain('GET', url).chain).toMatchObject(want);
  });

  it('an endpoint that needs what comes later answers 503, the others are served', () => {
    expect(explain('POST', '/orders/checked').chain?.answer).toMatch(/^503 /);
    expect(rowOf(explain('POST', '/orders/checked'), 'validate.json')).toMatchObject({
      state: 'unsupported',
      note: expect.stringContaining('answers 503') as string,
    });
    expect(explain('POST', '/orders/other').chain?.answer).toBe('');
    expect(rowOf(explain('POST', '/orders/other'), 'validate.json')).toMatchObject({
      state: 'unsupported',
      note: expect.stringContaining('/validate_json/0') as string,
    });
  });

  it('steps behind a refusal are not reached, those that an ignored endpoint leaves out neither', () => {
    expect(rowOf(explain('GET', '/orders/secret'), 'auth.token')).toMatchObject({ state: 'skipped' });
    expect(rowOf(explain('GET', '/orders/open'), 'auth.token')).toMatchObject({ state: 'skipped' });
    expect(rowOf(explain('GET', '/orders/open'), 'version.access')).toMatchObject({
      state: 'runs',
      note: 'the endpoint is ignored: authentication and limits are left out',
    });
  });

  it.each([
    ['/nothing/here', '404: no listen path on port 8080 begins /nothing/here; there are /jwt/, /orders/, /port/, /versions/'],
    ['http://localhost:9999/port/', 'no API answers on port 9999: 8080 (http) has 3'],
    ['nonsense', 'the URL is no absolute URL and no path: write http://host:port/path, or /path'],
  ])('says why no API takes %s', (url, reason) => {
    expect(explain('GET', url)).toMatchObject({ api: undefined, chain: undefined, reason });
  });

  it('names broken files, and where an API is missing its problems', () => {
    expect(explain('GET', '/orders/').problems.map((p) => p.code)).toEqual(['file.unreadable']);
    expect(explain('GET', 'http://localhost:9999/port/').problems.map((p) => p.message)).toContain('API port: port 9999 is not on ports_whitelist.http');
  });
});
