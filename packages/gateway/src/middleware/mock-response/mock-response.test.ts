import { describe, expect, it } from 'vitest';
import { makeExchange, makeSite, makeStep, runRequest } from '../testing.ts';
import { mockResponse } from './compile.ts';

const examples = { enabled: true, fromOASExamples: { enabled: true } };
const rich = {
  '200': {
    headers: { 'X-Rate': { schema: { type: 'integer', example: 9 } }, 'X-Note': { schema: { type: 'string' } } },
    content: {
      'application/json': { examples: { zebra: { value: { who: 'zebra' } }, apple: { $ref: '#/components/examples/apple' } } },
      'text/plain': { example: 'plain words' },
    },
  },
  '202': { content: { 'application/json': { example: { from: 'example' }, examples: { named: { value: 1 } } } } },
  '204': { description: 'empty' },
  '404': { $ref: '#/components/responses/none' },
};
const schema = {
  type: 'object',
  properties: {
    s: { type: 'string', default: 'd' },
    i: { type: 'integer', minimum: 5 },
    n: { type: 'number' },
    b: { type: 'boolean' },
    e: { type: 'string', enum: ['one', 'two'] },
    x: { type: 'string', example: 'own' },
    list: { type: 'array', items: { type: 'integer' } },
    ref: { $ref: '#/components/schemas/Ref' },
    none: {},
    all: { allOf: [{ type: 'object' }] },
  },
};

const operations: Record<string, { path: string; responses?: object; mock?: object }> = {
  cfg: { path: '/cfg', mock: { enabled: true, code: 418, body: '{"tea":true}', headers: [{ name: 'content-type', value: 'application/json' }] } },
  zero: { path: '/zero', mock: { enabled: true, body: 'no code' } },
  off: { path: '/off', mock: { enabled: false, code: 418 } },
  rich: { path: '/rich', responses: rich, mock: examples },
  text: { path: '/text', responses: rich, mock: { enabled: true, fromOASExamples: { enabled: true, contentType: 'text/plain' } } },
  code: { path: '/code', responses: rich, mock: { enabled: true, fromOASExamples: { enabled: true, code: 404 } } },
  name: { path: '/name', responses: rich, mock: { enabled: true, fromOASExamples: { enabled: true, exampleName: 'zebra' } } },
  gen: { path: '/gen', responses: { '200': { content: { 'application/json': { schema } } } }, mock: examples },
  loop: { path: '/loop', responses: { '200': { content: { 'application/json': { schema: { $ref: '#/components/schemas/Loop' } } } } }, mock: examples },
  param: { path: '/p/{id}', mock: { enabled: true, code: 200, body: 'param' } },
  real: { path: '/p/real' },
};

const oas = {
  paths: Object.fromEntries(Object.entries(operations).map(([operationId, { path, responses }]) => [path, { get: { operationId, responses } }])),
  components: {
    examples: { apple: { value: { who: 'apple' } } },
    responses: { none: { content: { 'application/json': { example: { error: 'none' } } } } },
    schemas: {
      Ref: { type: 'object', properties: { r: { type: 'string', example: 'referred' } } },
      Loop: { type: 'object', properties: { next: { $ref: '#/components/schemas/Loop' } } },
    },
  },
  'x-tyk-api-gateway': {
    middleware: { operations: Object.fromEntries(Object.entries(operations).map(([id, { mock }]) => [id, mock === undefined ? {} : { mockResponse: mock }])) },
  },
};

const site = makeSite({ oas, config: { http_server_options: { enable_path_prefix_matching: true, enable_path_suffix_matching: true } } });

async function ask(path: string, fields: string[] = [], method = 'GET'): Promise<string> {
  const { outcome, refused } = await runRequest(makeStep(mockResponse, site), makeExchange(`${method} /api${path}`, { fields }));
  return refused ?? (outcome?.kind === 'reply' ? `${outcome.status} ${String(outcome.body)}` : 'pass');
}

const code = (value: string): string[] => ['X-Tyk-Accept-Example-Code', value];
const name = (value: string): string[] => ['X-Tyk-Accept-Example-Name', value];
const FAILED = '500 failed to mock response: mock:';

describe('oas §8 mock', () => {
  it.each([
    ['configured', '/cfg', [], '418 {"tea":true}'],
    ['no code', '/zero', [], '200 no code'],
    ['off', '/off', [], 'pass'],
    ['parameter', '/p/9', [], '200 param'],
    ['a fixed path beside the parameter is not mocked', '/p/real', [], 'pass'],
    ['first example by name', '/rich', [], '200 {"who":"apple"}'],
    ['example by name', '/rich', name('zebra'), '200 {"who":"zebra"}'],
    ['a name that is not there', '/rich', name('lion'), `${FAILED} there is no example response for the example name: lion`],
    ['configured name', '/name', [], '200 {"who":"zebra"}'],
    ['code', '/rich', code('404'), '404 {"error":"none"}'],
    ['a code that is not there', '/rich', code('500'), `${FAILED} there is no example response for the code: 500`],
    ['a code that is no number', '/rich', code('abc'), `${FAILED} given code abc is not a valid integer value`],
    ['a code without content', '/rich', code('204'), '204 '],
    ['configured code', '/code', [], '404 {"error":"none"}'],
    ['code of the client wins', '/code', code('200'), '200 {"who":"apple"}'],
    ['one example wins over names', '/rich', [...code('202'), ...name('named')], '202 {"from":"example"}'],
    ['Accept', '/rich', ['Accept', 'text/plain'], '200 plain words'],
    ['Accept with several', '/rich', ['Accept', 'text/html, text/plain;q=0.5'], '200 plain words'],
    ['Accept with several, none of them there', '/rich', ['Accept', 'text/html, image/png'], '200 {"who":"apple"}'],
    ['Accept */*', '/rich', ['Accept', '*/*'], '200 {"who":"apple"}'],
    ['Accept that is not there', '/rich', ['Accept', 'image/png'], `${FAILED} there is no example response for the content type: image/png`],
    ['configured type', '/text', [], '200 plain words'],
    ['from the schema', '/gen', [], '200 {"all":null,"b":true,"e":"one","i":0,"list":[0],"n":0,"none":null,"ref":{"r":"referred"},"s":"string","x":"own"}'],
  ])('%s', async (_name, path, fields, expected) => {
    expect(await ask(path, fields)).toBe(expected);
  });

  it('another method is not mocked', async () => {
    expect(await ask('/cfg', [], 'POST')).toBe('pass');
  });

  it('a schema that holds itself ends', async () => {
    expect(await ask('/loop')).toMatch(/^200 (?:\{"next":){20}null\}{20}$/);
  });

  it('fields of the response, and of the configuration', async () => {
    const step = makeStep(mockResponse, site);
    const rated = await runRequest(step, makeExchange('GET /api/rich'));
    expect(rated.outcome).toMatchObject({
      fields: ['Content-Type', 'application/json', 'X-Rate', '9', 'X-Note', 'string'],
      throughResponseSteps: true,
      recorded: true,
    });
    const plain = await runRequest(step, makeExchange('GET /api/zero'));
    expect(plain.outcome).toMatchObject({ fields: ['Content-Type', 'text/plain; charset=utf-8'] });
  });

  it('Classic has no such step', () => {
    expect(mockResponse.read(makeSite({ version: { extended_paths: { mock_response: [{ path: '/m', method: 'GET', code: 200 }] } } }))).toBeUndefined();
  });
});
