import { describe, expect, it } from 'vitest';
import { E, type ErrorCode } from './errors.ts';

/** Statuses and texts of spec/gateway/request-chain.md §3 and §4, by row of the chain. */
const SPECIFIED: readonly (readonly [code: ErrorCode, status: number, text: string])[] = [
  ['VERSION_NOT_FOUND', 403, 'Version information not found'],
  ['VERSION_DOES_NOT_EXIST', 404, 'This API version does not seem to exist'],
  ['VERSION_DOES_NOT_EXIST_CLASSIC', 403, 'This API version does not seem to exist'],
  ['VERSION_EXPIRED', 403, 'Api Version has expired, please check documentation or contact administrator'],
  ['API_EXPIRED', 403, 'API has expired, please check documentation or contact administrator'],
  ['ENDPOINT_FORBIDDEN', 403, 'Requested endpoint is forbidden'],
  ['NO_DEFAULT_VERSION', 403, 'No default API version for this non-versioned API found'],
  ['AMBIGUOUS_DEFAULT_VERSION', 403, 'Ambiguous default API version for this non-versioned API'],
  ['VERSION_TARGET_MISSING', 500, 'Internal Server Error'],
  ['IP_DISALLOWED', 403, 'access from this IP has been disallowed'],
  ['LENGTH_REQUIRED', 411, 'Content length is required for this request'],
  ['LENGTH_INVALID', 400, 'content length is not a valid Integer'],
  ['REQUEST_TOO_LARGE', 400, 'Request is too large'],
  ['AUTH_FIELD_MISSING', 401, 'Authorization field missing'],
  ['AUTH_KEY_NOT_FOUND', 403, 'Access to this API has been disallowed'],
  ['KEY_STATE_MISSING', 400, 'Session state is missing or unset! Please make sure that auth headers are properly applied'],
  ['KEY_INACTIVE', 403, 'Key is inactive, please renew'],
  ['KEY_EXPIRED', 401, 'Key has expired, please renew'],
  ['API_DISALLOWED', 403, 'Access to this API has been disallowed'],
  ['RESOURCE_DISALLOWED', 403, 'Access to this resource has been disallowed'],
  ['RATE_LIMIT_EXCEEDED', 429, 'Rate Limit Exceeded'],
  ['API_RATE_LIMIT_EXCEEDED', 429, 'API Rate Limit Exceeded'],
  ['QUOTA_EXCEEDED', 403, 'Quota exceeded'],
  ['LIMITER_FAILED', 500, 'there was a problem proxying the request'],
  ['METHOD_NOT_ALLOWED', 405, 'Method not allowed'],
  ['LOOP_TOO_DEEP', 500, 'Loop level too deep. Found more than %s loops in single request'],
  ['LOOP_TARGET_UNKNOWN', 500, "Can't detect loop target"],
  ['LOOP_TARGET_MISSING', 500, "Couldn't detect target"],
  ['UPSTREAM_TIMEOUT', 504, 'Upstream service reached hard timeout.'],
  ['CLIENT_GONE', 499, 'Client closed request'],
  ['UPSTREAM_LOOKUP_FAILED', 500, 'Upstream host lookup failed'],
  ['UPSTREAM_REFUSED', 500, 'There was a problem proxying the request'],
  ['UPSTREAM_CONNECT_TIMEOUT', 500, 'There was a problem proxying the request'],
  ['UPSTREAM_RESET', 500, 'There was a problem proxying the request'],
  ['UPSTREAM_FAILED', 500, 'There was a problem proxying the request'],
  ['REQUEST_BODY_UNREADABLE', 500, 'There was a problem with reading Body of the Request.'],
];

describe('request-chain.md §3 and §4: statuses and texts', () => {
  it.each(SPECIFIED)('%s', (code, status, text) => {
    expect(E[code]).toMatchObject({ code, status, text });
  });

  it('holds every flag with its class, and no class without a flag', () => {
    for (const row of Object.values(E)) expect(row.flag === '', row.code).toBe(row.details === '');
  });
});
