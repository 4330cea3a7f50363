import { describe, expect, it } from 'vitest';
import { makeExchange, makeSite, makeStep, runRequest } from '../testing.ts';
import { cors } from './compile.ts';

const PREFLIGHT = ['Vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'];
const DEFAULTS = {};
const ONE = {
  allowed_origins: ['http://one.example'],
  allowed_methods: ['GET', 'PUT'],
  allowed_headers: ['X-B', 'X-A'],
  exposed_headers: ['X-E', 'X-F'],
  max_age: 120,
};
const WILD = { allowed_origins: ['https://*.wild.example'], allowed_headers: ['*'] };

async function ask(settings: object, method: string, fields: string[]): Promise<{ status: number | undefined; fields: string[] }> {
  const x = makeExchange(`${method} /api/x`, { fields });
  const { outcome } = await runRequest(makeStep(cors, makeSite({ classic: { CORS: { enable: true, ...settings } } })), x);
  return outcome?.kind === 'reply' ? { status: outcome.status, fields: outcome.fields } : { status: undefined, fields: x.answerFields };
}

const preflight = (origin: string, method: string, headers?: string): string[] => [
  'Origin',
  origin,
  'Access-Control-Request-Method',
  method,
  ...(headers === undefined ? [] : ['Access-Control-Request-Headers', headers]),
];

describe('§9 preflight', () => {
  const allow = (origin: string, method: string, ...more: string[]): string[] => [
    ...PREFLIGHT,
    'Access-Control-Allow-Origin',
    origin,
    'Access-Control-Allow-Methods',
    method,
    ...more,
  ];

  it.each([
    ['defaults', DEFAULTS, preflight('http://any.example', 'POST', 'content-type'), allow('*', 'POST', 'Access-Control-Allow-Headers', 'content-type')],
    ['method that is not in the defaults', DEFAULTS, preflight('http://any.example', 'PUT'), PREFLIGHT],
    ['without an origin', DEFAULTS, ['Access-Control-Request-Method', 'GET'], PREFLIGHT],
    [
      'everything configured',
      ONE,
      preflight('http://one.example', 'PUT', 'x-a, x-b'),
      allow('http://one.example', 'PUT', 'Access-Control-Allow-Headers', 'x-a, x-b', 'Access-Control-Max-Age', '120'),
    ],
    [
      'origins are compared without case, and shown as sent',
      ONE,
      preflight('HTTP://ONE.example', 'GET'),
      allow('HTTP://ONE.example', 'GET', 'Access-Control-Max-Age', '120'),
    ],
    ['another origin', ONE, preflight('http://two.example', 'GET'), PREFLIGHT],
    ['another method', ONE, preflight('http://one.example', 'DELETE'), PREFLIGHT],
    ['another field', ONE, preflight('http://one.example', 'GET', 'x-a,x-z'), PREFLIGHT],
    ['fields that are not sorted', ONE, preflight('http://one.example', 'GET', 'x-b,x-a'), PREFLIGHT],
    ['fields that are not in lower case', ONE, preflight('http://one.example', 'GET', 'X-A'), PREFLIGHT],
    [
      'a wildcard in the origin',
      WILD,
      preflight('https://a.wild.example', 'GET', 'X-Any'),
      allow('https://a.wild.example', 'GET', 'Access-Control-Allow-Headers', 'X-Any'),
    ],
    ['a wildcard takes at least what stands around it', WILD, preflight('https://wild.example', 'GET'), PREFLIGHT],
    ['credentials', { allow_credentials: true }, preflight('http://a.example', 'GET'), allow('*', 'GET', 'Access-Control-Allow-Credentials', 'true')],
    ['methods are to be listed in upper case', { allowed_methods: ['get'] }, preflight('http://a.example', 'GET'), PREFLIGHT],
  ])('%s', async (_name, settings, fields, expected) => {
    expect(await ask(settings, 'OPTIONS', fields)).toEqual({ status: 204, fields: expected });
  });

  it('OPTIONS without an asked method is answered as well', async () => {
    expect(await ask(DEFAULTS, 'OPTIONS', ['Origin', 'http://a.example'])).toEqual({
      status: 200,
      fields: ['Vary', 'Origin', 'Access-Control-Allow-Origin', '*'],
    });
  });
});

describe('§9 plain requests', () => {
  it.each([
    ['no origin', DEFAULTS, 'GET', [], ['Vary', 'Origin']],
    ['an origin', DEFAULTS, 'GET', ['Origin', 'http://a.example'], ['Vary', 'Origin', 'Access-Control-Allow-Origin', '*']],
    ['another origin', ONE, 'GET', ['Origin', 'http://a.example'], ['Vary', 'Origin']],
    ['another method', ONE, 'DELETE', ['Origin', 'http://one.example'], ['Vary', 'Origin']],
    [
      'exposed fields',
      ONE,
      'GET',
      ['Origin', 'http://one.example'],
      ['Vary', 'Origin', 'Access-Control-Allow-Origin', 'http://one.example', 'Access-Control-Expose-Headers', 'X-E, X-F'],
    ],
    [
      'credentials',
      { allow_credentials: true },
      'GET',
      ['Origin', 'http://a.example'],
      ['Vary', 'Origin', 'Access-Control-Allow-Origin', '*', 'Access-Control-Allow-Credentials', 'true'],
    ],
  ])('%s', async (_name, settings, method, fields, expected) => {
    expect(await ask(settings, method, fields)).toEqual({ status: undefined, fields: expected });
  });
});

it('is off unless enabled, and read from OAS documents', () => {
  expect(cors.read(makeSite({ classic: { CORS: { enable: false, allowed_origins: ['*'] } } }))).toBeUndefined();
  const middleware = { global: { cors: { enabled: true, allowedOrigins: ['http://one.example'], maxAge: 60 } } };
  expect(cors.read(makeSite({ oas: { 'x-tyk-api-gateway': { middleware } } }))).toMatchObject({ allowedOrigins: ['http://one.example'], maxAge: 60 });
});

it('leaves later rounds of a loop alone', async () => {
  const x = makeExchange('OPTIONS /api/x');
  x.loopLevel = 1;
  expect((await runRequest(makeStep(cors, makeSite({ classic: { CORS: { enable: true } } })), x)).outcome).toBeUndefined();
  expect(x.answerFields).toEqual([]);
});
