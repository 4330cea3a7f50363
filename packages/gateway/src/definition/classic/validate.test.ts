import { describe, expect, it } from 'vitest';
import { isObject, readSuites, recordedJson } from '../test/recorded.ts';
import { reviewClassic } from './review.ts';
import { decodeClassic } from './struct.ts';
import { classicRules, refusalText, validateClassic } from './validate.ts';

/** A definition that has nothing wrong, with changes. */
function api(changes: object): ReturnType<typeof decodeClassic>['value'] {
  const proxy = { listen_path: '/a/', target_url: 'http://127.0.0.1:1/', ...('proxy' in changes && isObject(changes.proxy) ? changes.proxy : {}) };
  return decodeClassic({ api_id: 'a', name: 'a', ...changes, proxy }).value;
}

describe('answers to POST and PUT /tyk/apis (control/gateway-api.md §3)', () => {
  const posted = readSuites('limits', 'tls').flatMap(({ suite, cases }) =>
    cases.flatMap(({ name, steps }) =>
      steps
        .filter(({ method, path = '' }) => (method === 'POST' || method === 'PUT') && /^\/tyk\/apis(\/[^/]*)?$/.test(path) && path !== '/tyk/apis/oas')
        .map((step) => ({ at: `${suite}: ${name}`, body: step.body, answer: recordedJson(step) as { status: string; message?: string } })),
    ),
  );
  const reasons = posted.filter(({ answer }) => answer.message?.startsWith('Validation of API Definition failed'));
  const stored = posted.filter(({ answer, body }) => answer.status === 'ok' && isObject(body));
  const malformed = posted.filter(({ answer }) => answer.message === 'Request malformed');

  it('the suites hold some of each', () => {
    expect([reasons.length, stored.length, malformed.length]).toEqual([6, 20, 5]);
  });

  it.each(reasons)('$at', ({ body, answer }) => {
    const { value, problems } = decodeClassic(body);
    expect(problems).toEqual([]);
    expect(refusalText(validateClassic(value))).toBe(answer.message);
  });

  it.each(stored)('$at: stored', ({ body }) => {
    const { value, problems } = decodeClassic(body);
    expect([...problems, ...validateClassic(value)]).toEqual([]);
  });

  it.each(malformed)('$at: malformed $body', ({ body }) => {
    expect(problemsOf(body)).not.toHaveLength(0);
  });

  function problemsOf(body: unknown): readonly unknown[] {
    try {
      return decodeClassic(typeof body === 'string' ? JSON.parse(body) : body).problems;
    } catch (error) {
      return [error];
    }
  }
});

const GRAPHQL = { enabled: true, engine: { data_sources: [{ name: 'a' }, { name: 'b' }, { name: 'a' }] } };
const KEYED = { use_keyless: false, use_standard_auth: true };

describe('rules of the REST API', () => {
  it.each([
    { rule: 'unique_data_sources', changes: { graphql: GRAPHQL }, path: '/graphql/engine/data_sources/2/name' },
    { rule: 'auth_source', changes: { enable_jwt: true, auth_configs: { jwt: { disable_header: true } } }, path: '/auth_configs/jwt' },
    { rule: 'ip_list', changes: { enable_ip_blacklisting: true, blacklisted_ips: ['::1', 'home'] }, path: '/blacklisted_ips/1' },
    {
      rule: 'timeout',
      changes: { version_data: { versions: { 'a/b': { extended_paths: { hard_timeouts: [{ timeout: 1 }, { timeout: -1 }] } } } } },
      path: '/version_data/versions/a~1b/extended_paths/hard_timeouts/1/timeout',
    },
    { rule: 'upstream_auth', changes: { upstream_auth: { enabled: true, basic_auth: { enabled: true }, oauth: { enabled: true } } }, path: '/upstream_auth' },
    { rule: 'load_balancing', changes: { proxy: { enable_load_balancing: true } }, path: '/proxy/target_list' },
  ])('$rule names the place $path', ({ rule, changes, path }) => {
    expect(validateClassic(api(changes))).toMatchObject([{ code: `definition.${rule}`, path }]);
  });

  it('each has its own id', () => {
    expect(new Set(classicRules.map(({ id }) => id)).size).toBe(classicRules.length);
  });

  it.each([
    { why: 'a data source name may repeat while GraphQL is off', changes: { graphql: { ...GRAPHQL, enabled: false } } },
    { why: 'an authentication that is off needs no source', changes: { auth_configs: { jwt: { disable_header: true } } } },
    { why: 'one source is enough', changes: { enable_jwt: true, auth_configs: { jwt: { disable_header: true, use_cookie: true } } } },
    {
      why: 'Basic may read the body',
      changes: { use_basic_auth: true, basic_auth: { extract_from_body: true }, auth_configs: { basic: { disable_header: true } } },
    },
    { why: 'a list that is off is not looked at', changes: { allowed_ips: ['home'] } },
    { why: 'upstream authentication that is off', changes: { upstream_auth: { basic_auth: { enabled: true }, oauth: { enabled: true } } } },
    { why: 'upstream OAuth with one grant', changes: { upstream_auth: { enabled: true, oauth: { enabled: true, allowed_authorize_types: ['password'] } } } },
    { why: 'balancing with a target', changes: { proxy: { enable_load_balancing: true, target_list: ['http://a'] } } },
  ])('pass: $why', ({ changes }) => {
    expect(validateClassic(api(changes))).toEqual([]);
  });
});

describe('review of what Tyk stores without a word', () => {
  it('a sound definition has nothing to say', () => {
    expect(reviewClassic(api({}))).toEqual([]);
  });

  it.each([
    { path: '/api_id', changes: { api_id: '' } },
    { path: '/api_id', changes: { api_id: 'shop-oas' } },
    { path: '/api_id', changes: { api_id: '../shop' } },
    { path: '/name', changes: { name: ' ' } },
    { path: '/proxy/listen_path', changes: { proxy: { listen_path: '' } } },
    { path: '/proxy/listen_path', changes: { proxy: { listen_path: 'a/' } } },
    { path: '/proxy/target_url', changes: { proxy: { target_url: '' } } },
    { path: '/proxy/target_url', changes: { proxy: { target_url: 'orders:8000' } } },
    { path: '/auth', changes: { ...KEYED, auth: { disable_header: true } } },
    { path: '/allowed_ips/0', changes: { allowed_ips: ['home'] } },
    { path: '/version_data/versions/v1/use_extended_paths', changes: { version_data: { versions: { v1: { extended_paths: { cache: ['/x'] } } } } } },
    { path: '/custom_middleware/driver', changes: { custom_middleware: { pre: [{ name: 'check' }] } } },
  ])('$path: $changes', ({ path, changes }) => {
    expect(reviewClassic(api(changes)).map((problem) => problem.path)).toEqual([path]);
  });

  it.each(['http://a', 'h2c://a:1', 'tyk://self/x', 'env://UP', 'http://a/secrets://base', '$kv{conf/up}'])('%s is an upstream', (url) => {
    expect(reviewClassic(api({ proxy: { target_url: url } }))).toEqual([]);
  });
});
