import type { AnyMap } from '../field.ts';

export interface PluginsConfig {
  readonly enable_jsvm: boolean;
  readonly jsvm_timeout: number;
  readonly disable_virtual_path_blobs: boolean;
  readonly tyk_js_path: string;
  readonly middleware_path: string;
  readonly template_path: string;
  readonly enable_bundle_downloader: boolean;
  readonly bundle_base_url: string;
  readonly bundle_insecure_skip_verify: boolean;
  readonly skip_verify_existing_plugin_bundle: boolean;
  readonly coprocess_options: {
    readonly enable_coprocess: boolean;
    readonly coprocess_grpc_server: string;
    readonly grpc_recv_max_size: number;
    readonly grpc_send_max_size: number;
    readonly grpc_authority: string;
    readonly grpc_round_robin_load_balancing: boolean;
    readonly python_path_prefix: string;
    readonly python_version: string;
  };
  readonly event_handlers: { readonly events: AnyMap };
  readonly event_triggers_defunct: AnyMap;
  readonly event_trigers_defunct: AnyMap;
  readonly streaming: { readonly enabled: boolean; readonly allow_unsafe: readonly string[] };
}
