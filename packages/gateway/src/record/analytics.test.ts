import type { RecordBatch } from '@gatehouse/store';
import { describe, expect, it } from 'vitest';
import type { GatewayConfig } from '../config/types.ts';
import type { CompiledVersion } from '../contract/compiled.ts';
import { E } from '../contract/errors.ts';
import type { Exchange } from '../contract/exchange.ts';
import { refuse } from '../contract/outcome.ts';
import { makeIdentity } from '../middleware/testing.ts';
import { analyticsBuffer, batchBuffers } from './analytics.ts';
import { type AnalyticsRecord, expandRecords } from './expand-records.ts';
import { answered, finish, makeApi, makeConfig, makeRequest, sent } from './test/fixtures.ts';
import type { RequestEnd } from './types.ts';

const ON: Partial<GatewayConfig> = { enable_analytics: true };
const plain = makeApi('plain');
const refused: RequestEnd = { status: 401, refusal: refuse(E.AUTH_FIELD_MISSING, 'AuthKey'), failure: undefined, proxied: false };

/** What the store gets, after a trip between threads, when these requests end. */
function record(config: Partial<GatewayConfig>, ...ended: readonly (readonly [Exchange, RequestEnd])[]): AnalyticsRecord[] {
  const batches: RecordBatch[] = [];
  const buffer = analyticsBuffer(makeConfig(config), (batch) => batches.push(structuredClone(batch, { transfer: batchBuffers(batch) })));
  for (const [x, end] of ended) buffer?.add(finish(x, end));
  buffer?.flush();
  return batches.flatMap(expandRecords);
}

const one = (config: Partial<GatewayConfig>, x: Exchange, end: RequestEnd = answered()): AnalyticsRecord | undefined => record(config, [x, end])[0];

describe('analytics records (spec/gateway/analytics-and-observability.md §1)', () => {
  it('have all fields', () => {
    const x = sent(makeRequest('POST /plain/orders?n=2', plain, { body: '{"n":12345678}', fields: ['User-Agent', 'meadow-client/2.1'] }), '/orders?n=2');
    const at = new Date(Date.UTC(2026, 2, 1, 10));
    expect(one(ON, x)).toEqual({
      method: 'POST',
      host: '127.0.0.1:9000',
      path: '/orders',
      raw_path: '/orders',
      content_length: 14,
      user_agent: 'meadow-client/2.1',
      day: at.getDate(),
      month: 3,
      year: 2026,
      hour: at.getHours(),
      response_code: 200,
      api_key: '',
      timestamp: at,
      api_version: 'Non Versioned',
      api_name: 'plain api',
      api_id: 'plain',
      org_id: 'org-fern',
      oauth_id: '',
      request_time: 12,
      raw_request: '',
      raw_response: '',
      ip_address: '127.0.0.1',
      geo: { country: { iso_code: '' }, city: { geoname_id: 0, names: null }, location: { latitude: 0, longitude: 0, time_zone: '' } },
      network: { open_connections: 0, closed_connections: 0, bytes_in: 0, bytes_out: 0 },
      latency: { total: 12, upstream: 5, gateway: 7 },
      tags: ['org-org-fern', 'api-plain'],
      alias: '',
      track_path: false,
      expireAt: new Date(at.getTime() + 3_153_600_000_000),
      api_schema: '',
      original_path: '/plain/orders',
      listen_path: '/plain/',
    });
  });

  it.each([
    ['the listen path itself', '/plain/', '/', { raw_path: '/', original_path: '/plain/' }],
    ['escapes', '/plain/a%20b/%C3%BC/x', '/a%20b/%C3%BC/x', { path: '/a b/ü/x', raw_path: '/a b/ü/x', original_path: '/plain/a b/ü/x' }],
    ['target with a path', '/plain/leaf?q=1', '/base/path/leaf?q=1', { path: '/base/path/leaf', raw_path: '/base/path/leaf' }],
    ['rewritten', '/plain/old', '/new?x=1', { path: '/new', raw_path: '/new', original_path: '/plain/old' }],
  ])('path: %s', (_, received, upstream, want) => {
    expect(one(ON, sent(makeRequest(`GET ${received}`, plain), upstream))).toMatchObject(want);
  });

  it('of refused requests show the stripped path, the target and no upstream time', () => {
    const x = makeRequest('GET /plain/closed/x', plain, { contentLength: -1 });
    x.version = { upstream: { stripListenPath: true, targets: [{ authority: 'target.example' }] } } as unknown as CompiledVersion;
    expect(one(ON, x, refused)).toMatchObject({
      path: '/closed/x',
      host: 'target.example',
      response_code: 401,
      content_length: -1,
      latency: { total: 12, upstream: 0, gateway: 12 },
    });
  });

  it('name the version that was asked for', () => {
    const x = makeRequest('GET /plain/a', plain);
    x.versionName = 'v9';
    expect(one(ON, x, refused)?.api_version).toBe('v9');
  });

  it('of tracked endpoints have the template as path', () => {
    const x = sent(makeRequest('GET /plain/pets/41', plain), '/pets/41');
    x.trackedPath = '/pets/{id}';
    expect(one(ON, x)).toMatchObject({ path: '/pets/{id}', raw_path: '/pets/41', track_path: true });
  });

  it('expire when the API says so', () => {
    const found = one(ON, makeRequest('GET /day/x', makeApi('day', { expire_analytics_after: 86_400 })), refused);
    expect((found?.expireAt.getTime() ?? 0) - (found?.timestamp.getTime() ?? 0)).toBe(86_400_000);
  });
});

describe('keys and tags in records (§2)', () => {
  const identity = makeIdentity({
    shownKey: 'k1',
    alias: 'the gardener',
    oauthClientId: 'client',
    policyIds: ['spring'],
    metaData: { tyk_developer_id: 'dev77' },
    tags: ['gold', 'own'],
  });

  it('stand in their order', () => {
    const api = makeApi('tagged', { tags: ['edge', 'api-own'], tag_headers: ['x-crew', 'X-Mixed'] });
    const x = makeRequest('GET /tagged/x', api, { fields: ['X-Crew', 'blue sky', 'X-MIXED', 'm', 'x-crew', ''] });
    x.identity = identity;
    const segmented = { ...makeConfig().db_app_conf_options, node_is_segmented: true, tags: ['edge', 'eu'] };
    expect(one({ ...ON, db_app_conf_options: segmented }, x)).toMatchObject({
      api_key: 'k1',
      alias: 'the gardener',
      oauth_id: 'client',
      tags: [
        'pol-spring',
        'dev-dev77',
        'gold',
        'own',
        'x-crew-blue sky',
        'x-crew-',
        'x-mixed-m',
        'edge',
        'api-own',
        'edge',
        'eu',
        'key-k1',
        'org-org-fern',
        'api-tagged',
      ],
    });
  });

  it('without organisation have no tag of it', () => {
    expect(one(ON, makeRequest('GET /no-org/x', makeApi('no-org', { org_id: '' })), refused)?.tags).toEqual(['api-no-org']);
  });

  it('without a key have the hash of nothing where keys are hashed', () => {
    expect(one({ ...ON, hash_keys: true }, makeRequest('GET /plain/x', plain), refused)).toMatchObject({
      api_key: '00000000',
      tags: ['key-00000000', 'org-org-fern', 'api-plain'],
    });
  });
});

describe('what is not recorded', () => {
  it.each<[string, Partial<GatewayConfig>, (x: Exchange) => void]>([
    ['analytics off', {}, () => undefined],
    ['endpoint not tracked', ON, (x) => void (x.doNotTrack = true)],
    ['ignored address', { ...ON, analytics_config: { ...makeConfig().analytics_config, ignored_ips: ['127.0.0.1', '198.51.100.0/24'] } }, () => undefined],
  ])('%s', (_, config, change) => {
    const x = makeRequest('GET /plain/x', plain);
    change(x);
    expect(one(config, x, refused)).toBeUndefined();
  });

  it('an API that is not tracked', () => {
    expect(one(ON, makeRequest('GET /silent/x', makeApi('silent', { do_not_track: true })))).toBeUndefined();
  });
});

describe('normalised paths (§3)', () => {
  const rules = { enabled: true, normalise_uuids: true, normalise_ulids: true, normalise_numbers: true, custom_patterns: ['sku-\\d+', '(['] };
  const normalised = (path: string, parts: Partial<typeof rules> = {}): string | undefined => {
    const analytics = { ...makeConfig().analytics_config, normalise_urls: { ...rules, ...parts } };
    return one({ ...ON, analytics_config: analytics }, sent(makeRequest(`GET /plain${path}`, plain), path))?.path;
  };

  it.each([
    ['/users/42/orders/7', '/users/{id}/orders/{id}'],
    ['/v1/42abc/9', '/v1/{id}abc/{id}'],
    ['/u/3f2504e0-4f89-11d3-9a0c-0305e82c3301/x', '/u/{uuid}/x'],
    ['/u/3F2504E04F8911D39A0C0305E82C3301', '/u/{uuid}'],
    ['/l/01ARZ3NDEKTSV4RRFFQ69G5FAV/x', '/l/{ulid}/x'],
    ['/sku-991-blue', '/{var}-blue'],
    ['/12/34/56', '/{id}/{id}/{id}'],
  ])('%s → %s', (path, want) => {
    expect(normalised(path)).toBe(want);
  });

  it('only by the rules that are on', () => {
    expect(normalised('/u/3F2504E04F8911D39A0C0305E82C3301/5', { normalise_uuids: false, normalise_numbers: false })).toBe('/u/{ulid}2C3301/5');
    expect(normalised('/12', { enabled: false })).toBe('/12');
  });
});

describe('batches', () => {
  const sized = (size: number): Partial<GatewayConfig> => ({ ...ON, analytics_config: { ...makeConfig().analytics_config, records_buffer_size: size } });

  function fill(config: Partial<GatewayConfig>): { add: (path: string) => void; tick: (after: number) => void; counts: number[] } {
    const counts: number[] = [];
    const buffer = analyticsBuffer(makeConfig(config), (batch) => counts.push(batch.count));
    const start = Date.UTC(2026, 2, 1, 10);
    return { counts, add: (path) => buffer?.add(finish(makeRequest(`GET /plain/${path}`, plain), refused)), tick: (after) => buffer?.tick(start + after) };
  }

  it('go when they are full', () => {
    const { add, counts } = fill(sized(3));
    for (let i = 0; i < 7; i++) add('a');
    expect(counts).toEqual([3, 3]);
  });

  it('go when nothing new came for a tick, or after a second', () => {
    const { add, tick, counts } = fill(ON);
    add('a');
    tick(10);
    add('b');
    tick(200);
    expect(counts).toEqual([]);
    tick(400);
    expect(counts).toEqual([2]);
    add('c');
    tick(1001);
    expect(counts).toEqual([2, 1]);
    tick(2000);
    expect(counts).toEqual([2, 1]);
  });

  it('go before long paths fill the memory', () => {
    const { add, counts } = fill(ON);
    for (let i = 0; i < 10; i++) add('x'.repeat(300_000));
    expect(counts).toEqual([4, 4]);
  });
});
