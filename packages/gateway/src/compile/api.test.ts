import { describe, expect, it } from 'vitest';
import type { CompiledVersion } from '../contract/compiled.ts';
import type { Exchange } from '../contract/exchange.ts';
import { makeExchange, makeSite, type SiteOptions } from '../middleware/testing.ts';
import { walkRequest } from '../request/walk.ts';
import { compileApi, type CompileResult } from './api.ts';

function compile(options: SiteOptions): CompileResult {
  const { definition, oas, use } = makeSite(options);
  return compileApi({ definition, oas, listenPath: '/api/', incarnation: 1 }, use);
}

const versionOf = ({ api }: CompileResult): CompiledVersion => {
  const [version] = api?.versions.values() ?? [];
  if (version === undefined) throw new Error('nothing was compiled');
  return version;
};

/** Status, text and source of the refusal, or `pass`. */
async function ask(result: CompileResult, x: Exchange): Promise<string> {
  const outcome = await walkRequest(x, versionOf(result).request, () => {});
  if (outcome === undefined) return 'pass';
  return outcome.kind === 'reply' ? `${outcome.status} reply` : `${outcome.error.status} ${outcome.error.text} (${outcome.source})`;
}

const REFUSED = '503 This endpoint is disabled because it uses a feature that is not supported yet';
const LISTS = [
  ['validate_json', 'ValidateJSON'],
  ['validate_request', 'ValidateRequest'],
  ['persist_graphql', 'PersistGraphQLOperationMiddleware'],
  ['transform', 'TransformMiddleware'],
  ['virtual', 'VirtualEndpoint'],
  ['go_plugin', 'GoPluginMiddleware'],
  ['transform_response', 'ResponseTransformMiddleware'],
] as const;

const keyless = { use_keyless: true };
const exact = { http_server_options: { enable_path_prefix_matching: true, enable_path_suffix_matching: true } };
const withLists = (extended_paths: object, version: object = {}): SiteOptions => ({ classic: keyless, version: { extended_paths, ...version }, config: exact });

describe('an endpoint that asks for a feature which is not there yet', () => {
  it.each(LISTS)('%s: it is refused, all others are served', async (list, name) => {
    const result = compile(withLists({ [list]: [{ path: '/item/{id}', method: 'POST', enabled: true }] }));
    const hint = 'the endpoints that use it answer 503, all others are served';
    expect(result).toMatchObject({ status: 'degraded', api: { disabled: undefined } });
    expect(result.problems).toEqual([
      { code: 'definition.unsupported', path: `/version_data/versions/Default/extended_paths/${list}/0`, message: `${name} is not supported yet`, hint },
    ]);
    expect(await ask(result, makeExchange('POST /api/item/7'))).toBe(`${REFUSED} (${name})`);
    expect(await ask(result, makeExchange('GET /api/item/7'))).toBe('pass');
    expect(await ask(result, makeExchange('POST /api/other'))).toBe('pass');
  });

  it('an ignored one is refused as well', async () => {
    const entry = { path: '/a', method: 'GET' };
    const result = compile(withLists({ ignored: [entry], transform_response: [entry] }));
    expect(await ask(result, makeExchange('GET /api/a'))).toBe(`${REFUSED} (ResponseTransformMiddleware)`);
  });

  it.each([
    ['without a method, every method', { path: '/a' }, {}, 'DELETE /api/a', true],
    ['case', { path: '/a', method: 'GET' }, {}, 'GET /api/A', false],
    ['case ignored by the version', { path: '/a', method: 'GET' }, { ignore_endpoint_case: true }, 'GET /api/A', true],
    ['full path', { path: '/api/a', method: 'GET' }, {}, 'GET /api/a', true],
    ['disabled', { path: '/a', method: 'GET', disabled: true }, {}, 'GET /api/a', false],
    ['extended paths off', { path: '/a', method: 'GET' }, { use_extended_paths: false }, 'GET /api/a', false],
  ] as const)('%s', async (_name, entry, version, line, refused) => {
    expect(await ask(compile(withLists({ virtual: [entry] }, version)), makeExchange(line))).toBe(refused ? `${REFUSED} (VirtualEndpoint)` : 'pass');
  });

  it('stands at the place of its row: after authentication', async () => {
    const { classic: _keyless, ...keyed } = withLists({ virtual: [{ path: '/a', method: 'GET' }] });
    expect(await ask(compile({ ...keyed, classic: { use_standard_auth: true } }), makeExchange('GET /api/a'))).toMatch(/^401 .*\(AuthKey\)$/);
    const { identify, request } = versionOf(compile(keyed));
    expect(request.map((step) => step.id)).toContain('virtual.endpoint');
    expect(identify.map((step) => step.id)).not.toContain('virtual.endpoint');
  });

  it('of an answer: before a mock could give one', async () => {
    const oas = {
      paths: { '/m': { get: { operationId: 'm' } } },
      'x-tyk-api-gateway': {
        middleware: {
          operations: { m: { mockResponse: { enabled: true, code: 200, body: 'x' }, transformResponseBody: { enabled: true, format: 'json', body: 'e30=' } } },
        },
      },
    };
    const result = compile({ oas });
    expect(versionOf(result).request.map((step) => step.id)).toEqual(['response.body', 'mock.response']);
    expect(await ask(result, makeExchange('GET /api/m'))).toBe(`${REFUSED} (ResponseTransformMiddleware)`);
  });

  it('with a pattern that does not compile: the whole API is disabled', () => {
    const result = compile(withLists({ virtual: [{ path: '/a(', method: 'GET' }] }));
    expect(result.status).toBe('disabled');
    expect(result.problems.map((problem) => problem.path)).toContain('/version_data/versions/Default/extended_paths/virtual/0/path');
  });

  it('OAS: request validation and plugins of an operation', async () => {
    const oas = {
      paths: { '/v': { post: { operationId: 'v' } }, '/p': { get: { operationId: 'p' } }, '/free': { get: {} } },
      'x-tyk-api-gateway': {
        middleware: { operations: { v: { validateRequest: { enabled: true } }, p: { postPlugins: [{ enabled: true, path: 'p.so', functionName: 'F' }] } } },
      },
    };
    const result = compile({ oas });
    expect(result.status).toBe('degraded');
    expect(await ask(result, makeExchange('POST /api/v'))).toBe(`${REFUSED} (ValidateRequest)`);
    expect(await ask(result, makeExchange('GET /api/p'))).toBe(`${REFUSED} (GoPluginMiddleware)`);
    expect(await ask(result, makeExchange('GET /api/free'))).toBe('pass');
  });
});

describe('a feature that guards a whole API', () => {
  it('disables it', () => {
    expect(compile({ classic: { enable_jwt: true } })).toMatchObject({ status: 'disabled', api: { disabled: 'JWTMiddleware is not supported yet' } });
  });
});
