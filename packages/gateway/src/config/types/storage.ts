import type { TextMap } from '../field.ts';

/** One Redis or Valkey: single, Sentinel (`master_name`) or Cluster (`enable_cluster`). */
export interface RedisConfig {
  readonly type: string;
  readonly host: string;
  readonly hosts: TextMap;
  readonly port: number;
  readonly addrs: readonly string[];
  readonly master_name: string;
  readonly sentinel_password: string;
  readonly username: string;
  readonly password: string;
  readonly database: number;
  readonly timeout: number;
  readonly optimisation_max_idle: number;
  readonly optimisation_max_active: number;
  readonly enable_cluster: boolean;
  readonly use_ssl: boolean;
  readonly ssl_insecure_skip_verify: boolean;
  readonly ca_file: string;
  readonly cert_file: string;
  readonly key_file: string;
  readonly tls_min_version: string;
  readonly tls_max_version: string;
  readonly compress_api_definitions: boolean;
  readonly compress_policies: boolean;
  readonly max_decompressed_size: number;
  readonly max_retries: number;
  readonly optimise_for_async_use: boolean;
}

export interface StorageConfig {
  readonly storage: RedisConfig;
  readonly enable_separate_analytics_store: boolean;
  readonly analytics_storage: RedisConfig;
  readonly enable_separate_cache_store: boolean;
  readonly cache_storage: RedisConfig;
}
