import type { AuthConfig, BasicAuth, ExternalOAuth, Notifications, OAuthMeta, OpenIdOptions, Scopes, StorageProvider } from './auth.ts';
import type { GraphQL } from './graphql.ts';
import type { AnalyticsPlugin, CustomMiddleware, EventHandlers, ResponseProcessor } from './plugins.ts';
import type { CacheOptions, Cors, ErrorOverride, GlobalRateLimit } from './traffic.ts';
import type { Proxy, RequestSigning, UpstreamAuth, UptimeTests } from './upstream.ts';
import type { VersionData, VersionDefinition } from './versions.ts';

/**
 * A Classic API definition, complete: every field is there, with its zero value where the document had none. `null` is a list or map that was not
 * given, which means the same as an empty one. The fields' meanings are in spec/gateway/api-definition-classic.md.
 */
export interface ClassicApi {
  /** Database id, 24 hexadecimal digits; no meaning for the data plane. */
  id: string;
  name: string;
  /** `2006-01-02 15:04` in UTC. */
  expiration: string;
  slug: string;
  /** 0: the gateway's port. */
  listen_port: number;
  protocol: string;
  enable_proxy_protocol: boolean;
  api_id: string;
  org_id: string;
  use_keyless: boolean;
  use_oauth2: boolean;
  external_oauth: ExternalOAuth;
  use_openid: boolean;
  openid_options: OpenIdOptions;
  oauth_meta: OAuthMeta;
  /** Deprecated form of `auth_configs.authToken` and `.jwt`. */
  auth: AuthConfig;
  /** `authToken`, `jwt`, `hmac`, `basic`, `coprocess`, `oauth`, `externalOAuth`, `oidc`. */
  auth_configs: Record<string, AuthConfig> | null;
  use_basic_auth: boolean;
  basic_auth: BasicAuth;
  use_mutual_tls_auth: boolean;
  client_certificates: string[] | null;
  /** Host pattern → certificate id. */
  upstream_certificates: Record<string, string> | null;
  upstream_certificates_disabled: boolean;
  /** Host pattern → ids of public keys, separated by commas. */
  pinned_public_keys: Record<string, string> | null;
  certificate_pinning_disabled: boolean;
  enable_jwt: boolean;
  use_standard_auth: boolean;
  use_go_plugin_auth: boolean;
  enable_coprocess_auth: boolean;
  custom_plugin_auth_enabled: boolean;
  /** `hmac` (default), `rsa` or `ecdsa`. */
  jwt_signing_method: string;
  jwt_source: string;
  jwt_jwks_uris: { url: string; cache_timeout: number }[] | null;
  jwt_identity_base_field: string;
  jwt_client_base_field: string;
  jwt_policy_field_name: string;
  jwt_default_policies: string[] | null;
  /** Seconds, as the two below. */
  jwt_issued_at_validation_skew: number;
  jwt_expires_at_validation_skew: number;
  jwt_not_before_validation_skew: number;
  jwt_skip_kid: boolean;
  scopes: Scopes;
  idp_client_id_mapping_disabled: boolean;
  jwt_scope_to_policy_mapping: Record<string, string> | null;
  jwt_scope_claim_name: string;
  notifications: Notifications;
  enable_signature_checking: boolean;
  /** Milliseconds; 0 or less: unchecked. */
  hmac_allowed_clock_skew: number;
  hmac_allowed_algorithms: string[] | null;
  request_signing: RequestSigning;
  base_identity_provided_by: string;
  definition: VersionDefinition;
  version_data: VersionData;
  uptime_tests: UptimeTests;
  proxy: Proxy;
  disable_rate_limit: boolean;
  disable_quota: boolean;
  custom_middleware: CustomMiddleware;
  custom_middleware_bundle: string;
  custom_middleware_bundle_disabled: boolean;
  cache_options: CacheOptions;
  session_lifetime_respects_key_expiration: boolean;
  /** Seconds. */
  session_lifetime: number;
  active: boolean;
  internal: boolean;
  auth_provider: StorageProvider;
  session_provider: StorageProvider;
  event_handlers: EventHandlers;
  enable_batch_request_support: boolean;
  enable_ip_whitelisting: boolean;
  allowed_ips: string[] | null;
  enable_ip_blacklisting: boolean;
  blacklisted_ips: string[] | null;
  ip_access_control_disabled: boolean;
  dont_set_quota_on_create: boolean;
  /** Seconds. */
  expire_analytics_after: number;
  response_processors: ResponseProcessor[] | null;
  CORS: Cors;
  domain: string;
  domain_disabled: boolean;
  certificates: string[] | null;
  do_not_track: boolean;
  enable_context_vars: boolean;
  config_data: Record<string, unknown> | null;
  config_data_disabled: boolean;
  tag_headers: string[] | null;
  global_rate_limit: GlobalRateLimit;
  strip_auth_data: boolean;
  enable_detailed_recording: boolean;
  graphql: GraphQL;
  analytics_plugin: AnalyticsPlugin;
  tags_disabled: boolean;
  tags: string[] | null;
  is_oas: boolean;
  detailed_tracing: boolean;
  upstream_auth: UpstreamAuth;
  security_requirements: (string[] | null)[] | null;
  security_requirement_scopes: unknown;
  json_rpc_version: string;
  application_protocol: string;
  error_overrides: Record<string, ErrorOverride[] | null> | null;
  error_overrides_disabled: boolean;
}
