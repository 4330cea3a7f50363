import type { TextMap } from '../field.ts';

/** Rate limits, quotas and OAuth tokens. */
export interface LimitsConfig {
  readonly enable_fixed_window_rate_limiter: boolean;
  readonly enable_redis_rolling_limiter: boolean;
  readonly enable_sentinel_rate_limiter: boolean;
  readonly drl_enable_sentinel_rate_limiter: boolean;
  readonly enable_non_transactional_rate_limiter: boolean;
  readonly enable_rate_limit_smoothing: boolean;
  readonly drl_notification_frequency: number;
  readonly drl_threshold: number;
  readonly rate_limit_response_headers: string;
  readonly enforce_org_quotas: boolean;
  readonly enforce_org_data_age: boolean;
  readonly enforce_org_data_detail_logging: boolean;
  readonly experimental_process_org_off_thread: boolean;
  readonly legacy_enable_allowance_countdown: boolean;
  readonly monitor: {
    readonly enable_trigger_monitors: boolean;
    readonly configuration: {
      readonly method: string;
      readonly target_path: string;
      readonly template_path: string;
      readonly header_map: TextMap;
      readonly event_timeout: number;
    };
    readonly global_trigger_limit: number;
    readonly monitor_user_keys: boolean;
    readonly monitor_org_keys: boolean;
  };
  readonly oauth_token_expire: number;
  readonly oauth_refresh_token_expire: number;
  readonly oauth_token_expired_retain_period: number;
  readonly oauth_redirect_uri_separator: string;
  readonly oauth_error_status_code: number;
  readonly jwks: { readonly cache: { readonly timeout: number } };
}
