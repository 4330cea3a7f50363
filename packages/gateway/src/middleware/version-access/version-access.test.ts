import { describe, expect, it } from 'vitest';
import { makeExchange, makeSite, makeStep, runRequest, runResponse, type SiteOptions } from '../testing.ts';
import { expiryField, versionAccess } from './compile.ts';
import { formatExpiry, parseExpiry } from './expiry.ts';

const FORBIDDEN = '403 Requested endpoint is forbidden';
const entry = (path: string, method = '', more: object = {}): object => ({ path, method, ...more });
const lists = (extended_paths: object): SiteOptions => ({ version: { extended_paths } });

/** What becomes of a request: `pass`, `ignored`, a mock's status, or a refusal. */
async function outcomeOf(options: SiteOptions, line: string, loopLevel = 0): Promise<string> {
  const x = makeExchange(line);
  x.loopLevel = loopLevel;
  const { outcome, refused } = await runRequest(makeStep(versionAccess, makeSite(options)), x);
  if (outcome?.kind === 'reply') return `${outcome.status} ${String(outcome.body)}`;
  return refused ?? (x.ignored ? 'ignored' : 'pass');
}

describe('§3.1 allow, block, ignore and mock evaluation', () => {
  const both = lists({ white_list: [entry('/open', 'GET')], black_list: [entry('/open/secret', 'GET')] });
  const mock = { code: 201, body: 'm', headers: { 'X-M': 'yes' } };
  const everything = lists({
    mock_response: [entry('/m', 'GET', mock)],
    ignored: [entry('/m', 'GET'), entry('/i', 'GET')],
    black_list: [entry('/m', 'GET'), entry('/i', 'GET'), entry('/b', 'GET')],
    white_list: [entry('/m', 'GET'), entry('/i', 'GET'), entry('/b', 'GET'), entry('/w', 'GET')],
  });
  const internal = lists({ internal: [entry('/in', 'GET')], mock_response: [entry('/in', 'GET', mock)], ignored: [entry('/in', 'GET')] });

  it.each([
    ['allow list', both, 'GET /api/open', 'pass'],
    ['allow list: other path', both, 'GET /api/shut', FORBIDDEN],
    ['allow list: other method', both, 'POST /api/open', FORBIDDEN],
    ['allow list: HEAD is not GET', both, 'HEAD /api/open', FORBIDDEN],
    ['block before allow', both, 'GET /api/open/secret', FORBIDDEN],
    ['disabled entries are none', lists({ white_list: [entry('/open', 'GET', { disabled: true })], black_list: [entry('/b')] }), 'GET /api/shut', 'pass'],
    ['no method is every method', lists({ white_list: [entry('/open')] }), 'DELETE /api/open', 'pass'],
    ['methods are compared exactly', lists({ black_list: [entry('/m', 'get')] }), 'GET /api/m', 'pass'],
    ['mock first', everything, 'GET /api/m', '201 m'],
    ['then ignore', everything, 'GET /api/i', 'ignored'],
    ['then block', everything, 'GET /api/b', FORBIDDEN],
    ['then allow', everything, 'GET /api/w', 'pass'],
    [
      'first entry of a list',
      lists({ mock_response: [entry('/f', 'GET', { code: 200, body: '1' }), entry('/f/x', 'GET', { code: 200, body: '2' })] }),
      'GET /api/f/x',
      '200 1',
    ],
    ['a mock without a code is 200', lists({ mock_response: [entry('/z', 'GET', { body: 'zero' })] }), 'GET /api/z', '200 zero'],
    ['internal before mock and ignore', internal, 'GET /api/in', FORBIDDEN],
    ['internal: other method', internal, 'POST /api/in', 'pass'],
    ['patterns are also tried on the full path', lists({ internal: [entry('/in', 'GET')] }), 'GET /internal/x', FORBIDDEN],
    [
      'extended paths off',
      { version: { use_extended_paths: false, extended_paths: { black_list: [entry('/no')] }, expires: '', paths: { black_list: ['/b'] } } },
      'GET /api/no',
      'pass',
    ],
    [
      'simple lists',
      { version: { use_extended_paths: false, paths: { ignored: ['/free'], white_list: ['/free', '/open'], black_list: ['/open/s'] } } },
      'GET /api/open/s',
      FORBIDDEN,
    ],
    ['simple lists: ignored', { version: { use_extended_paths: false, paths: { ignored: ['/free'], white_list: ['/open'] } } }, 'PUT /api/free', 'ignored'],
    ['simple lists: others', { version: { use_extended_paths: false, paths: { white_list: ['/open'] } } }, 'GET /api/x', FORBIDDEN],
    ['ignore_case of an entry', lists({ black_list: [entry('/Users', 'GET', { ignore_case: true })] }), 'GET /api/uSERS', FORBIDDEN],
    [
      'ignore_endpoint_case of the version',
      { version: { ignore_endpoint_case: true, extended_paths: { black_list: [entry('/Users', 'GET')] } } },
      'GET /api/users',
      FORBIDDEN,
    ],
  ] as const)('%s', async (_name, options, line, expected) => {
    expect(await outcomeOf(options, line)).toBe(expected);
  });

  it('internal endpoints are reached by loops', async () => {
    expect(await outcomeOf(lists({ internal: [entry('/in', 'GET')] }), 'GET /api/in', 1)).toBe('pass');
  });
});

describe('§3.1 legacy method_actions', () => {
  const no = { action: 'no_action' };
  const canned = { action: 'reply', code: 207, data: 'old', headers: { 'X-Old': '1' } };
  const rows = lists({
    ignored: [entry('/ig', '', { method_actions: { GET: no } })],
    black_list: [entry('/bl', '', { method_actions: { GET: no, PUT: canned } }), entry('/own', 'POST', { method_actions: { GET: no } })],
  });

  it.each([
    ['GET /api/bl', FORBIDDEN],
    ['POST /api/bl', 'pass'],
    ['PUT /api/bl', '207 old'],
    ['GET /api/ig', 'ignored'],
    ['POST /api/ig', 'pass'],
    ['POST /api/own', FORBIDDEN],
    ['GET /api/own', 'pass'],
  ])('%s', async (line, expected) => {
    expect(await outcomeOf(rows, line)).toBe(expected);
  });

  it('an allow list with actions closes the rest', async () => {
    expect(await outcomeOf(lists({ white_list: [entry('/a', '', { method_actions: { GET: no } })] }), 'POST /api/a')).toBe(FORBIDDEN);
  });
});

describe('§3.1 step 1: preflights are ignored where CORS answers them', () => {
  const fields = ['Origin', 'http://a.example', 'Access-Control-Request-Method', 'GET'];
  const site = (CORS: object): ReturnType<typeof makeSite> => makeSite({ classic: { CORS } });

  it('also on an allow list', async () => {
    const x = makeExchange('OPTIONS /api/x', { fields });
    const { outcome } = await runRequest(makeStep(versionAccess, site({ enable: true })), x);
    expect([outcome, x.ignored]).toEqual([undefined, true]);
  });

  it('not without the asked method', async () => {
    const x = makeExchange('OPTIONS /api/x', { fields: fields.slice(0, 2) });
    await runRequest(makeStep(versionAccess, site({ enable: true })), x);
    expect(x.ignored).toBe(false);
  });

  it('contributes no step without CORS', () => {
    expect(versionAccess.read(site({ enable: false, options_passthrough: true }))).toBeUndefined();
  });
});

describe('expiry', () => {
  const versioned = (expires: string): SiteOptions => ({
    classic: { version_data: { not_versioned: false, versions: { v1: { name: 'v1', expires } } } },
  });

  it.each([
    ['passed', { classic: { expiration: '2001-02-03 04:05' } }, '403 API has expired, please check documentation or contact administrator'],
    ['unreadable', { classic: { expiration: 'next year' } }, '403 API has expired, please check documentation or contact administrator'],
    ['ahead', { classic: { expiration: '2199-02-03 04:05' } }, 'pass'],
    ['of a version', versioned('2001-02-03 04:05'), '403 Api Version has expired, please check documentation or contact administrator'],
    ['of a version, unreadable', versioned('soon'), '403 Api Version has expired, please check documentation or contact administrator'],
  ])('%s', async (_name, options, expected) => {
    expect(await outcomeOf(options, 'GET /api/x')).toBe(expected);
  });

  it('never: empty, -1, and of a version without versions', () => {
    expect(versionAccess.read(makeSite(versioned('-1')))).toBeUndefined();
    expect(versionAccess.read(makeSite({ version: { expires: '2001-02-03 04:05' } }))).toBeUndefined();
  });

  it('is told in a field of answers', async () => {
    const step = makeStep(expiryField, makeSite({ classic: { expiration: '2199-02-03 04:05' } }));
    expect(await runResponse(step, makeExchange('GET /api/x'))).toEqual(['X-Tyk-Api-Expires', 'Sun, 03 Feb 2199 04:05:00 UTC']);
  });

  it.each([
    ['2026-02-29 00:00', 0],
    ['2026-1-1 00:00', 0],
    ['1970-01-01 00:01', 60_000],
    ['', undefined],
  ])('reads "%s"', (text, time) => {
    expect(parseExpiry(text)).toBe(time);
  });

  it('prints as Go does', () => {
    expect(formatExpiry(0)).toBe('Thu, 01 Jan 1970 00:00:00 UTC');
  });
});

it('a refusal fires VersionFailure', async () => {
  const site = makeSite(lists({ black_list: [entry('/x')] }));
  await runRequest(makeStep(versionAccess, site), makeExchange('GET /api/x'));
  expect(site.events).toEqual([{ name: 'VersionFailure', meta: { path: '/api/x', origin: '127.0.0.1', reason: 'Requested endpoint is forbidden' } }]);
});

it('a mock carries its own fields, and a type where it names none', async () => {
  const { outcome } = await runRequest(
    makeStep(versionAccess, makeSite(lists({ mock_response: [entry('/m', 'GET', { code: 200, body: '<html>', headers: { 'X-M': '1' } })] }))),
    makeExchange('GET /api/m'),
  );
  expect(outcome).toMatchObject({
    kind: 'reply',
    fields: ['X-M', '1', 'Content-Type', 'text/html; charset=utf-8'],
    throughResponseSteps: false,
    recorded: false,
  });
});

it('a pattern that does not compile is a problem with its place', () => {
  expect(() => makeStep(versionAccess, makeSite(lists({ black_list: [entry('/ok'), entry('/bad[')] })))).toThrow(
    expect.objectContaining({ problem: expect.objectContaining({ path: '/version_data/versions/Default/extended_paths/black_list/1/path' }) }),
  );
});
