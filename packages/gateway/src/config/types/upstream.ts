/** Connections to upstreams. */
export interface UpstreamConfig {
  readonly proxy_default_timeout: number;
  readonly max_idle_connections: number;
  readonly max_idle_connections_per_host: number;
  readonly max_conn_time: number;
  readonly close_idle_connections: boolean;
  readonly proxy_close_connections: boolean;
  readonly proxy_enable_http2: boolean;
  readonly proxy_ssl_insecure_skip_verify: boolean;
  readonly proxy_ssl_min_version: number;
  readonly proxy_ssl_max_version: number;
  readonly proxy_ssl_ciphers: readonly string[];
  readonly proxy_ssl_disable_renegotiation: boolean;
  readonly ssl_force_common_name_check: boolean;
  readonly jwt_ssl_insecure_skip_verify: boolean;
  readonly service_discovery: { readonly default_cache_timeout: number };
  readonly dns_cache: {
    readonly enabled: boolean;
    readonly ttl: number;
    readonly check_interval: number;
    readonly multiple_ips_handle_strategy: string;
  };
  readonly uptime_tests: {
    readonly disable: boolean;
    readonly poller_group: string;
    readonly config: {
      readonly failure_trigger_sample_size: number;
      readonly time_wait: number;
      readonly checker_pool_size: number;
      readonly enable_uptime_analytics: boolean;
    };
  };
  readonly ignore_endpoint_case: boolean;
  readonly ignore_canonical_mime_header_key: boolean;
}
