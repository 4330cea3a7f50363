import { describe, expect, it } from 'vitest';
import type { CompiledApi } from '../contract/compiled.ts';
import type { Exchange } from '../contract/exchange.ts';
import { makeExchange, makeSite, makeVersion, type RequestOptions } from '../middleware/testing.ts';
import { candidatesOf } from './candidates.ts';
import { makeEnter } from './version.ts';

type Json = Readonly<Record<string, unknown>>;

function apiOf(classic: Json, config: Json = {}): Pick<CompiledApi, 'id' | 'enter'> & { events: ReturnType<typeof makeSite>['events'] } {
  const data = classic['version_data'] as { readonly versions?: Json };
  const compiled = new Map(Object.keys(data.versions ?? {}).map((key) => [key, makeVersion(key)]));
  const site = makeSite({ classic: { ...classic, version_data: { ...data, versions: { unused: { name: 'unused' }, ...data.versions } } }, config });
  const { definition } = site;
  return { id: site.api.id, enter: makeEnter({ ...site.api, definition, versions: compiled }, site.use.config, site.use), events: site.events };
}

/** Version key chosen, or the refusal. */
function enter(api: ReturnType<typeof apiOf>, line: string, options: RequestOptions = {}): { x: Exchange; got: string } {
  const x = makeExchange(line, { ...options, api: api });
  const outcome = api.enter(x);
  const refused = outcome?.kind === 'refusal' ? `${outcome.error.status} ${outcome.error.text}` : undefined;
  return { x, got: refused ?? `${x.api.id}:${x.version?.key}` };
}

const versions = (...names: string[]): Json => Object.fromEntries(names.map((name) => [name, { name }]));
const classic = (definition: Json, data: Json = {}, more: Json = {}): ReturnType<typeof apiOf> =>
  apiOf({ definition, version_data: { not_versioned: false, versions: versions('v1', 'v2'), ...data }, ...more }, { version_header: 'X-Chosen' });

const header = (value: string): RequestOptions => ({ fields: ['X-Version', value] });
const byHeader = { location: 'header', key: 'X-Version' };
const MISSING = '403 Version information not found';
const UNKNOWN = '403 This API version does not seem to exist';

describe('§3.2 not versioned', () => {
  it.each([
    ['Default', versions('Default'), 'a1:Default'],
    ['an empty key', versions(''), 'a1:'],
    ['one version of any name', versions('v7'), 'a1:v7'],
    ['the default among others', versions('v7', 'default'), 'a1:default'],
    ['none', {}, '403 No default API version for this non-versioned API found'],
    ['others only', versions('v1', 'v2'), '403 No default API version for this non-versioned API found'],
    ['several defaults', versions('Default', 'default'), '403 Ambiguous default API version for this non-versioned API'],
  ])('%s', (_name, all, expected) => {
    expect(enter(apiOf({ version_data: { not_versioned: true, versions: all } }), 'GET /api/x').got).toBe(expected);
  });
});

describe('§3.2 version_data', () => {
  it.each([
    ['header', classic(byHeader), 'GET /api/x', header('v2'), 'a1:v2'],
    ['header missing', classic(byHeader), 'GET /api/x', {}, MISSING],
    ['unknown', classic(byHeader), 'GET /api/x', header('V1'), UNKNOWN],
    ['parameter', classic({ location: 'url-param', key: 'v' }), 'GET /api/x?a=1&v=v1', {}, 'a1:v1'],
    ['parameter empty', classic({ location: 'url-param', key: 'v' }), 'GET /api/x?v=', {}, MISSING],
    ['segment', classic({ location: 'url' }), 'GET /api/v2/x', {}, 'a1:v2'],
    ['segment alone', classic({ location: 'url' }), 'GET /api/v2', {}, 'a1:v2'],
    ['segment unknown', classic({ location: 'url' }), 'GET /api/x', {}, UNKNOWN],
    ['no segment', classic({ location: 'url' }), 'GET /api/', {}, MISSING],
    ['segment behind the slug', classic({ location: 'url' }, {}, { slug: 'shop' }), 'GET /api/shop/v1/x', {}, 'a1:v1'],
    ['default', classic(byHeader, { default_version: 'v1' }), 'GET /api/x', {}, 'a1:v1'],
    ['default does not stand in for an unknown one', classic(byHeader, { default_version: 'v1' }), 'GET /api/x', header('v9'), UNKNOWN],
    ['default that is not there', classic(byHeader, { default_version: 'v9' }), 'GET /api/x', {}, UNKNOWN],
    ['fallback', classic({ ...byHeader, fallback_to_default: true }, { default_version: 'v1' }), 'GET /api/x', header('v9'), 'a1:v1'],
    ['fallback without a default', classic({ ...byHeader, fallback_to_default: true }), 'GET /api/x', header('v9'), UNKNOWN],
    ['unknown location', classic({ location: 'cookie', key: 'v' }, { default_version: 'v1' }), 'GET /api/x', {}, 'a1:v1'],
    ['no versions at all', apiOf({ version_data: {} }), 'GET /api/x', {}, MISSING],
  ] as const)('%s', (_name, api, line, options, expected) => {
    expect(enter(api, line, options as RequestOptions).got).toBe(expected);
  });

  it('names a default version in an answer field', () => {
    expect(enter(classic(byHeader, { default_version: 'v2' }), 'GET /api/x').x.answerFields).toEqual(['X-Chosen', 'v2']);
    expect(enter(classic(byHeader), 'GET /api/x', header('v2')).x.answerFields).toEqual([]);
  });

  it('a refusal fires VersionFailure', () => {
    const api = classic(byHeader);
    enter(api, 'GET /api/x');
    expect(api.events).toEqual([{ name: 'VersionFailure', meta: { path: '/api/x', origin: '127.0.0.1', reason: 'Version information not found' } }]);
  });
});

describe('§3.2 stripping', () => {
  const url = (more: Json = {}, api: Json = {}): ReturnType<typeof apiOf> =>
    classic({ location: 'url', strip_versioning_data: true, ...more }, { default_version: 'v1' }, api);

  it.each([
    ['segment', url(), '/api/v2/x', '/api/x', ['/x', '/v2/x', '/api/v2/x']],
    ['only the first', url(), '/api/v2/v2/x', '/api/v2/x', ['/v2/x', '/v2/v2/x', '/api/v2/v2/x']],
    ['not without a slash behind it', url(), '/api/v2', '/api/v2', ['/v2', '/api/v2']],
    ['strip_path', classic({ location: 'url', strip_path: true }), '/api/v2/x', '/api/x', ['/x', '/v2/x', '/api/v2/x']],
    ['not without the switch', classic({ location: 'url' }), '/api/v2/x', '/api/v2/x', ['/v2/x', '/api/v2/x']],
    ['pattern fits', url({ url_versioning_pattern: '^v[0-9]+$' }), '/api/v2/x', '/api/x', ['/x', '/v2/x', '/api/v2/x']],
    ['pattern keeps', url({ url_versioning_pattern: '^w', fallback_to_default: true }), '/api/v9/x', '/api/v9/x', ['/v9/x', '/api/v9/x']],
    ['fallback takes an unknown segment out', url({ fallback_to_default: true }), '/api/zz/x', '/api/x', ['/x', '/zz/x', '/api/zz/x']],
    ['the slug stays', url({}, { slug: 'shop' }), '/api/shop/v1/x', '/api/shop/x', ['/shop/x', '/shop/v1/x', '/api/shop/v1/x']],
    ['escapes stay as they are', url(), '/api/v1/a%2Fb', '/api/a/b', ['/a/b', '/v1/a/b', '/api/v1/a/b']],
  ])('%s', (_name, api, path, expected, candidates) => {
    const { x } = enter(api, `GET ${path}`);
    expect(x.path).toBe(expected);
    expect(candidatesOf(x)).toEqual(candidates);
  });

  it('the raw path follows', () => {
    expect(enter(url(), 'GET /api/v1/a%2Fb').x.rawPath).toBe('/api/a%2Fb');
  });

  it('header and parameter', () => {
    expect(enter(classic({ ...byHeader, strip_versioning_data: true }), 'GET /api/x', header('v1')).x.field('x-version')).toBeUndefined();
    expect(enter(classic({ location: 'url-param', key: 'v', strip_versioning_data: true }), 'GET /api/x?v=v1&a=1').x.query).toBe('a=1');
  });

  it('a broken pattern is a problem', () => {
    expect(() => url({ url_versioning_pattern: '(' })).toThrow('no regular expression');
  });
});

describe('§3.2 definition versioning', () => {
  const child = { id: 'child', name: 'Child Named', disabled: undefined, enter: (x: Exchange) => void (x.version = makeVersion('c')) };
  const children = { v2: 'child', v3: 'CHILD-named', v4: 'Child Named', gone: 'nosuchapi' };
  const base = (more: Json = {}, api: Json = {}): ReturnType<typeof apiOf> =>
    apiOf({
      definition: { enabled: true, name: 'v1', default: 'self', ...byHeader, versions: children, ...more },
      version_data: { not_versioned: true, versions: versions('Default') },
      ...api,
    });
  const looped = { ...child, name: 'child-named' };
  const ask = (api: ReturnType<typeof apiOf>, line: string, options: RequestOptions = {}): ReturnType<typeof enter> =>
    enter(api, line, { neighbours: [looped], ...options });
  const NOT_FOUND = '404 This API version does not seem to exist';

  it.each([
    ['own name', base(), header('v1'), 'a1:Default'],
    ['self', base(), header('self'), 'a1:Default'],
    ['none', base(), {}, 'a1:Default'],
    ['no default', base({ default: '' }), {}, 'a1:Default'],
    ['child', base(), header('v2'), 'child:c'],
    ['child by its name in loop form', base(), header('v3'), 'child:c'],
    ['child by its plain name', base(), header('v4'), NOT_FOUND],
    ['child that is gone', base(), header('gone'), NOT_FOUND],
    ['unknown', base(), header('v9'), NOT_FOUND],
    ['default child', base({ default: 'v2' }), {}, 'child:c'],
    ['fallback to itself', base({ fallback_to_default: true }), header('v9'), 'a1:Default'],
    ['fallback to a child', base({ fallback_to_default: true, default: 'v2' }), header('v9'), 'child:c'],
    ['fallback that is missing', base({ fallback_to_default: true, default: 'gone' }), header('v9'), '500 Internal Server Error'],
    ['switched off', base({ enabled: false }), header('v2'), 'a1:Default'],
  ] as const)('%s', (_name, api, options, expected) => {
    expect(ask(api, 'GET /api/x', options as RequestOptions).got).toBe(expected);
  });

  it('a child gets the path without the listen path of its base', () => {
    const { x } = ask(base(), 'GET /api/a%20b', header('v2'));
    expect([x.path, x.rawPath, x.listenPrefix, x.versionName]).toEqual(['/a b', '/a%20b', '', 'v2']);
  });

  it('or with it, where the base does not strip', () => {
    const api = base({}, { proxy: { listen_path: '/api/', target_url: 'http://up', strip_listen_path: false } });
    expect(ask(api, 'GET /api/x', header('v2')).x.path).toBe('/api/x');
  });

  it('takes the segment out for itself and for children', () => {
    const api = base({ location: 'url', strip_versioning_data: true });
    expect(ask(api, 'GET /api/v1/x').x.path).toBe('/api/x');
    const { x } = ask(api, 'GET /api/v2/x');
    expect([x.path, candidatesOf(x)]).toEqual(['/x', ['/x']]);
  });

  it('a circle of versions ends', () => {
    const round = base({ default: 'v2', versions: { v2: 'a1' } });
    expect(enter(round, 'GET /api/x', { neighbours: [{ ...(round as Partial<CompiledApi>), id: 'a1' }] }).got).toBe('a1:Default');
  });

  it('a disabled child refuses', () => {
    expect(ask(base(), 'GET /api/x', { ...header('v2'), neighbours: [{ ...child, disabled: 'broken' }] }).got).toMatch(/^503 /);
  });
});

describe('§5 loops', () => {
  it('the same API keeps its version', () => {
    const api = classic({ location: 'url' });
    const { x } = enter(api, 'GET /api/v2/x');
    x.path = '/elsewhere';
    expect([api.enter(x), x.version?.key, x.versionName]).toEqual([undefined, 'v2', 'v2']);
  });

  it('another API chooses anew', () => {
    const { x } = enter(classic(byHeader), 'GET /api/x', header('v2'));
    classic({ location: 'url' }, { default_version: 'v1', versions: versions('v1', 'v2') }, { api_id: 'other' }).enter(x);
    expect([x.version?.key, x.versionName]).toEqual([undefined, '']);
  });
});

describe('CORS.options_passthrough', () => {
  it.each([
    ['with CORS', { enable: true, options_passthrough: true }, 'OPTIONS', []],
    ['other methods', { enable: true, options_passthrough: true }, 'GET', ['step']],
    ['not without CORS', { enable: false, options_passthrough: true }, 'OPTIONS', ['step']],
  ])('%s', (_name, CORS, method, steps) => {
    const site = makeSite({ classic: { CORS } });
    const planned = { id: 'x', name: 'x', skipIgnored: false, step: {} };
    const version = { ...makeVersion('Default'), request: [planned] };
    const x = makeExchange(`${method} /api/x`);
    makeEnter({ ...site.api, definition: site.definition, versions: new Map([['Default', version]]) }, site.use.config)(x);
    expect(x.version?.request.map(() => 'step')).toEqual(steps);
  });
});

it('finds out who is there', () => {
  const api = apiOf({ version_data: { not_versioned: true, versions: versions('Default') } }, { http_server_options: { xff_depth: 1 } });
  expect(enter(api, 'GET /api/x', { clientIp: '', fields: ['X-Forwarded-For', '198.51.100.7, 203.0.113.1'] }).x.clientIp).toBe('203.0.113.1');
});
