import { describe, expect, it } from 'vitest';
import type { EffectiveIdentity } from '../contract/identity.ts';
import { apiRateCounter, quotaCounter, rateCounter } from './counter-names.ts';
import { effectiveIdentity } from './effective.ts';
import { createMatcher } from './pattern.ts';
import { type Json, rights, session } from './policies.fixtures.ts';
import { counterKeyFrom } from './rate-pattern.ts';

const match = createMatcher({ prefix: false, suffix: false });
const KEY = { token: 'the-token', name: 'the-name' };

function identityOf(fields: Json, apiId = 'a'): EffectiveIdentity {
  return effectiveIdentity(session(fields), apiId, KEY, match);
}

describe('what a key means for an API', () => {
  it('without access rights: every API and version', () => {
    expect(identityOf({})).toMatchObject({ allowed: true, versions: undefined, urls: undefined, rate: undefined, quota: undefined, throttle: undefined });
  });

  it('with rights: the APIs that they name; an empty list of versions allows none', () => {
    expect(identityOf({ access_rights: rights('a') })).toMatchObject({ allowed: true, versions: ['Default'] });
    expect(identityOf({ access_rights: { a: {} } })).toMatchObject({ allowed: true, versions: [] });
    expect(identityOf({ access_rights: rights('b') })).toMatchObject({ allowed: false, versions: [] });
  });

  it('takes the limits of the session where the API has none of its own', () => {
    const { rate, quota, throttle, shownQuota } = identityOf({
      rate: 3,
      per: 0.5,
      quota_max: 7,
      quota_renewal_rate: 60,
      quota_renews: 99,
      throttle_interval: 0.4,
      throttle_retry_limit: 2,
      last_updated: '12',
      access_rights: rights('a'),
    });
    expect(rate).toEqual({ rate: 3, perMs: 500, counter: rateCounter('the-name', '', '12') });
    expect(quota).toEqual({ max: 7, renewalMs: 60_000, counter: quotaCounter('the-name', '') });
    expect(throttle).toEqual({ intervalMs: 400, retries: 2 });
    expect(shownQuota).toEqual({ max: 7, renews: 99 });
  });

  it.each([
    ['only a quota: no rate there', { quota_max: 5 }, { rate: undefined, quota: expect.objectContaining({ max: 5 }), shownQuota: { max: 5, renews: 0 } }],
    ['only a rate: no quota there', { rate: 5, per: 1 }, { rate: expect.objectContaining({ rate: 5 }), quota: undefined, shownQuota: { max: 0, renews: 0 } }],
    ['quota -1 is shown as it is', { quota_max: -1 }, { rate: undefined, quota: undefined, shownQuota: { max: -1, renews: 0 } }],
  ])('takes all of the API’s own limit: %s', (_, limit, want) => {
    expect(identityOf({ rate: 1, per: 1, quota_max: 1, access_rights: rights(['a', { limit, allowance_scope: 'a' }]) })).toMatchObject(want);
  });

  it('counts under the scope of the rights', () => {
    const { rate, quota } = identityOf({ access_rights: rights(['a', { limit: { rate: 1, per: 1, quota_max: 1 }, allowance_scope: 'pol' }]) });
    expect(rate?.counter.text).toBe('rate-limit-pol-the-name');
    expect(quota?.counter.text).toBe('quota-pol-the-name');
  });

  it('has no renewal where the rate of renewal is 0 or negative', () => {
    expect([0, -1].map((renewal) => identityOf({ quota_max: 1, quota_renewal_rate: renewal }).quota?.renewalMs)).toEqual([0, 0]);
  });

  it('compiles allowed URLs; a broken one matches nothing and never opens the others', () => {
    const urls = (list: Json[]): EffectiveIdentity['urls'] => identityOf({ access_rights: rights(['a', { allowed_urls: list }]) }).urls;
    expect(urls([{ url: '/bad(', methods: ['GET'] }])).toEqual([]);
    expect(
      urls([
        { url: '/bad(', methods: ['GET'] },
        { url: '/good', methods: ['get'] },
      ]),
    ).toMatchObject([{ methods: ['get'] }]);
    const [grant] = urls([{ url: '/books/{id}/pages', methods: [] }]) ?? [];
    expect(['/x/books/5/pages', '/books/pages', '/books/5/6/pages'].map((path) => grant?.pattern.test(path))).toEqual([true, false, false]);
  });

  it('has the limits of endpoints in the order written, with names of their own', () => {
    const { endpointRates } = identityOf({
      last_updated: '7',
      access_rights: rights([
        'a',
        {
          endpoints: [
            { path: '/slow', methods: [{ name: 'get', limit: { rate: 1, per: 60 } }] },
            { path: '/bad(', methods: [{ name: 'GET', limit: { rate: 1, per: 60 } }] },
            {
              path: '/open',
              methods: [
                { name: 'GET', limit: { rate: -1, per: -1 } },
                { name: 'PUT', limit: { rate: 2, per: 1 } },
              ],
            },
          ],
        },
      ]),
    });
    expect(endpointRates.map(({ method, rate, perMs, counter }) => [method, rate, perMs, counter.text])).toEqual([
      ['GET', 1, 60_000, 'rate-limit-the-name-GET:/slow-7'],
      ['GET', -1, -1000, 'rate-limit-the-name-GET:/open-7'],
      ['PUT', 2, 1000, 'rate-limit-the-name-PUT:/open-7'],
    ]);
  });

  it('ends at its time, 0 and less never', () => {
    expect([0, -1, 1, 1_800_000_000].map((expires) => identityOf({ expires }).expiresAt)).toEqual([0, 0, 1000, 1_800_000_000_000]);
  });

  it('shows who it is', () => {
    expect(
      identityOf({ alias: 'Ann', tags: ['t'], meta_data: { m: 1 }, oauth_client_id: 'c', is_inactive: true, apply_policies: ['p'], rate: 2, per: 3 }),
    ).toMatchObject({
      token: 'the-token',
      shownKey: 'the-name',
      alias: 'Ann',
      tags: ['t'],
      metaData: { m: 1 },
      oauthClientId: 'c',
      inactive: true,
      policyIds: ['p'],
      root: { rate: 2, per: 3, quotaMax: 0, quotaRemaining: 0, quotaRenews: 0 },
    });
  });
});

describe('rate_limit_pattern', () => {
  it('joins counters, whatever key and version', () => {
    const { rate, quota } = identityOf({ rate: 1, per: 1, quota_max: 1, last_updated: '5', meta_data: { rate_limit_pattern: '$tyk_meta.team', team: 'red' } });
    expect([rate?.counter.text, quota?.counter.text]).toEqual(['rate-limit-red', 'quota-red']);
  });

  it.each([
    [{ rate_limit_pattern: '' }, ''],
    [{ rate_limit_pattern: 5 }, ''],
    [{ rate_limit_pattern: '$tyk_meta.none' }, ''],
    [{ rate_limit_pattern: '$tyk_meta.a|$tyk_meta.n', a: 'x', n: 3 }, 'x|3'],
    [null, ''],
  ])('%j gives %j', (meta, want) => expect(counterKeyFrom(meta)).toBe(want));
});

describe('names of an API’s own limits', () => {
  it('hold organisation, API, endpoint and incarnation', () => {
    const api = { orgId: 'org', id: 'api', incarnation: 3 };
    expect([apiRateCounter(api).text, apiRateCounter(api, 'GET:/x').text]).toEqual(['rate-limit-apilimiter-orgapi-3', 'rate-limit-apilimiter-orgapi-GET:/x-3']);
  });
});

describe('patterns of keys', () => {
  it.each([
    ['/slow', false, false, { '/api/slow/more': true }],
    ['/slow', true, true, { '/slow': true, '/slow/more': false, '/my/slow': false }],
    ['slow', true, true, { '/my/slow': true, '/slow/more': false }],
    ['^/anch$', true, true, { '/anch': true, '/anch/x': false }],
    ['/a/*/b', true, true, { '/a/x/b': true, '/a/b': false, '/a/x/y/b': false }],
    ['/a/*', true, true, { '/a/x/y': true, '/a': false }],
    ['/{a}/{b:[0-9]+}', true, true, { '/x/y': true, '/x': false }],
    ['/x[0-9]{2}', true, true, { '/x12': true, '/x1': false }],
    ['', true, true, { '/anything': true }],
  ])('%s with prefix %s and suffix %s', (pattern, prefix, suffix, paths) => {
    const regex = createMatcher({ prefix, suffix })(pattern);
    expect(Object.fromEntries(Object.keys(paths).map((path) => [path, regex?.test(path)]))).toEqual(paths);
  });

  it('are compiled once', () => {
    expect(match('/same')).toBe(match('/same'));
    expect(match('/bad(')).toBeUndefined();
  });
});
