import { boolean, integer, map, section, type Table, text, texts } from '../field.ts';
import type { RedisConfig, StorageConfig } from '../types/storage.ts';

const redis: Table<RedisConfig> = {
  type: text('`redis`; empty is the embedded store.', { initial: '' }),
  host: text('Host name.'),
  hosts: map('Former form of `addrs`: host → port.'),
  port: integer('Port.'),
  addrs: texts('`host:port` of the members of a cluster, or of the sentinels.'),
  master_name: text('Name of the master that the sentinels watch.'),
  sentinel_password: text('Password of the sentinels.', { secret: true }),
  username: text('User name.'),
  password: text('Password.', { secret: true }),
  database: integer('Number of the database.'),
  timeout: integer('Seconds to wait for an answer.', { zero: 5 }),
  optimisation_max_idle: integer('Idle connections that are kept.', { env: 'MAXIDLE' }),
  optimisation_max_active: integer('Most connections.', { env: 'MAXACTIVE', zero: 500 }),
  enable_cluster: boolean('The addresses are a Redis Cluster.'),
  use_ssl: boolean('TLS towards Redis.'),
  ssl_insecure_skip_verify: boolean('The server certificate is not checked.'),
  ca_file: text('PEM file of authorities.'),
  cert_file: text('PEM file of the client certificate.'),
  key_file: text('PEM file of its key.'),
  tls_min_version: text('Oldest TLS version.', { zero: '1.2' }),
  tls_max_version: text('Newest TLS version.', { zero: '1.3' }),
  compress_api_definitions: boolean('Definitions are stored compressed.'),
  compress_policies: boolean('Policies are stored compressed.'),
  max_decompressed_size: integer('Bytes that a stored value may unpack to.', { zero: 104_857_600 }),
  max_retries: integer('Further attempts after a failure.', { unused: true }),
  optimise_for_async_use: boolean('Has no effect.', { unused: true }),
};

export const storage: Table<StorageConfig> = {
  storage: section('Redis or Valkey for keys, counters and certificates.', redis),
  enable_separate_analytics_store: boolean('Analytics have a Redis of their own.', { env: 'ENABLESEPERATEANALYTICSSTORE' }),
  analytics_storage: section('Redis for analytics.', redis),
  enable_separate_cache_store: boolean('Cached answers have a Redis of their own.', { env: 'ENABLESEPERATECACHESTORE' }),
  cache_storage: section('Redis for cached answers.', redis),
};
