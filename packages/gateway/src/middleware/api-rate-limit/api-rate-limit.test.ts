import { describe, expect, it } from 'vitest';
import { makeExchange, makeSite, makeStep, runRequest, type SiteOptions } from '../testing.ts';
import { apiRateLimit } from './compile.ts';

const EXCEEDED = '429 API Rate Limit Exceeded';
const slow = { path: '/slow', method: 'GET', rate: 1, per: 60 };
const endpoints = (...rate_limit: object[]): SiteOptions => ({ version: { extended_paths: { rate_limit } } });

async function ask(options: SiteOptions, ...lines: string[]): Promise<string[]> {
  const step = makeStep(apiRateLimit, makeSite(options));
  const got: string[] = [];
  for (const line of lines) got.push((await runRequest(step, makeExchange(line))).refused ?? 'pass');
  return got;
}

describe('traffic-policy §4 limits of an API', () => {
  const global = { classic: { global_rate_limit: { rate: 2, per: 60 } } };
  const both = { ...global, ...endpoints(slow, { ...slow, path: '/wide', rate: 5 }) };

  it.each([
    ['all callers together', global, ['GET /api/x', 'POST /api/y', 'GET /api/z'], ['pass', 'pass', EXCEEDED]],
    ['endpoint', endpoints(slow), ['GET /api/slow', 'GET /api/slow', 'POST /api/slow', 'GET /api/x'], ['pass', EXCEEDED, 'pass', 'pass']],
    [
      'endpoint in place of the API',
      both,
      ['GET /api/wide', 'GET /api/wide', 'GET /api/wide', 'GET /api/slow', 'GET /api/slow'],
      ['pass', 'pass', 'pass', 'pass', EXCEEDED],
    ],
    [
      'an endpoint without a rate leaves the API’s',
      { ...global, ...endpoints({ ...slow, rate: 0 }) },
      ['GET /api/slow', 'GET /api/slow', 'GET /api/slow'],
      ['pass', 'pass', EXCEEDED],
    ],
    ['fractions are at least one', { classic: { global_rate_limit: { rate: 0.5, per: 60 } } }, ['GET /api/x', 'GET /api/x'], ['pass', EXCEEDED]],
  ] as const)('%s', async (_name, options, lines, expected) => {
    expect(await ask(options as SiteOptions, ...lines)).toEqual(expected);
  });

  it.each([
    ['disabled', { classic: { global_rate_limit: { disabled: true, rate: 1, per: 60 } } }],
    ['no rate', { classic: { global_rate_limit: { rate: 0, per: 60 } } }],
    ['no window', { classic: { global_rate_limit: { rate: 1, per: 0 } } }],
    ['negative', { classic: { global_rate_limit: { rate: -1, per: 60 } } }],
    ['disable_rate_limit', { classic: { disable_rate_limit: true, global_rate_limit: { rate: 1, per: 60 } } }],
    ['disabled entry', endpoints({ ...slow, disabled: true })],
  ])('contributes no step: %s', (_name, options) => {
    expect(apiRateLimit.read(makeSite(options))).toBeUndefined();
  });

  it('reads OAS limits', () => {
    const oas = {
      paths: { '/slow': { get: { operationId: 's' } } },
      'x-tyk-api-gateway': {
        upstream: { rateLimit: { enabled: true, rate: 3, per: '1m0s' } },
        middleware: { operations: { s: { rateLimit: { enabled: true, rate: 1, per: '10s' } } } },
      },
    };
    expect(apiRateLimit.read(makeSite({ oas }))).toMatchObject({
      global: { rate: 3, perSeconds: 60 },
      endpoints: [{ path: '/slow', rate: 1, perSeconds: 10 }],
    });
  });

  it('shows its state only where the key has none', async () => {
    const step = makeStep(apiRateLimit, makeSite({ ...global, config: { rate_limit_response_headers: 'rate_limits' } }));
    const x = makeExchange('GET /api/x');
    await runRequest(step, x);
    expect(x.rate).toMatchObject({ limit: 2, remaining: 1 });
    x.rate = { limit: 9, remaining: 8, reset: 7 };
    await runRequest(step, x);
    expect(x.rate.limit).toBe(9);
  });
});
