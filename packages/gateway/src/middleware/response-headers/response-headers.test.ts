import { describe, expect, it } from 'vitest';
import { makeExchange, makeSite, makeStep, runResponse, type SiteOptions } from '../testing.ts';
import { responseHeaders } from './compile.ts';

const version = {
  global_response_headers: { 'X-Out': 'global', 'X-Both': 'global', 'X-Again': 'back' },
  global_response_headers_remove: ['X-Secret', 'X-Again'],
  extended_paths: {
    transform_response_headers: [
      { path: '/both', method: 'GET', delete_headers: ['X-Out', 'X-Upstream'], add_headers: { 'X-Both': 'endpoint', 'X-Own': '1' } },
    ],
  },
};
const injector = {
  classic: { response_processors: [{ name: 'header_injector', options: { add_headers: { 'X-Proc': 'p', 'X-Bad': 1 }, remove_headers: ['X-Out'] } }] },
};

const answer = async (options: SiteOptions, line: string, fields: string[]): Promise<string[]> =>
  runResponse(makeStep(responseHeaders, makeSite(options)), makeExchange(line), fields);

describe('transforms §3 response headers', () => {
  it('global rules', async () => {
    expect(await answer({ version }, 'GET /api/x', ['X-Secret', '1', 'X-Again', 'up', 'X-Kept', '2'])).toEqual([
      'X-Kept',
      '2',
      'X-Out',
      'global',
      'X-Both',
      'global',
      'X-Again',
      'back',
    ]);
  });

  it('endpoint first, then global', async () => {
    expect(await answer({ version }, 'GET /api/both', ['X-Upstream', 'a', 'X-Out', 'up'])).toEqual([
      'X-Both',
      'global',
      'X-Own',
      '1',
      'X-Out',
      'global',
      'X-Again',
      'back',
    ]);
  });

  it('entries go by the method that came', async () => {
    expect(await answer({ version: { extended_paths: version.extended_paths } }, 'POST /api/both', ['X-Upstream', 'a'])).toEqual(['X-Upstream', 'a']);
  });

  it('the header injector comes last', async () => {
    expect(await answer(injector, 'GET /api/x', ['X-Out', '1'])).toEqual(['X-Proc', 'p']);
  });

  it('is off where everything is disabled', () => {
    expect(responseHeaders.read(makeSite({ version: { ...version, global_response_headers_disabled: true, extended_paths: {} } }))).toBeUndefined();
  });
});
