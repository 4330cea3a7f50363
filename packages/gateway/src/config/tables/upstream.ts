import { boolean, decimal, integer, section, type Table, text, texts } from '../field.ts';
import type { UpstreamConfig } from '../types/upstream.ts';

export const upstream: Table<UpstreamConfig> = {
  proxy_default_timeout: decimal('Seconds to wait for an upstream.', { zero: 30 }),
  max_idle_connections: integer('Idle upstream connections of the whole process; 0 is no limit.', { env: 'MAXIDLECONNS' }),
  max_idle_connections_per_host: integer('Idle connections kept per upstream.', { zero: 500, product: 500, env: 'MAXIDLECONNSPERHOST' }),
  max_conn_time: integer('Seconds after which upstream connections are made anew; 0 is never.'),
  close_idle_connections: boolean('Has no effect.', { unused: true }),
  proxy_close_connections: boolean('Upstream connections are closed after each request.'),
  proxy_enable_http2: boolean('HTTP/2 to upstreams over TLS.'),
  proxy_ssl_insecure_skip_verify: boolean('Certificates of upstreams are not checked.'),
  proxy_ssl_min_version: integer('Oldest TLS version to upstreams: 769 to 772.'),
  proxy_ssl_max_version: integer('Newest TLS version to upstreams: 769 to 772.'),
  proxy_ssl_ciphers: texts('Names of the cipher suites to upstreams.', { env: 'PROXYSSLCIPHERSUITES' }),
  proxy_ssl_disable_renegotiation: boolean('Upstreams may not renegotiate.'),
  ssl_force_common_name_check: boolean('The common name of an upstream certificate must fit as well.'),
  jwt_ssl_insecure_skip_verify: boolean('Certificates of key-set servers are not checked.'),
  service_discovery: section('Targets that a service tells.', {
    default_cache_timeout: integer('Seconds that they are kept.', { zero: 120 }),
  }),
  dns_cache: section('Names of upstreams.', {
    enabled: boolean('Resolved names are kept.'),
    ttl: integer('Seconds.', { initial: 3600 }),
    check_interval: integer('Seconds between clearing rounds.', { initial: 60 }),
    multiple_ips_handle_strategy: text('Which of several addresses is taken.', {
      zero: 'no_cache',
      initial: 'no_cache',
      oneOf: ['no_cache', 'pick_first', 'random'],
    }),
  }),
  uptime_tests: section('Tests of upstream hosts.', {
    disable: boolean('No tests.'),
    poller_group: text('Gateways of one group test once.'),
    config: section('How they run.', {
      failure_trigger_sample_size: integer('Failures until a host is down.', { zero: 3 }),
      time_wait: integer('Seconds between two tests.', { zero: 10 }),
      checker_pool_size: integer('Tests at the same time; 0 is one per core.'),
      enable_uptime_analytics: boolean('Results are recorded.'),
    }),
  }),
  ignore_endpoint_case: boolean('Endpoint paths match in any case.'),
  ignore_canonical_mime_header_key: boolean('Header names that the gateway adds keep their case.'),
};
