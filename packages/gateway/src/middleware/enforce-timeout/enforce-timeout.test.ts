import { describe, expect, it } from 'vitest';
import { makeExchange, makeSite, makeStep, runRequest, type SiteOptions } from '../testing.ts';
import { enforceTimeout } from './compile.ts';

const timeouts = (...hard_timeouts: object[]): SiteOptions => ({
  version: { extended_paths: { hard_timeouts } },
  config: { http_server_options: { enable_path_prefix_matching: true } },
});
const entry = (path: string, more: object): object => ({ path, method: 'GET', ...more });
const target = { classic: { proxy: { listen_path: '/api/', target_url: 'http://up/store/', strip_listen_path: true } } };

async function limit(options: SiteOptions, rewrite = ''): Promise<number> {
  const x = makeExchange('GET /api/slow/1');
  x.rewrite = rewrite;
  await runRequest(makeStep(enforceTimeout, makeSite(options)), x);
  return x.timeoutMs;
}

describe('traffic-policy §6 enforced time-outs', () => {
  it.each([
    ['seconds', timeouts(entry('/slow', { timeout: 2 })), 2000],
    ['a duration wins', timeouts(entry('/slow', { timeout: 2, duration: '1s500ms' })), 1500],
    ['an empty duration does not', timeouts(entry('/slow', { timeout: 2, duration: '0s' })), 2000],
    ['shorter than a millisecond', timeouts(entry('/slow', { duration: '1us' })), 1],
    ['of the version', { version: { global_enforce_timeout: '5s' } }, 5000],
    ['the endpoint’s wins', { version: { global_enforce_timeout: '5s', extended_paths: { hard_timeouts: [entry('/slow', { timeout: 1 })] } } }, 1000],
    ['another endpoint', timeouts(entry('/other', { timeout: 2 })), 0],
    ['a pattern for the upstream path', { ...timeouts(entry('/store/slow', { timeout: 2 })), ...target }, 2000],
    ['a target with a path does not take the client’s path away', { ...timeouts(entry('/slow', { timeout: 2 })), ...target }, 2000],
  ])('%s', async (_name, options, expected) => {
    expect(await limit(options)).toBe(expected);
  });

  it('a rewrite escapes neither path', async () => {
    expect(await limit(timeouts(entry('/slow', { timeout: 2 })), '/fast')).toBe(2000);
    expect(await limit(timeouts(entry('/other', { timeout: 3 })), '/other?x=1')).toBe(3000);
  });

  it.each([
    ['nothing', {}],
    ['disabled', { version: { global_enforce_timeout: '5s', global_enforce_timeout_disabled: true } }],
    ['no time', timeouts(entry('/slow', { timeout: 0 }))],
  ])('contributes no step: %s', (_name, options) => {
    expect(enforceTimeout.read(makeSite(options))).toBeUndefined();
  });
});
