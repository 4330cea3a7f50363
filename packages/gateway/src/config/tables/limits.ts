import { boolean, decimal, integer, map, section, type Table, text } from '../field.ts';
import type { LimitsConfig } from '../types/limits.ts';

export const limits: Table<LimitsConfig> = {
  enable_fixed_window_rate_limiter: boolean('Rates are counted in fixed windows.'),
  enable_redis_rolling_limiter: boolean('Rates are counted exactly, over a rolling window.'),
  enable_sentinel_rate_limiter: boolean('A rolling window that is checked beside the request.'),
  drl_enable_sentinel_rate_limiter: boolean('The sentinel takes over at low rates.'),
  enable_non_transactional_rate_limiter: boolean('The rolling window is counted without a transaction.'),
  enable_rate_limit_smoothing: boolean('Limits of keys with smoothing grow and shrink in steps.'),
  drl_notification_frequency: integer('Seconds between messages among gateways about their load.', { zero: 2 }),
  drl_threshold: decimal('Requests per gateway below which the exact limiter takes over.', { zero: 5 }),
  rate_limit_response_headers: text('What the X-RateLimit headers show.', { zero: 'quotas', oneOf: ['quotas', 'rate_limits'] }),
  enforce_org_quotas: boolean('Quotas and rates of organisations count.'),
  enforce_org_data_age: boolean('Organisations decide how long analytics are kept.'),
  enforce_org_data_detail_logging: boolean('Organisations decide on detailed recording.'),
  experimental_process_org_off_thread: boolean('Organisation limits are checked beside the request.'),
  legacy_enable_allowance_countdown: boolean('Sessions count their allowance down.'),
  monitor: section('Notices when quotas run low.', {
    enable_trigger_monitors: boolean('Notices are sent.'),
    configuration: section(
      'Where they go.',
      {
        method: text('Method.'),
        target_path: text('Address.'),
        template_path: text('Template file of the body.'),
        header_map: map('Headers.', { env: 'HEADERLIST' }),
        event_timeout: integer('Seconds within which a notice is not repeated.'),
      },
      { env: 'CONFIG' },
    ),
    global_trigger_limit: decimal('Percentage of the quota that triggers.'),
    monitor_user_keys: boolean('Keys are watched.'),
    monitor_org_keys: boolean('Organisations are watched.'),
  }),
  oauth_token_expire: integer('Seconds that an OAuth token is valid.', { zero: 3600 }),
  oauth_refresh_token_expire: integer('Seconds that a refresh token is valid.', { zero: 1_209_600, env: 'OAUTHREFRESHEXPIRE' }),
  oauth_token_expired_retain_period: integer('Seconds that expired tokens stay listed.'),
  oauth_redirect_uri_separator: text('Separates several redirect addresses of a client.'),
  oauth_error_status_code: integer('Status of OAuth errors.', { zero: 403 }),
  jwks: section('Key sets of token issuers.', { cache: section('Their cache.', { timeout: integer('Seconds.', { zero: 240 }) }) }),
};
