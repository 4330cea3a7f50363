import type { UpstreamError } from '@gatehouse/wire';
import { describe, expect, it } from 'vitest';
import type { GatewayConfig } from '../config/types.ts';
import { E, type ErrorRow } from '../contract/errors.ts';
import { refuse } from '../contract/outcome.ts';
import { makeIdentity } from '../middleware/testing.ts';
import { accessLine } from './access-log.ts';
import { answered, finish, makeApi, makeConfig, makeRequest, sent } from './test/fixtures.ts';
import type { Finish, RequestEnd } from './types.ts';

process.env['TZ'] = 'UTC';

const brook = makeApi('brook');
const keyed = makeApi('keyed');
const identity = makeIdentity({ token: 'org-fernfern-key-0001', shownKey: 'f4cc17f96830ce2e' });

const refused = (error: ErrorRow, source: string): RequestEnd => ({ status: error.status, refusal: refuse(error, source), failure: undefined, proxied: false });

const success = (): Finish => finish(sent(makeRequest('GET /brook/a?x=1', brook), '/a?x=1'), answered());

function withKey(): Finish {
  const x = sent(makeRequest('GET /keyed/a', keyed), '/a');
  x.identity = identity;
  return finish(x, answered());
}

const noKey = (): Finish => finish(makeRequest('GET /keyed/a', keyed), refused(E.AUTH_FIELD_MISSING, 'AuthKey'));
const deadUpstream = (): Finish => finish(sent(makeRequest('GET /brook/a?x=1', brook), '/a?x=1'), refused(E.UPSTREAM_REFUSED, 'ReverseProxy'));

function line(f: Finish, config: Partial<GatewayConfig> = {}, template: string[] = []): string | undefined {
  return accessLine(makeConfig({ access_logs: { enabled: true, template }, ...config }))?.(f);
}

/** Pieces that all full text lines have in common are left out of the expectations. */
const COMMON =
  / api_type=classic| client_ip=127\.0\.0\.1| host=gw\.example| latency_gateway=\d+| latency_total=12| protocol=HTTP\/1\.1| remote_addr="127\.0\.0\.1:1"| upstream_latency=\d| user_agent=| org_id=org-fern| prefix=access-log/g;
const short = (f: Finish, config?: Partial<GatewayConfig>): string | undefined =>
  line(f, config)?.replace(COMMON, '').replace('time="2026-03-01T10:00:00Z" level=info ', '').trimEnd();

describe('access log lines (spec/gateway/analytics-and-observability.md §6)', () => {
  it('have every field, sorted, as text', () => {
    const x = sent(makeRequest('GET /brook/a%20b/%C3%BC?q=%20', brook, { fields: ['User-Agent', 'moss/1 (green)'] }), '/a%20b/%C3%BC?q=%20');
    expect(line(finish(x, answered()))).toBe(
      'time="2026-03-01T10:00:00Z" level=info api_id=brook api_key=-- api_name="brook api" api_type=classic client_ip=127.0.0.1 host=gw.example ' +
        'latency_gateway=7 latency_total=12 method=GET org_id=org-fern original_path="/brook/a b/ü" path="/a b/ü" prefix=access-log protocol=HTTP/1.1 ' +
        'remote_addr="127.0.0.1:1" status=200 type=request upstream_addr="http://127.0.0.1:9000/a%20b/%C3%BC" upstream_latency=5 user_agent="moss/1 (green)"\n',
    );
  });

  it('have the same fields as JSON, with numbers as numbers', () => {
    expect(line(success(), { log_format: 'json' })).toBe(
      '{"api_id":"brook","api_key":"--","api_name":"brook api","api_type":"classic","client_ip":"127.0.0.1","host":"gw.example","latency_gateway":7,' +
        '"latency_total":12,"level":"info","message":"","method":"GET","org_id":"org-fern","original_path":"/brook/a","path":"/a","prefix":"access-log",' +
        '"protocol":"HTTP/1.1","remote_addr":"127.0.0.1:1","status":200,"time":"2026-03-01T10:00:00Z","type":"request",' +
        '"upstream_addr":"http://127.0.0.1:9000/a","upstream_latency":5,"user_agent":""}\n',
    );
  });

  const inactive = (): Finish => {
    const x = makeRequest('GET /keyed/a', keyed);
    x.identity = identity;
    return finish(x, refused(E.KEY_INACTIVE, 'KeyExpired'));
  };
  const upstream500 = (): Finish => finish(sent(makeRequest('GET /brook/status/500', brook), '/status/500'), answered(500));
  const gone = (): Finish => finish(sent(makeRequest('GET /brook/delay/600', brook), '/delay/600'), refused(E.CLIENT_GONE, 'ReverseProxy'));
  const expired = (): Finish => {
    const failure = Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED', phase: 'tls', answered: false }) as UpstreamError;
    return finish(sent(makeRequest('GET /brook/a', brook), '/a'), { ...refused(E.UPSTREAM_FAILED, 'ReverseProxy'), failure });
  };
  const KEYED = 'api_id=keyed api_key';
  const BROOK = 'api_id=brook api_key=-- api_name="brook api"';
  const REFUSED = 'origin=127.0.0.1 original_path=/keyed/a path=/keyed/a';

  it.each([
    [
      'key',
      withKey,
      `${KEYED}="****0001" api_name="keyed api" method=GET original_path=/keyed/a path=/a status=200 type=request upstream_addr="http://127.0.0.1:9000/a"`,
    ],
    [
      'no key',
      noKey,
      `${KEYED}=-- api_name="keyed api" error_source=AuthKey method=GET mw=AuthKey ${REFUSED} response_code_details=auth_field_missing response_flag=AMF status=401 type=request upstream_addr=/keyed/a`,
    ],
    [
      'inactive key',
      inactive,
      `${KEYED}="****0001" api_name="keyed api" key="****0001" method=GET mw=KeyExpired ${REFUSED} status=403 type=request upstream_addr=/keyed/a`,
    ],
    [
      'upstream 500',
      upstream500,
      `${BROOK} error_source=Upstream error_target="127.0.0.1:9000" method=GET original_path=/brook/status/500 path=/status/500 response_code_details=upstream_response_5xx response_flag=URS status=500 type=request upstream_addr="http://127.0.0.1:9000/status/500" upstream_status=500`,
    ],
    [
      'dead upstream',
      deadUpstream,
      `${BROOK} error_source=ReverseProxy error_target="127.0.0.1:9000/a" method=GET original_path=/brook/a path=/a response_code_details=connection_refused response_flag=UCF status=500 upstream_addr="http://127.0.0.1:9000/a"`,
    ],
    [
      'client goes away',
      gone,
      `${BROOK} error_source=ReverseProxy error_target="127.0.0.1:9000/delay/600" method=GET original_path=/brook/delay/600 path=/delay/600 response_code_details=client_disconnected response_flag=CDC status=499 upstream_addr="http://127.0.0.1:9000/delay/600"`,
    ],
    [
      'TLS: expired',
      expired,
      `${BROOK} error_source=ReverseProxy error_target="127.0.0.1:9000/a" method=GET original_path=/brook/a path=/a response_code_details=tls_certificate_expired response_flag=TLE status=500 upstream_addr="http://127.0.0.1:9000/a"`,
    ],
  ])('%s', (_, make, want) => {
    expect(short(make())).toBe(want);
  });

  it.each<[string, Partial<GatewayConfig>, string, string]>([
    ['shortened', {}, '"****0001"', '--'],
    ['hashed', { hash_keys: true }, 'f4cc17f96830ce2e', '00000000'],
    ['in the open', { enable_key_logging: true }, 'org-fernfern-key-0001', ''],
  ])('keys %s', (_, config, key, none) => {
    expect(short(withKey(), config)).toContain(` api_key=${key} `);
    expect(short(noKey(), config)).toContain(` api_key=${none} `);
  });

  it.each<[Partial<GatewayConfig>, string]>([
    [{ hash_keys: true }, '"****0001"'],
    [{ enable_key_logging: true }, 'org-fernfern-key-0001'],
  ])('the key of a refusal with %o', (config, key) => {
    expect(short(inactive(), config)).toContain(` key=${key} `);
  });

  it.each([
    ['success', withKey, 'api_id=keyed api_name="keyed api" org_id=org-fern path=/a prefix=access-log type=request'],
    ['refusal', noKey, 'api_id=keyed api_name="keyed api" mw=AuthKey org_id=org-fern origin=127.0.0.1 path=/keyed/a prefix=access-log type=request'],
    ['dead upstream', deadUpstream, 'path=/a prefix=access-log'],
  ])("a template leaves the logger's own fields: %s", (_, make, want) => {
    expect(line(make(), {}, ['path', 'no_such_field', 'mw'])).toBe(`time="2026-03-01T10:00:00Z" level=info ${want}\n`);
  });

  it.each([
    ['1.0', 'HTTP/1.0'],
    ['2.0', 'HTTP/2.0'],
  ] as const)('HTTP version %s', (version, want) => {
    const x = sent(makeRequest('GET /brook/a', brook), '/a');
    x.head.version = version;
    expect(line(finish(x, answered()))).toContain(` protocol=${want} `);
  });

  it('tell an IPv6 client with its port, and the type of the API', () => {
    const api = makeApi('gql', { graphql: { enabled: true } });
    const x = makeRequest('POST /gql/', api);
    const there = { ...x.wire, connection: { ...x.wire.connection, remoteAddress: '::1', remotePort: 5000 } };
    const text = line(finish(Object.assign(x, { wire: there }), { status: 200, refusal: undefined, failure: undefined, proxied: false }));
    expect(text).toContain(' api_type=graphql ');
    expect(text).toContain(' remote_addr="[::1]:5000" status=200 type=request upstream_addr=/gql/ ');
  });

  it('are off unless they are switched on and the level lets them through', () => {
    expect(accessLine(makeConfig())).toBeUndefined();
    expect(accessLine(makeConfig({ access_logs: { enabled: true, template: [] }, log_level: 'error' }))).toBeUndefined();
  });
});
