import { describe, expect, it } from 'vitest';
import { makeExchange, makeSite, makeStep, runRequest, type SiteOptions } from '../testing.ts';
import { requestSize } from './compile.ts';

const TOO_LARGE = '400 Request is too large';
const REQUIRED = '411 Content length is required for this request';
const limits = (...size_limits: object[]): SiteOptions => ({ version: { extended_paths: { size_limits } } });
const up = { path: '/up', method: 'POST', size_limit: 5 };

async function send(options: SiteOptions, line: string, length: number | undefined): Promise<string | undefined> {
  const fields = length === undefined ? [] : ['Content-Length', String(length)];
  return (await runRequest(makeStep(requestSize, makeSite(options)), makeExchange(line, { fields, contentLength: length ?? 0 }))).refused;
}

describe('§6 size limits', () => {
  const both = {
    version: {
      global_size_limit: 10,
      extended_paths: {
        size_limits: [
          { ...up, size_limit: 20 },
          { ...up, path: '/small', size_limit: 3 },
        ],
      },
    },
  };

  it.each([
    ['as large as allowed', { version: { global_size_limit: 10 } }, 'POST /api/x', 10, undefined],
    ['one more', { version: { global_size_limit: 10 } }, 'POST /api/x', 11, TOO_LARGE],
    ['no length', { version: { global_size_limit: 10 } }, 'PURGE /api/x', undefined, REQUIRED],
    ['GET is not measured', { version: { global_size_limit: 10 } }, 'GET /api/x', 11, undefined],
    ['DELETE is not measured', { version: { global_size_limit: 10 } }, 'DELETE /api/x', undefined, undefined],
    ['endpoint', limits(up), 'POST /api/up', 6, TOO_LARGE],
    ['another endpoint', limits(up), 'POST /api/x', 600, undefined],
    ['another endpoint needs no length', limits(up), 'POST /api/x', undefined, undefined],
    ['both: the API’s is smaller', both, 'POST /api/up', 12, TOO_LARGE],
    ['both: the endpoint’s is smaller', both, 'POST /api/small', 4, TOO_LARGE],
  ] as const)('%s', async (_name, options, line, length, expected) => {
    expect(await send(options as SiteOptions, line, length)).toBe(expected);
  });

  it('a length that the engine could not take', async () => {
    const x = makeExchange('POST /api/x', { fields: ['Content-Length', '1'], contentLength: -1 });
    expect((await runRequest(makeStep(requestSize, makeSite({ version: { global_size_limit: 1 } })), x)).refused).toBe(
      '400 content length is not a valid Integer',
    );
  });
});

it.each([
  ['no limit', {}],
  ['disabled', { version: { global_size_limit: 10, global_size_limit_disabled: true } }],
  ['negative', { version: { global_size_limit: -1 } }],
  ['entry disabled', limits({ ...up, disabled: true })],
])('contributes no step: %s', (_name, options) => {
  expect(requestSize.read(makeSite(options))).toBeUndefined();
});

it('a disabled limit counts where an endpoint switches the check on', async () => {
  const options = { version: { global_size_limit: 10, global_size_limit_disabled: true, extended_paths: { size_limits: [up] } } };
  expect(await send(options, 'POST /api/x', 11)).toBe(TOO_LARGE);
});
