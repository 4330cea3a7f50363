import { describe, expect, it } from 'vitest';
import { chainRows, responseRows } from './chain.ts';
import { makeSite, type SiteOptions } from './testing.ts';

const all = [...chainRows, ...responseRows];

describe('the order of the chain', () => {
  it('is that of request-chain.md §3', () => {
    expect(chainRows.map(({ number, id }) => `${number} ${id}`)).toMatchInlineSnapshot(`
      [
        "0 mcp.request.size",
        "1 mcp.router",
        "2 version.access",
        "3 cors",
        "4 plugins.pre",
        "5 request.count",
        "6 ip.access.allow",
        "7 ip.access.block",
        "8 client.certificates",
        "9 organisation.limits",
        "10 request.size",
        "11 context.vars",
        "12 track.endpoint",
        "13 resource.metadata",
        "14 auth.oauth",
        "14 auth.oauth.external",
        "14 auth.basic",
        "14 auth.hmac",
        "14 auth.jwt",
        "14 auth.openid",
        "14 auth.plugin",
        "14 auth.token.certificate",
        "14 auth.token.signature",
        "14 auth.token",
        "15 plugins.post.auth",
        "16 auth.token.strip",
        "17 key.expired",
        "18 access.rights",
        "19 granular.access",
        "20 rate.limit",
        "20 quota",
        "21 mcp.access",
        "22 oauth.scopes",
        "23 api.rate.limit",
        "24 graphql",
        "25 streams",
        "26 graphql.limits",
        "27 upstream.auth",
        "28 validate.json",
        "29 validate.request",
        "30 persist.graphql",
        "31 request.body",
        "32 request.body.jq",
        "33 request.headers",
        "34 url.rewrite",
        "35 method.transform",
        "36 mock.response",
        "37 cache.read",
        "38 virtual.endpoint",
        "39 upstream.signing",
        "40 plugins.endpoint",
        "41 plugins.post",
        "42 mcp.continue",
        "43 enforce.timeout",
        "43 circuit.breaker",
        "43 discovery",
        "43 upstream.certificates",
        "43 certificate.pinning",
        "43 proxy",
      ]
    `);
  });

  it('of answers is that of §4', () => {
    expect(responseRows.map(({ number, id }) => `${number} ${id}`)).toMatchInlineSnapshot(`
      [
        "0 mcp.list.filter",
        "1 response.body",
        "2 response.headers",
        "3 response.processors",
        "4 plugins.response",
        "5 error.overrides",
        "6 cache.write",
        "7 version.expires",
      ]
    `);
  });

  it('has a row for each number from 0 to 43', () => {
    expect([...new Set(chainRows.map(({ number }) => number))]).toEqual(Array.from({ length: 44 }, (_, number) => number));
  });
});

describe('a row', () => {
  it.each(all.map((row) => [row.id, row] as const))('%s has a reason, and an id of its own', (id, row) => {
    expect(row.why).toMatch(/^.{10,}\.$/);
    expect(all.filter((other) => other.id === id)).toHaveLength(1);
    if (row.use !== undefined) expect(row.use.id).toBe(id);
  });
});

describe('a definition that uses a later feature', () => {
  const entry = { path: '/x', method: 'GET' };
  const lists = (name: string, value: unknown = entry): SiteOptions => ({ version: { extended_paths: { [name]: [value] } } });
  const at = (name: string): string => `/version_data/versions/Default/extended_paths/${name}/0`;
  const hook = { name: 'h', path: 'h.js' };

  it.each([
    ['mcp.router', { classic: { application_protocol: 'mcp' } }, '/application_protocol'],
    ['plugins.pre', { classic: { custom_middleware: { pre: [{ ...hook, disabled: true }, hook] } } }, '/custom_middleware/pre/1'],
    ['plugins.pre', { classic: { custom_middleware_bundle: 'b.zip' } }, '/custom_middleware_bundle'],
    ['client.certificates', { classic: { use_mutual_tls_auth: true } }, '/use_mutual_tls_auth'],
    ['auth.oauth', { classic: { use_oauth2: true } }, '/use_oauth2'],
    ['auth.oauth.external', { classic: { external_oauth: { enabled: true } } }, '/external_oauth/enabled'],
    ['auth.basic', { classic: { use_basic_auth: true } }, '/use_basic_auth'],
    ['auth.hmac', { classic: { enable_signature_checking: true } }, '/enable_signature_checking'],
    ['auth.jwt', { classic: { enable_jwt: true } }, '/enable_jwt'],
    ['auth.openid', { classic: { use_openid: true } }, '/use_openid'],
    ['auth.plugin', { classic: { custom_plugin_auth_enabled: true } }, '/custom_plugin_auth_enabled'],
    ['auth.token.certificate', { classic: { auth_configs: { authToken: { use_certificate: true } } } }, '/auth_configs/authToken/use_certificate'],
    ['auth.token.signature', { classic: { use_standard_auth: true, auth: { validate_signature: true } } }, '/auth_configs/authToken/validate_signature'],
    ['plugins.post.auth', { classic: { custom_middleware: { post_key_auth: [hook] } } }, '/custom_middleware/post_key_auth/0'],
    ['graphql', { classic: { graphql: { enabled: true } } }, '/graphql/enabled'],
    ['streams', { oas: { 'x-tyk-streaming': {} } }, '/x-tyk-streaming'],
    ['upstream.auth', { classic: { upstream_auth: { enabled: true } } }, '/upstream_auth/enabled'],
    ['validate.json', lists('validate_json'), at('validate_json')],
    ['validate.request', lists('validate_request', { ...entry, enabled: true }), at('validate_request')],
    ['persist.graphql', lists('persist_graphql'), at('persist_graphql')],
    ['request.body', lists('transform'), at('transform')],
    ['request.body.jq', lists('transform_jq'), at('transform_jq')],
    ['cache.read', { classic: { cache_options: { enable_cache: true } } }, '/cache_options/enable_cache'],
    ['virtual.endpoint', lists('virtual'), at('virtual')],
    ['upstream.signing', { classic: { request_signing: { is_enabled: true } } }, '/request_signing/is_enabled'],
    ['plugins.endpoint', lists('go_plugin'), at('go_plugin')],
    ['plugins.post', { classic: { custom_middleware: { post: [hook] } } }, '/custom_middleware/post/0'],
    ['circuit.breaker', lists('circuit_breakers'), at('circuit_breakers')],
    ['discovery', { classic: { proxy: { service_discovery: { use_discovery_service: true } } } }, '/proxy/service_discovery'],
    ['upstream.certificates', { classic: { upstream_certificates: { '*': 'id' } } }, '/upstream_certificates'],
    ['certificate.pinning', { classic: { pinned_public_keys: { '*': 'id' } } }, '/pinned_public_keys'],
    ['response.body', lists('transform_response'), at('transform_response')],
    [
      'response.processors',
      {
        classic: {
          response_processors: [
            { name: 'header_injector', options: {} },
            { name: 'header_transform', options: {} },
          ],
        },
      },
      '/response_processors/1/name',
    ],
    ['plugins.response', { classic: { custom_middleware: { response: [hook] } } }, '/custom_middleware/response/0'],
    ['error.overrides', { classic: { error_overrides: { '404': [] } } }, '/error_overrides'],
  ] as const)('%s: its place is named', (id, options, path) => {
    const { definition, oas } = makeSite(options);
    expect(all.filter((row) => row.later?.uses(definition, oas) !== undefined).map((row) => row.id)).toEqual([id]);
    expect(all.find((row) => row.id === id)?.later?.uses(definition, oas)).toBe(path);
  });

  it('every later row is covered above', () => {
    expect(all.filter((row) => row.later !== undefined)).toHaveLength(34);
  });

  it.each([
    ['a plain API', {}],
    ['methods of a keyless API', { classic: { use_keyless: true, use_jwt: true, enable_jwt: true, use_basic_auth: true } }],
    ['disabled entries', { version: { extended_paths: { virtual: [{ ...entry, disabled: true }], validate_request: [{ ...entry, enabled: false }] } } }],
    ['extended paths off', { version: { use_extended_paths: false, extended_paths: { virtual: [entry] } } }],
    [
      'switched-off sections',
      {
        classic: {
          upstream_certificates: { a: 'b' },
          upstream_certificates_disabled: true,
          custom_middleware_bundle: 'b',
          custom_middleware_bundle_disabled: true,
        },
      },
    ],
  ])('not: %s', (_name, options) => {
    const { definition } = makeSite(options);
    expect(all.filter((row) => row.later?.uses(definition) !== undefined).map((row) => row.id)).toEqual([]);
  });

  it('fails closed for single endpoints where these ask for it', () => {
    const closed = all.filter((row) => row.later?.effect === 'endpoint').map((row) => row.id);
    expect(closed).toEqual(['validate.json', 'validate.request', 'persist.graphql', 'request.body', 'virtual.endpoint', 'plugins.endpoint', 'response.body']);
  });

  it('nothing that guards an API is served without it', () => {
    const open = all.filter((row) => row.later?.effect === 'degrade').map((row) => row.id);
    expect(open).toEqual(['request.body.jq', 'cache.read', 'circuit.breaker', 'response.processors', 'error.overrides']);
  });
});
