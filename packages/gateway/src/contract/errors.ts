/**
 * Every refusal the gateway can answer with. Statuses and texts are those of Tyk 5.14 (spec/gateway/request-chain.md §3 and §4): they are an
 * interface, also where they are odd. `flag` and `details` are the response flag and its class of
 * spec/gateway/analytics-and-observability.md §7; empty where Tyk has none.
 */
export interface ErrorRow {
  readonly code: string;
  readonly status: number;
  /** Text for the client; `%s` is replaced by the refusal's detail. */
  readonly text: string;
  readonly flag: string;
  readonly details: string;
}

/** `[code, status, text, flag?, details?]`. */
const ROWS = [
  // version-access (VersionCheck)
  ['VERSION_NOT_FOUND', 403, 'Version information not found'],
  ['VERSION_DOES_NOT_EXIST', 404, 'This API version does not seem to exist'],
  ['VERSION_DOES_NOT_EXIST_CLASSIC', 403, 'This API version does not seem to exist'],
  ['VERSION_EXPIRED', 403, 'Api Version has expired, please check documentation or contact administrator'],
  ['API_EXPIRED', 403, 'API has expired, please check documentation or contact administrator'],
  ['ENDPOINT_FORBIDDEN', 403, 'Requested endpoint is forbidden'],
  ['NO_DEFAULT_VERSION', 403, 'No default API version for this non-versioned API found'],
  ['AMBIGUOUS_DEFAULT_VERSION', 403, 'Ambiguous default API version for this non-versioned API'],
  ['VERSION_TARGET_MISSING', 500, 'Internal Server Error'],
  // admit
  ['IP_DISALLOWED', 403, 'access from this IP has been disallowed'],
  ['LENGTH_REQUIRED', 411, 'Content length is required for this request', 'CLM', 'content_length_missing'],
  ['LENGTH_INVALID', 400, 'content length is not a valid Integer'],
  ['REQUEST_TOO_LARGE', 400, 'Request is too large', 'BTL', 'body_too_large'],
  // identify
  ['AUTH_FIELD_MISSING', 401, 'Authorization field missing', 'AMF', 'auth_field_missing'],
  ['AUTH_KEY_NOT_FOUND', 403, 'Access to this API has been disallowed', 'AKI', 'auth_key_not_found'],
  ['KEY_STATE_MISSING', 400, 'Session state is missing or unset! Please make sure that auth headers are properly applied'],
  ['KEY_INACTIVE', 403, 'Key is inactive, please renew'],
  ['KEY_EXPIRED', 401, 'Key has expired, please renew', 'TKE', 'auth_cert_expired'],
  // authorize
  ['API_DISALLOWED', 403, 'Access to this API has been disallowed'],
  ['RESOURCE_DISALLOWED', 403, 'Access to this resource has been disallowed'],
  // limit
  ['RATE_LIMIT_EXCEEDED', 429, 'Rate Limit Exceeded', 'RLT', 'session_rate_limited'],
  ['API_RATE_LIMIT_EXCEEDED', 429, 'API Rate Limit Exceeded', 'RLT', 'api_rate_limited'],
  ['QUOTA_EXCEEDED', 403, 'Quota exceeded', 'QEX', 'quota_exceeded'],
  ['LIMITER_FAILED', 500, 'there was a problem proxying the request'],
  // transform
  ['REWRITE_FAILED', 500, '%s'],
  ['METHOD_NOT_ALLOWED', 405, 'Method not allowed'],
  ['MOCK_FAILED', 500, 'failed to mock response: %s'],
  // loop
  ['LOOP_TOO_DEEP', 500, 'Loop level too deep. Found more than %s loops in single request'],
  ['LOOP_TARGET_UNKNOWN', 500, "Can't detect loop target"],
  ['LOOP_TARGET_MISSING', 500, "Couldn't detect target"],
  // upstream
  ['UPSTREAM_TIMEOUT', 504, 'Upstream service reached hard timeout.', 'URT', 'context_deadline_exceeded'],
  ['CLIENT_GONE', 499, 'Client closed request', 'CDC', 'client_disconnected'],
  ['UPSTREAM_LOOKUP_FAILED', 500, 'Upstream host lookup failed', 'DNS', 'dns_not_found'],
  ['UPSTREAM_REFUSED', 500, 'There was a problem proxying the request', 'UCF', 'connection_refused'],
  ['UPSTREAM_CONNECT_TIMEOUT', 500, 'There was a problem proxying the request', 'UCT', 'connection_timeout'],
  ['UPSTREAM_RESET', 500, 'There was a problem proxying the request', 'URR', 'connection_reset'],
  ['UPSTREAM_FAILED', 500, 'There was a problem proxying the request', 'UPE', 'upstream_error'],
  ['REQUEST_BODY_UNREADABLE', 500, 'There was a problem with reading Body of the Request.'],
  // ours
  ['API_DISABLED', 503, 'This API is disabled because of a problem in its definition'],
  ['ENDPOINT_DISABLED', 503, 'This endpoint is disabled because it uses a feature that is not supported yet'],
  ['INTERNAL', 500, 'Internal Server Error'],
] as const;

export type ErrorCode = (typeof ROWS)[number][0];

/** The table, each row knowing its own code. */
export const E: Readonly<Record<ErrorCode, ErrorRow>> = Object.fromEntries(
  ROWS.map(([code, status, text, flag = '', details = '']) => [code, { code, status, text, flag, details }]),
) as Record<ErrorCode, ErrorRow>;
