import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CheckedFile, Checker } from './check.ts';
import { findDocuments } from './find-files.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-check-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const checker = new Checker();

function check(document: unknown, name = 'document.json'): CheckedFile {
  const path = join(folder, name);
  writeFileSync(path, typeof document === 'string' ? document : JSON.stringify(document));
  return checker.checkFile(path);
}

const version = { not_versioned: true, versions: { Default: { name: 'Default', use_extended_paths: true } } };
const classic = {
  name: 'orders',
  api_id: 'orders',
  use_keyless: true,
  proxy: { listen_path: '/orders/', target_url: 'http://orders.internal/', strip_listen_path: true },
  version_data: version,
};
const oas = {
  openapi: '3.0.3',
  info: { title: 'orders', version: '1' },
  paths: {},
  'x-tyk-api-gateway': {
    info: { id: 'orders', name: 'orders', state: { active: true } },
    upstream: { url: 'http://orders.internal/' },
    server: { listenPath: { value: '/orders/', strip: true } },
  },
};

describe('what a file is, by its content', () => {
  it.each<[CheckedFile['kind'], unknown, string?]>([
    ['classic', classic],
    ['oas', oas],
    ['oas', { openapi: '3.0.3', info: {}, paths: {} }],
    ['streams', { ...oas, 'x-tyk-streaming': { streams: {} } }],
    ['policy', { id: 'gold', name: 'gold', rate: 10, per: 1, quota_max: -1, access_rights: {} }],
    ['policies', { gold: { name: 'gold', rate: 10, per: 1, access_rights: {} }, silver: { name: 'silver', rate: 1, access_rights: {} } }],
    ['key', { org_id: 'o', rate: 10, per: 1, quota_max: -1, access_rights: {}, apply_policies: ['gold'] }],
    ['configuration', { listen_port: 8080, secret: 's', app_path: 'apps', storage: { type: 'redis' } }],
    ['configuration', 'listen_port: 8080\nsecret: s\napp_path: apps\n', 'tyk.yaml'],
    ['unknown', { name: 'my-package', version: '1.0.0', dependencies: {}, scripts: {} }],
    ['unknown', []],
    ['unknown', 'null'],
  ])('%s', (kind, document, name) => {
    expect(check(document, name).kind).toBe(kind);
  });
});

describe('what becomes of it', () => {
  it('a definition that works names its steps', () => {
    expect(check({ ...classic, use_keyless: false, use_standard_auth: true, auth: { auth_header_name: 'X-Key' } })).toMatchObject({
      name: 'orders',
      verdict: 'ok',
      features: expect.arrayContaining(['auth.token', 'rate.limit', 'quota']) as string[],
    });
    expect(check(oas)).toMatchObject({ kind: 'oas', verdict: 'ok', problems: [], unsupported: [], warnings: [] });
  });

  it('an unknown key is named with the nearest one', () => {
    const { verdict, warnings } = check({ ...classic, activ: true });
    expect(verdict).toBe('differs');
    expect(warnings).toMatchObject([{ code: 'definition.unknown_key', path: '/activ' }]);
    expect(warnings[0]?.hint).toContain('active');
  });

  it.each([
    ['a wrong kind', { ...classic, proxy: { ...classic.proxy, listen_path: 5 } }, '/proxy/listen_path'],
    ['no listen path', { ...classic, proxy: { ...classic.proxy, listen_path: '' } }, '/proxy/listen_path'],
    [
      'an OAS value of a wrong kind',
      { ...oas, 'x-tyk-api-gateway': { ...oas['x-tyk-api-gateway'], server: { listenPath: { value: '/a/', strip: 'yes' } } } },
      '/x-tyk-api-gateway/server/listenPath/strip',
    ],
    ['a setting that nobody knows', { listen_port: 8080, secret: 's', app_path: 'apps', listen_prt: 1 }, '/listen_prt'],
  ])('wrong: %s', (_, document, place) => {
    const { verdict, problems } = check(document);
    expect(verdict).toBe('wrong');
    expect(problems.map((p) => p.path)).toContain(place);
    expect(problems.every((p) => p.hint !== '')).toBe(true);
  });

  it('what comes later is told apart from what is wrong', () => {
    expect(check({ ...classic, use_keyless: false, enable_jwt: true })).toMatchObject({
      verdict: 'unsupported',
      problems: [],
      unsupported: [{ code: 'definition.unsupported', path: '/enable_jwt' }],
    });
    expect(check({ ...classic, cache_options: { enable_cache: true } })).toMatchObject({
      verdict: 'differs',
      unsupported: [{ path: '/cache_options/enable_cache' }],
    });
    const virtual = [{ path: '/v', method: 'GET', response_function_name: 'f' }];
    const versions = { Default: { name: 'Default', use_extended_paths: true, extended_paths: { virtual } } };
    expect(check({ ...classic, version_data: { not_versioned: true, versions } })).toMatchObject({
      verdict: 'differs',
      features: [],
      unsupported: [{ path: '/version_data/versions/Default/extended_paths/virtual/0' }],
    });
    expect(check({ ...oas, 'x-tyk-streaming': { streams: {} } })).toMatchObject({ verdict: 'unsupported', unsupported: [{ path: '/x-tyk-streaming' }] });
  });

  it('broken JSON and missing files are told with their reason', () => {
    expect(check('{"a": ')).toMatchObject({ verdict: 'wrong', problems: [{ code: 'file.unreadable' }] });
    expect(checker.checkFile(join(folder, 'missing.json'))).toMatchObject({ verdict: 'wrong', problems: [{ code: 'file.unreadable' }] });
  });
});

describe('documents below a folder', () => {
  it('are found in order, without what is hidden or no document', () => {
    const root = join(folder, 'tree');
    for (const name of ['b', '.git', 'node_modules']) mkdirSync(join(root, name), { recursive: true });
    for (const name of ['a.json', 'b/c.conf', 'b/d.yaml', 'b/readme.md', '.git/x.json', 'node_modules/y.json']) writeFileSync(join(root, name), '{}');
    expect(findDocuments(root)).toEqual(['a.json', 'b/c.conf', 'b/d.yaml'].map((name) => join(root, name)));
    expect(findDocuments(join(root, 'b/readme.md'))).toEqual([join(root, 'b/readme.md')]);
    expect(() => findDocuments(join(root, 'nothing'))).toThrow('ENOENT');
  });
});
