import type { AnyMap, TextMap } from '../field.ts';

export interface ConsulConfig {
  readonly address: string;
  readonly scheme: string;
  readonly datacenter: string;
  readonly http_auth: { readonly username: string; readonly password: string };
  readonly wait_time: number;
  readonly token: string;
  readonly tls_config: {
    readonly address: string;
    readonly ca_path: string;
    readonly ca_file: string;
    readonly cert_file: string;
    readonly key_file: string;
    readonly insecure_skip_verify: boolean;
  };
}

export interface VaultConfig {
  readonly address: string;
  readonly agent_address: string;
  readonly max_retries: number;
  readonly timeout: number;
  readonly token: string;
  readonly kv_version: number;
}

/** Where API definitions, policies, keys and secrets come from. */
export interface DefinitionsConfig {
  readonly app_path: string;
  readonly use_db_app_configs: boolean;
  readonly db_app_conf_options: {
    readonly connection_string: string;
    readonly connection_timeout: number;
    readonly node_is_segmented: boolean;
    readonly tags: readonly string[];
  };
  readonly policies: {
    readonly policy_source: string;
    readonly policy_path: string;
    readonly policy_record_name: string;
    readonly policy_connection_string: string;
    readonly allow_explicit_policy_id: boolean;
  };
  readonly allow_unsafe_policy_ids: boolean;
  readonly hash_keys: boolean;
  readonly hash_key_function: string;
  readonly hash_key_function_fallback: readonly string[];
  readonly basic_auth_hash_key_function: string;
  readonly enable_hashed_keys_listing: boolean;
  readonly min_token_length: number;
  readonly disable_key_actions_by_username: boolean;
  readonly allow_master_keys: boolean;
  readonly local_session_cache: {
    readonly disable_cached_session_state: boolean;
    readonly cached_session_timeout: number;
    readonly cached_session_eviction: number;
  };
  readonly force_global_session_lifetime: boolean;
  readonly global_session_lifetime: number;
  readonly session_lifetime_respects_key_expiration: boolean;
  readonly suppress_default_org_store: boolean;
  readonly suppress_redis_signal_reload: boolean;
  readonly reload_interval: number;
  readonly reload_wait_time: number;
  readonly resource_sync: { readonly retry_attempts: number; readonly interval: number };
  readonly secrets: TextMap;
  readonly kv: {
    readonly consul: ConsulConfig;
    readonly vault: VaultConfig;
    readonly file: { readonly base_path: string };
    readonly stores: AnyMap;
  };
  readonly public_key_path: string;
  readonly allow_insecure_configs: boolean;
  readonly oas_config: { readonly validate_examples: boolean; readonly validate_schema_defaults: boolean };
  readonly enable_api_segregation: boolean;
}
