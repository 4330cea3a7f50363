import { describe, expect, it } from 'vitest';
import { mockEndpoints, operationsOf, validatedEndpoints } from './index.ts';
import type { JsonObject } from './json.ts';
import { convert, documentWith, type Parts, type Row } from './test/convert.ts';

describe('§5 middleware.global', () => {
  const global = (block: JsonObject): Parts => ({ middleware: { global: block } });
  const version = (fields: JsonObject): JsonObject => ({ version_data: { not_versioned: true, versions: { '': fields } } });
  const plugin = { enabled: true, functionName: 'f', path: 'p', rawBodyOnly: true };
  const rows: readonly Row[] = [
    [
      'pluginConfig',
      global({ pluginConfig: { driver: 'grpc', bundle: { enabled: true, path: 'b' }, data: { enabled: true, value: { a: 1 } } } }),
      {
        custom_middleware: { driver: 'grpc' },
        custom_middleware_bundle: 'b',
        custom_middleware_bundle_disabled: false,
        config_data: { a: 1 },
        config_data_disabled: false,
      },
    ],
    [
      'plugins',
      global({ prePlugins: [plugin], postAuthenticationPlugins: [plugin], postPlugins: [plugin], responsePlugins: [{ ...plugin, enabled: false }] }),
      {
        custom_middleware: {
          pre: [{ disabled: false, name: 'f', path: 'p', raw_body_only: true }],
          post_key_auth: [{ name: 'f' }],
          post: [{ name: 'f' }],
          response: [{ disabled: true, name: 'f' }],
        },
      },
    ],
    ['plugins in the older form', global({ prePlugin: { plugins: [plugin] } }), { custom_middleware: { pre: [{ name: 'f' }] } }],
    [
      'cors',
      global({ cors: { enabled: true, allowedOrigins: ['o'], allowedMethods: ['GET'], maxAge: 5, allowCredentials: true, optionsPassthrough: true } }),
      {
        CORS: {
          enable: true,
          allowed_origins: ['o'],
          allowed_methods: ['GET'],
          allowed_headers: null,
          max_age: 5,
          allow_credentials: true,
          options_passthrough: true,
        },
      },
    ],
    [
      'cache',
      global({
        cache: { enabled: true, timeout: 5, cacheAllSafeRequests: true, cacheResponseCodes: [200], cacheByHeaders: ['X'], enableUpstreamCacheControl: true },
      }),
      {
        cache_options: {
          enable_cache: true,
          cache_timeout: 5,
          cache_all_safe_requests: true,
          cache_response_codes: [200],
          cache_by_headers: ['X'],
          enable_upstream_cache_control: true,
        },
      },
    ],
    [
      'headers',
      global({
        transformRequestHeaders: { enabled: true, add: [{ name: 'A', value: 'b' }], remove: ['C'] },
        transformResponseHeaders: { enabled: false, add: [{ name: 'D', value: 'e' }] },
      }),
      version({
        global_headers: { A: 'b' },
        global_headers_remove: ['C'],
        global_headers_disabled: false,
        global_response_headers: { D: 'e' },
        global_response_headers_disabled: true,
      }),
    ],
    ['contextVariables', global({ contextVariables: { enabled: true } }), { enable_context_vars: true }],
    ['traffic logs are off unless they are on', {}, { do_not_track: true }],
    [
      'trafficLogs',
      global({
        trafficLogs: { enabled: true, tagHeaders: ['T'], customRetentionPeriod: '1h', plugins: [{ enabled: true, functionName: 'f', path: 'p' }] },
      }),
      { do_not_track: false, tag_headers: ['T'], expire_analytics_after: 3600, analytics_plugin: { enable: true, plugin_path: 'p', func_name: 'f' } },
    ],
    ['requestSizeLimit', global({ requestSizeLimit: { enabled: true, value: 9 } }), version({ global_size_limit: 9, global_size_limit_disabled: false })],
    ['ignoreCase', global({ ignoreCase: { enabled: true } }), version({ ignore_endpoint_case: true })],
    [
      'skips',
      global({ skipRateLimit: true, skipQuota: true, skipQuotaReset: true }),
      { disable_rate_limit: true, disable_quota: true, dont_set_quota_on_create: true },
    ],
  ];
  it.each(rows)('%s', (_name, parts, classic) => expect(convert(parts)).toMatchObject(classic));
});

/** A document with the operation `get /p/{id}` and these settings of it. */
function operation(settings: JsonObject): Parts {
  const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
  const get = { operationId: 'op', parameters, responses: { 200: { description: 'ok' } } };
  return { document: { paths: { '/p/{id}': { get } } }, middleware: { operations: { op: settings, ghost: { allow: { enabled: true } } } } };
}

function extendedPaths(parts: Parts): JsonObject {
  const versions = (convert(parts)['version_data'] as JsonObject)['versions'] as JsonObject;
  return (versions[''] as JsonObject)['extended_paths'] as JsonObject;
}

describe('§6 middleware.operations', () => {
  const place = { disabled: false, path: '/p/{id}', method: 'GET' };
  const rows: readonly (readonly [name: string, settings: JsonObject, list: string, entry: JsonObject])[] = [
    ['allow', { ignoreCase: true }, 'white_list', { ignore_case: true }],
    ['block', {}, 'black_list', { ignore_case: false }],
    ['ignoreAuthentication', {}, 'ignored', { ignore_case: false }],
    ['internal', {}, 'internal', {}],
    ['transformRequestMethod', { toMethod: 'PUT' }, 'method_transforms', { to_method: 'PUT' }],
    [
      'transformRequestBody',
      { format: 'xml', path: 'p' },
      'transform',
      { template_data: { input_type: 'xml', template_mode: 'file', template_source: 'p', enable_session: true } },
    ],
    [
      'transformResponseBody',
      { format: 'json', path: 'p', body: 'Yg==' },
      'transform_response',
      { template_data: { input_type: 'json', template_mode: 'blob', template_source: 'Yg==', enable_session: true } },
    ],
    ['transformRequestHeaders', { remove: ['A'], add: [{ name: 'B', value: 'c' }] }, 'transform_headers', { delete_headers: ['A'], add_headers: { B: 'c' } }],
    ['transformResponseHeaders', { remove: ['A'] }, 'transform_response_headers', { delete_headers: ['A'], add_headers: {} }],
    [
      'cache',
      { timeout: 5, cacheResponseCodes: [200], cacheByRegex: 'r' },
      'advance_cache_config',
      { timeout: 5, cache_response_codes: [200], cache_key_regex: 'r' },
    ],
    ['enforceTimeout', { value: 3 }, 'hard_timeouts', { timeout: 3 }],
    ['enforceTimeout', { duration: '200ms' }, 'hard_timeouts', { timeout: 0, duration: '200ms' }],
    [
      'virtualEndpoint',
      { functionName: 'f', path: 'p', proxyOnError: true, requireSession: true },
      'virtual',
      { response_function_name: 'f', function_source_type: 'file', function_source_uri: 'p', proxy_on_error: true, use_session: true },
    ],
    [
      'virtualEndpoint',
      { functionName: 'f', body: 'Yg==' },
      'virtual',
      { response_function_name: 'f', function_source_type: 'blob', function_source_uri: 'Yg==', proxy_on_error: false, use_session: false },
    ],
    [
      'circuitBreaker',
      { threshold: 0.5, sampleSize: 4, coolDownPeriod: 5, halfOpenStateEnabled: true },
      'circuit_breakers',
      { threshold_percent: 0.5, samples: 4, return_to_service_after: 5, disable_half_open_state: false },
    ],
    ['trackEndpoint', {}, 'track_endpoints', {}],
    ['doNotTrackEndpoint', {}, 'do_not_track_endpoints', {}],
    ['requestSizeLimit', { value: 7 }, 'size_limits', { size_limit: 7 }],
    ['rateLimit', { rate: 2, per: '1m' }, 'rate_limit', { rate: 2, per: 60 }],
  ];

  it.each(rows)('%s %j', (key, settings, list, entry) => {
    expect(extendedPaths(operation({ [key]: { enabled: true, ...settings } }))).toEqual({ [list]: [{ ...place, ...entry }] });
  });

  it('what is off is there as disabled', () => {
    expect(extendedPaths(operation({ allow: { enabled: false } }))).toEqual({ white_list: [{ ...place, disabled: true, ignore_case: false }] });
  });

  it('validateRequest and the first of postPlugins', () => {
    const postPlugins = [
      { enabled: true, functionName: 'f', path: 'p' },
      { enabled: true, functionName: 'g', path: 'q' },
    ];
    expect(extendedPaths(operation({ validateRequest: { enabled: true, errorResponseCode: 400 }, postPlugins }))).toEqual({
      validate_request: [{ enabled: true, path: '/p/{id}', method: 'GET', error_response_code: 400 }],
      go_plugin: [{ ...place, plugin_path: 'p', func_name: 'f' }],
    });
  });

  it('urlRewrite: of two rules for one name the last counts, the body has one', () => {
    const rules = [
      { in: 'query', name: 'a', pattern: '1' },
      { in: 'query', name: 'a', pattern: '2', negate: true },
      { in: 'requestBody', pattern: 'b' },
      { in: 'sessionMetadata', name: 's', pattern: '3' },
    ];
    const urlRewrite = { enabled: true, pattern: 'x', rewriteTo: 'y', triggers: [{ condition: 'any', rewriteTo: 'z', rules }] };
    const options = {
      query_val_matches: { a: { match_rx: '2', reverse: true } },
      payload_matches: { match_rx: 'b', reverse: false },
      session_meta_matches: { s: { match_rx: '3', reverse: false } },
    };
    expect(extendedPaths(operation({ urlRewrite }))).toEqual({
      url_rewrites: [{ ...place, match_pattern: 'x', rewrite_to: 'y', triggers: [{ on: 'any', options, rewrite_to: 'z' }] }],
    });
  });

  it('mock answers and validated requests are read from the document, with their settings', () => {
    const document = documentWith(operation({ mockResponse: { enabled: true, code: 418 }, validateRequest: { enabled: false } }));
    expect(mockEndpoints(document)).toMatchObject([{ path: '/p/{id}', method: 'GET', operationId: 'op', settings: { code: 418 } }]);
    expect(validatedEndpoints(document)).toEqual([]);
    expect(extendedPaths(operation({ mockResponse: { enabled: true, code: 418 } }))).toEqual({});
  });

  it('paths are ordered: deeper first, longer first, by the alphabet, parameters not counted', () => {
    const get = { responses: { 200: { description: 'ok' } } };
    const paths = ['/users/{id}', '/a', '/users/me', '/b', '/users/{id}/posts', '/x/{verylongparametername}', '/x/'];
    const document = { paths: Object.fromEntries(paths.map((path) => [path, { get }])) };
    expect(operationsOf(document).map(({ path }) => path)).toEqual([
      '/users/{id}/posts',
      '/users/me',
      '/users/{id}',
      '/x/',
      '/x/{verylongparametername}',
      '/a',
      '/b',
    ]);
  });
});
