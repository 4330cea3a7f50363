import type { TextMap } from '../field.ts';

export interface ForwardProxyConfig {
  readonly enabled: boolean;
  readonly http_proxy: string;
  readonly https_proxy: string;
  readonly bypass_proxy: string;
}

export interface ExternalServiceConfig {
  readonly proxy: ForwardProxyConfig;
  readonly mtls: {
    readonly enabled: boolean;
    readonly cert_file: string;
    readonly key_file: string;
    readonly ca_file: string;
    readonly cert_id: string;
    readonly ca_cert_ids: readonly string[];
    readonly insecure_skip_verify: boolean;
    readonly tls_min_version: string;
    readonly tls_max_version: string;
  };
}

export interface StorageProvider {
  readonly name: string;
  readonly storage_engine: string;
  readonly meta: Readonly<Record<string, unknown>>;
}

/** Certificates of all APIs, mutual TLS of the control API, services that the gateway itself calls. */
export interface SecurityConfig {
  readonly security: {
    readonly private_certificate_encoding_secret: string;
    readonly control_api_use_mutual_tls: boolean;
    readonly pinned_public_keys: TextMap;
    readonly allow_unsafe_dynamic_mtls_token: boolean;
    readonly certificates: {
      readonly upstream: TextMap;
      readonly apis: readonly string[];
      readonly control_api: readonly string[];
      readonly dashboard_api: readonly string[];
      readonly mdcb_api: readonly string[];
    };
    readonly certificate_expiry_monitor: {
      readonly warning_threshold_days: number;
      readonly check_cooldown_seconds: number;
      readonly event_cooldown_seconds: number;
    };
  };
  readonly external_services: {
    readonly global: ForwardProxyConfig;
    readonly oauth: ExternalServiceConfig;
    readonly analytics: ExternalServiceConfig;
    readonly storage: ExternalServiceConfig;
    readonly webhooks: ExternalServiceConfig;
    readonly health: ExternalServiceConfig;
    readonly discovery: ExternalServiceConfig;
  };
  readonly auth_override: {
    readonly force_auth_provider: boolean;
    readonly auth_provider: StorageProvider;
    readonly force_session_provider: boolean;
    readonly session_provider: StorageProvider;
  };
}
