import { describe, expect, it } from 'vitest';
import { convert, header, type Row } from './test/convert.ts';

describe('§4 upstream', () => {
  const rows: readonly Row[] = [
    ['url', { upstream: { url: 'http://x/y' } }, { proxy: { target_url: 'http://x/y' } }],
    [
      'mutualTLS',
      { upstream: { mutualTLS: { enabled: true, domainToCertificateMapping: [{ domain: '*.a.b', certificate: 'c' }] } } },
      { upstream_certificates_disabled: false, upstream_certificates: { '*.a.b': 'c' } },
    ],
    [
      'certificatePinning',
      { upstream: { certificatePinning: { enabled: true, domainToPublicKeysMapping: [{ domain: 'a', publicKeys: ['k', 'l'] }] } } },
      { certificate_pinning_disabled: false, pinned_public_keys: { a: 'k,l' } },
    ],
    ['rateLimit', { upstream: { rateLimit: { enabled: true, rate: 5, per: '1m30s' } } }, { global_rate_limit: { disabled: false, rate: 5, per: 90 } }],
    [
      'loadBalancing: weights are repetitions, zero drops',
      {
        upstream: {
          loadBalancing: {
            enabled: true,
            skipUnavailableHosts: true,
            targets: [
              { url: 'a', weight: 2 },
              { url: 'b', weight: 0 },
              { url: 'c', weight: 1 },
            ],
          },
        },
      },
      { proxy: { enable_load_balancing: true, target_list: ['a', 'a', 'c'], check_host_against_uptime_tests: true } },
    ],
    [
      'preserve',
      { upstream: { preserveHostHeader: { enabled: true }, preserveTrailingSlash: { enabled: true } } },
      { proxy: { preserve_host_header: true, disable_strip_slash: true } },
    ],
    [
      'tlsTransport',
      { upstream: { tlsTransport: { insecureSkipVerify: true, ciphers: ['C'], minVersion: '1.0', maxVersion: '1.3', forceCommonNameCheck: true } } },
      {
        proxy: {
          transport: { ssl_insecure_skip_verify: true, ssl_ciphers: ['C'], ssl_min_version: 769, ssl_max_version: 772, ssl_force_common_name_check: true },
        },
      },
    ],
    ['proxy counts even when it is off', { upstream: { proxy: { enabled: false, url: 'http://p' } } }, { proxy: { transport: { proxy_url: 'http://p' } } }],
    [
      'enforceTimeout',
      { upstream: { enforceTimeout: { enabled: true, duration: '200ms' } } },
      { version_data: { versions: { '': { global_enforce_timeout: '200ms', global_enforce_timeout_disabled: false } } } },
    ],
    [
      'serviceDiscovery',
      {
        upstream: {
          serviceDiscovery: { enabled: true, queryEndpoint: 'http://q', dataPath: 'd', cache: { enabled: true, timeout: 7 }, endpointReturnsList: true },
        },
      },
      {
        proxy: {
          service_discovery: {
            use_discovery_service: true,
            query_endpoint: 'http://q',
            data_path: 'd',
            cache_disabled: false,
            cache_timeout: 7,
            endpoint_returns_list: true,
          },
        },
      },
    ],
    [
      'serviceDiscovery: the older time switches the cache on',
      { upstream: { serviceDiscovery: { enabled: true, cacheTimeout: 7 } } },
      { proxy: { service_discovery: { cache_disabled: false, cache_timeout: 7 } } },
    ],
    [
      'uptimeTests',
      {
        upstream: {
          uptimeTests: {
            enabled: true,
            hostDownRetestPeriod: '10s',
            logRetentionPeriod: '1m',
            tests: [
              { url: 'http://t', timeout: '10ms', method: 'GET', headers: { A: 'b' }, commands: [{ name: 'send', message: 'm' }], enableProxyProtocol: true },
            ],
          },
        },
      },
      {
        uptime_tests: {
          disabled: false,
          config: { recheck_wait: 10, expire_utime_after: 60 },
          check_list: [
            {
              url: 'http://t',
              timeout: 10_000_000,
              method: 'GET',
              headers: { A: 'b' },
              commands: [{ name: 'send', message: 'm' }],
              enable_proxy_protocol: true,
            },
          ],
        },
      },
    ],
    [
      'basic authentication',
      { upstream: { authentication: { enabled: true, basicAuth: { enabled: true, header, username: 'u', password: 'p' } } } },
      { upstream_auth: { enabled: true, basic_auth: { enabled: true, username: 'u', password: 'p', header: { enabled: true, name: 'X-H' } } } },
    ],
    [
      'OAuth',
      {
        upstream: {
          authentication: {
            enabled: true,
            oauth: {
              enabled: true,
              allowedAuthorizeTypes: ['password'],
              password: { clientId: 'c', clientSecret: 's', tokenUrl: 't', username: 'u', password: 'p', scopes: ['x'], extraMetadata: ['m'] },
            },
          },
        },
      },
      {
        upstream_auth: {
          oauth: {
            enabled: true,
            allowed_authorize_types: ['password'],
            password: { client_id: 'c', client_secret: 's', token_url: 't', username: 'u', password: 'p', scopes: ['x'], extra_metadata: ['m'] },
          },
        },
      },
    ],
    [
      'request signing does not ask for the outer switch',
      {
        upstream: {
          authentication: { enabled: false, requestSigning: { enabled: true, keyId: 'k', algorithm: 'hmac-sha256', headers: ['date'], secret: 's' } },
        },
      },
      { upstream_auth: { enabled: false }, request_signing: { is_enabled: true, key_id: 'k', algorithm: 'hmac-sha256', header_list: ['date'], secret: 's' } },
    ],
  ];
  it.each(rows)('%s', (_name, parts, classic) => expect(convert(parts)).toMatchObject(classic));
});
