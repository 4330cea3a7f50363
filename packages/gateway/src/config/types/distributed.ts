import type { AnyMap } from '../field.ts';

/** Edge gateways, the control plane, and knobs of the runtime. */
export interface DistributedConfig {
  readonly slave_options: {
    readonly use_rpc: boolean;
    readonly use_ssl: boolean;
    readonly ssl_insecure_skip_verify: boolean;
    readonly connection_string: string;
    readonly rpc_key: string;
    readonly api_key: string;
    readonly enable_rpc_cache: boolean;
    readonly bind_to_slugs: boolean;
    readonly disable_keyspace_sync: boolean;
    readonly group_id: string;
    readonly call_timeout: number;
    readonly ping_timeout: number;
    readonly rpc_pool_size: number;
    readonly key_space_sync_interval: number;
    readonly rpc_cert_cache_expiration: number;
    readonly rpc_global_cache_expiration: number;
    readonly rpc_cert_fetch_max_elapsed_time: number;
    readonly rpc_cert_fetch_initial_interval: number;
    readonly rpc_cert_fetch_max_interval: number;
    readonly rpc_cert_fetch_retry_enabled: boolean;
    readonly rpc_cert_fetch_max_retries: number;
    readonly synchroniser_enabled: boolean;
    readonly dns_monitor: { readonly enabled: boolean; readonly check_interval: number };
    readonly sync_used_certs_only: boolean;
  };
  readonly management_node: boolean;
  readonly disable_dashboard_zeroconf: boolean;
  readonly allow_remote_config: boolean;
  readonly cloud: boolean;
  readonly disable_regexp_cache: boolean;
  readonly regexp_cache_expire: number;
  readonly regexp_cache_max_entries: number;
  readonly disable_regexp_cache_bound: boolean;
  readonly disable_auto_max_procs: boolean;
  readonly optimisations_use_async_session_write: boolean;
  readonly labs: AnyMap;
}
