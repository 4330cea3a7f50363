import type { AnyMap } from '../field.ts';

/** Logs, traces, metrics and error texts. */
export interface ObservabilityConfig {
  readonly log_level: string;
  readonly log_format: string;
  readonly access_logs: { readonly enabled: boolean; readonly template: readonly string[] };
  readonly enable_key_logging: boolean;
  readonly track_404_logs: boolean;
  readonly opentelemetry: AnyMap;
  readonly tracing: { readonly enabled: boolean; readonly name: string; readonly options: AnyMap };
  readonly statsd_connection_string: string;
  readonly statsd_prefix: string;
  readonly newrelic: { readonly app_name: string; readonly license_key: string; readonly enable_distributed_tracing: boolean };
  readonly use_sentry: boolean;
  readonly sentry_code: string;
  readonly sentry_log_level: string;
  readonly use_syslog: boolean;
  readonly syslog_transport: string;
  readonly syslog_network_addr: string;
  readonly use_graylog: boolean;
  readonly graylog_network_addr: string;
  readonly use_logstash: boolean;
  readonly logstash_transport: string;
  readonly logstash_network_addr: string;
  readonly use_redis_log: boolean;
  readonly enable_http_profiler: boolean;
  readonly health_check: { readonly enable_health_checks: boolean; readonly health_check_value_timeouts: number };
  readonly override_messages: AnyMap;
  readonly error_overrides: AnyMap;
}
