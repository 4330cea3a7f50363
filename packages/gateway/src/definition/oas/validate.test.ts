import { describe, expect, it } from 'vitest';
import { EXTENSION, reviewOas, validateOas } from './index.ts';
import type { JsonObject } from './json.ts';

const extension = { info: { name: 'a', state: { active: true } }, upstream: { url: 'http://u' }, server: { listenPath: { value: '/a/' } } };
const ok = { responses: { 200: { description: 'ok' } } };
const valid = (changes: JsonObject = {}): JsonObject => ({
  openapi: '3.0.3',
  info: { title: 'a', version: '1' },
  paths: {},
  [EXTENSION]: extension,
  ...changes,
});
const withServer = (authentication: JsonObject, changes: JsonObject = {}): JsonObject =>
  valid({ [EXTENSION]: { ...extension, server: { ...extension.server, authentication } }, ...changes });

const secured = { components: { securitySchemes: { k: { type: 'apiKey', in: 'header', name: 'K' } } } };

describe('what Tyk takes is taken', () => {
  it.each<readonly [name: string, document: JsonObject]>([
    ['the least', valid()],
    ['unknown properties', valid({ other: 1, [EXTENSION]: { ...extension, more: {} } })],
    [
      'OpenAPI 3.1',
      valid({
        openapi: '3.1.0',
        paths: { '/a': { post: { ...ok, requestBody: { content: { 'application/json': { schema: { type: ['string', 'null'], dependentRequired: {} } } } } } } },
      }),
    ],
    ['a list without items in 3.1', valid({ openapi: '3.1.0', components: { schemas: { A: { type: 'array', contains: {} } } } })],
    [
      'a reference',
      valid({
        paths: { '/a': { get: { responses: { 200: { $ref: '#/components/responses/R~1x' } } } } },
        components: { responses: { 'R/x': { description: 'r' } } },
      }),
    ],
    ['a $ref in data', valid({ paths: { '/a': { get: { responses: { 200: { description: 'r', content: { j: { example: { $ref: 'x' } } } } } } } } })],
    ['a parameter of the path item', valid({ paths: { '/{id}': { parameters: [{ name: 'id', in: 'path', required: true }], get: ok } } })],
    ['a stream without an upstream', valid({ [EXTENSION]: { info: extension.info, server: extension.server }, 'x-tyk-streaming': { streams: {} } })],
    [
      'several targets in place of one',
      valid({ [EXTENSION]: { ...extension, upstream: { loadBalancing: { enabled: true, targets: [{ url: 'u', weight: 1 }] } } } }),
    ],
    [
      'an event handler by id',
      valid({
        [EXTENSION]: {
          ...extension,
          server: { ...extension.server, eventHandlers: [{ enabled: true, trigger: 'HostUp', type: 'webhook', id: 'i', cooldownPeriod: '1s' }] },
        },
      }),
    ],
  ])('%s', (_name, document) => {
    expect(validateOas(document)).toEqual({ problems: [], message: undefined });
  });
});

describe('what it refuses is refused, with its text and a pointer', () => {
  it.each<readonly [name: string, document: unknown, path: string, message: string]>([
    ['no object', [], '', 'request malformed'],
    [
      'a reference to nothing',
      valid({ paths: { '/a': { get: { responses: { 200: { $ref: '#/components/responses/R' } } } } } }),
      '/paths/~1a/get/responses/200',
      'request malformed',
    ],
    ['a reference to a file', valid({ paths: { '/a': { $ref: './a.json' } } }), '/paths/~1a', 'request malformed'],
    ['no extension', { openapi: '3.0.0' }, '', 'the payload should contain x-tyk-api-gateway'],
    ['another version', valid({ openapi: '2.0' }), '/openapi', 'Schema not found for version "2.0"'],
    ['a bad patch version', valid({ openapi: '3.0.x' }), '/openapi', "openapi: Does not match pattern '^3\\.0\\.\\d(-.+)?$'"],
    [
      'a rule without its answer',
      valid({ [EXTENSION]: { ...extension, errorOverrides: { enabled: true, value: { 404: [{}] } } } }),
      '/x-tyk-api-gateway/errorOverrides/value/404/0',
      'x-tyk-api-gateway.errorOverrides.value.404.0: response is required',
    ],
    [
      'load balancing that is on without targets',
      valid({ [EXTENSION]: { ...extension, upstream: { url: 'u', loadBalancing: { enabled: true } } } }),
      '/x-tyk-api-gateway/upstream/loadBalancing',
      'x-tyk-api-gateway.upstream.loadBalancing: targets is required',
    ],
    ['no title', valid({ info: { version: '1' } }), '/info/title', 'invalid info: value of title must be a non-empty string'],
    [
      'a path parameter that is not declared',
      valid({ paths: { '/a/{id}': { get: ok } } }),
      '/paths/~1a~1{id}/get',
      'invalid paths: operation GET /a/{id} must define exactly all path parameters (missing: [id])',
    ],
    [
      'one that the path does not have',
      valid({ paths: { '/a': { get: { ...ok, parameters: [{ name: 'id', in: 'path', required: true }] } } } }),
      '/paths/~1a/get',
      'invalid paths: operation GET /a must define exactly all path parameters (extra: [id])',
    ],
    [
      'a list without items',
      valid({ components: { schemas: { A: { type: 'object', properties: { l: { type: 'array' } } } } } }),
      '/components/schemas/A/properties/l',
      "invalid components: schema \"A\": when schema type is 'array', schema 'items' must be non-null",
    ],
    [
      'example and examples',
      valid({ paths: { '/a': { get: { responses: { 200: { description: 'r', content: { j: { example: 1, examples: {} } } } } } } } }),
      '/paths/~1a/get/responses/200/content/j',
      'invalid paths: invalid path /a: invalid operation GET: example and examples are mutually exclusive',
    ],
    [
      'a scheme that is not described',
      valid({ ...secured, security: [{ x: [] }] }),
      '/security',
      "Missing required Security Scheme 'x' in Components.SecuritySchemes. For more information please visit https://swagger.io/specification/#security-requirement-object",
    ],
    [
      'compliant mode: a scheme that nothing requires',
      withServer(
        { enabled: true, securityProcessingMode: 'compliant', securitySchemes: { k: { enabled: true }, l: { enabled: true } } },
        { ...secured, security: [{ k: [] }] },
      ),
      '/x-tyk-api-gateway/server/authentication/securitySchemes/l',
      "security scheme 'l' is enabled but not configured in a security requirement",
    ],
  ])('%s', (_name, document, path, message) => {
    const verdict = validateOas(document);
    expect([verdict.message, verdict.problems[0]?.path]).toEqual([message, path]);
    expect(verdict.problems.every(({ code, hint }) => code.startsWith('oas.') && hint !== '')).toBe(true);
  });

  it('all findings of the schema come at once, a line each', () => {
    const { problems, message } = validateOas({ openapi: '3.0.0', [EXTENSION]: {} });
    expect(message?.split('\n').toSorted()).toEqual([
      'info: Invalid type. Expected: object, given: null',
      'paths: Invalid type. Expected: object, given: null',
      'x-tyk-api-gateway: info is required',
      'x-tyk-api-gateway: server is required',
      'x-tyk-api-gateway: upstream is required',
    ]);
    expect(problems.map(({ path }) => path).toSorted()).toEqual(['/info', '/paths', '/x-tyk-api-gateway', '/x-tyk-api-gateway', '/x-tyk-api-gateway']);
  });

  it('the message has the first of the document and the first of security, the problems have all', () => {
    const document = valid({ ...secured, info: { title: '', version: '' }, security: [{ x: [], y: [] }] });
    const { problems, message } = validateOas(document);
    expect(problems).toHaveLength(4);
    expect(message).toMatch(/^invalid info: value of title [^\n]*\nMissing required Security Scheme 'x'[^\n]*$/);
  });
});

describe('a document from a file is served unless it cannot be read', () => {
  const withInfo = (info: JsonObject): JsonObject => valid({ [EXTENSION]: { ...extension, info } });

  it.each<readonly [name: string, document: unknown, problems: readonly string[], warnings: number]>([
    ['valid', valid(), [], 0],
    ['a missing switch', withInfo({ name: 'a', state: {} }), [], 1],
    ['null in place of a block', withInfo({ name: 'a', state: null }), [], 1],
    ['rules of OpenAPI', valid({ paths: { '/a/{id}': { get: ok } } }), [], 1],
    ['a wrong type outside the extension', valid({ tags: {} }), [], 1],
    ['a wrong type in the extension', withServer({ enabled: 'yes' }), ['/x-tyk-api-gateway/server/authentication/enabled'], 0],
    ['a wrong type under an unknown version', { ...withServer({ enabled: 'yes' }), openapi: '9' }, ['/x-tyk-api-gateway/server/authentication/enabled'], 1],
    ['a reference to nothing', valid({ paths: { '/a': { $ref: '#/x' } } }), ['/paths/~1a'], 0],
    ['no extension', {}, [''], 0],
  ])('%s', (_name, document, problems, warnings) => {
    const review = reviewOas(document);
    expect([review.problems.map(({ path }) => path), review.warnings.length]).toEqual([problems, warnings]);
  });
});
