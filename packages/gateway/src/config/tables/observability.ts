import { anything, boolean, integer, section, type Table, text, texts } from '../field.ts';
import type { ObservabilityConfig } from '../types/observability.ts';

export const observability: Table<ObservabilityConfig> = {
  log_level: text('Least level that is logged.', { zero: 'info', oneOf: ['debug', 'info', 'warn', 'error'] }),
  log_format: text('Form of the log: `text`, `json` or `legacy`; another value is `text`.', { zero: 'text' }),
  access_logs: section('A line per request.', { enabled: boolean('Lines are written.'), template: texts('Fields of the line; empty is all.') }),
  enable_key_logging: boolean('Logs show keys in full.'),
  track_404_logs: boolean('Requests without an API are logged.'),
  opentelemetry: anything('Traces and metrics over OTLP.'),
  tracing: section(
    'Former tracing.',
    {
      enabled: boolean('Former switch.', { unused: true }),
      name: text('Former tracer.', { unused: true }),
      options: anything('Former options.', { unused: true }),
    },
    { env: 'TRACER' },
  ),
  statsd_connection_string: text('Address of a StatsD server.'),
  statsd_prefix: text('Prefix of its names.'),
  newrelic: section('New Relic.', {
    app_name: text('Application.', { unused: true }),
    license_key: text('Licence.', { unused: true, secret: true }),
    enable_distributed_tracing: boolean('Distributed tracing.', { unused: true }),
  }),
  use_sentry: boolean('Errors go to Sentry.'),
  sentry_code: text('Its address with key.', { secret: true }),
  sentry_log_level: text('Least level that goes there.'),
  use_syslog: boolean('The log goes to syslog.'),
  syslog_transport: text('`udp` or `tcp`; empty is the local one.'),
  syslog_network_addr: text('Its address.'),
  use_graylog: boolean('The log goes to Graylog.'),
  graylog_network_addr: text('Its address.'),
  use_logstash: boolean('The log goes to Logstash.'),
  logstash_transport: text('`udp` or `tcp`.'),
  logstash_network_addr: text('Its address.'),
  use_redis_log: boolean('The log goes to Redis.'),
  enable_http_profiler: boolean('Profiles can be taken over HTTP.', { env: 'HTTPPROFILE' }),
  health_check: section('Health numbers per API.', {
    enable_health_checks: boolean('They are collected.'),
    health_check_value_timeouts: integer('Seconds that they cover.', { zero: 60, env: 'HEALTHCHECKVALUETIMEOUT' }),
  }),
  override_messages: anything('Error id → message and code.'),
  error_overrides: anything('Status or class → rules that replace errors.'),
};
