import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { validateOas } from '../definition/oas/index.ts';
import { oas, testGateway } from './test/gateway.ts';

type Json = Readonly<Record<string, unknown>>;

const SERVER = { listenPath: { value: '/a/', strip: true } };
const extension = (more: object): Json => ({
  'x-tyk-api-gateway': { info: { name: 'a', state: { active: true } }, upstream: { url: 'http://u' }, server: SERVER, ...more },
});
const response = { description: 'ok', content: { 'application/json': { schema: { type: 'string' } } } };

describe('the schema of OAS documents', () => {
  const documents: readonly (readonly [string, Json])[] = [
    ['a small one', oas('a')],
    [
      'a reference',
      oas('a', { paths: { '/a': { get: { responses: { 200: { $ref: '#/components/responses/r' } } } } }, components: { responses: { r: response } } }),
    ],
    ['a response without its description', oas('a', { paths: { '/a': { get: { responses: { 200: {} } } } } })],
    ['a path without a slash', oas('a', { paths: { a: {} } })],
    ['no server', oas('a', extension({ server: undefined }))],
    [
      'a breaker above one',
      oas(
        'a',
        extension({
          middleware: { operations: { o: { circuitBreaker: { enabled: true, threshold: 2, sampleSize: 5, coolDownPeriod: 5, halfOpenStateEnabled: true } } } },
        }),
      ),
    ],
    ['a period that is none', oas('a', extension({ upstream: { url: 'http://u', rateLimit: { enabled: true, rate: 5, per: 'soon' } } }))],
  ];

  it.each(documents)('says of %s what the control API says', async (_name, document) => {
    using gateway = await testGateway();
    const { schema } = (await gateway.ask('GET /tyk/schema')).json as { schema: Json };
    const given: unknown = JSON.parse(JSON.stringify(document));
    expect(new Ajv({ strict: false }).compile(schema)(given)).toBe(validateOas(given).message === undefined);
  });

  it.each([
    ['3.0.3', 200, { status: 'Success', message: '' }],
    ['3.1', 200, { status: 'Success', message: '' }],
    ['9.9', 404, { status: 'Failed', message: 'Schema not found for version "9.9"' }],
  ])('version %s', async (version, status, json) => {
    using gateway = await testGateway();
    expect(await gateway.ask(`GET /tyk/schema?oasVersion=${version}`)).toMatchObject({ status, json });
  });
});
