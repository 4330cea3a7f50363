import type { UpstreamError, UpstreamPhase } from '@gatehouse/wire';
import { describe, expect, it } from 'vitest';
import { E, type ErrorRow } from '../contract/errors.ts';
import { refuse } from '../contract/outcome.ts';
import { flagOf } from './flags.ts';

function failed(row: ErrorRow, code: string, phase: UpstreamPhase): ReturnType<typeof flagOf> {
  const failure = Object.assign(new Error(code), { code, phase, answered: false }) as UpstreamError;
  return flagOf({ status: row.status, refusal: refuse(row, 'ReverseProxy'), failure, proxied: false });
}

describe('response flags (spec/gateway/analytics-and-observability.md §7)', () => {
  it.each<[ErrorRow, string, UpstreamPhase, string, string]>([
    [E.UPSTREAM_REFUSED, 'ECONNREFUSED', 'connect', 'UCF', 'connection_refused'],
    [E.UPSTREAM_CONNECT_TIMEOUT, 'CONNECT_TIMEOUT', 'connect', 'UCT', 'connection_timeout'],
    [E.UPSTREAM_RESET, 'ECONNRESET', 'head', 'URR', 'connection_reset'],
    [E.UPSTREAM_RESET, 'EPIPE', 'request', 'EPI', 'broken_pipe'],
    [E.UPSTREAM_FAILED, 'EHOSTUNREACH', 'connect', 'NRH', 'host_unreachable'],
    [E.UPSTREAM_TIMEOUT, 'HEAD_TIMEOUT', 'head', 'URT', 'context_deadline_exceeded'],
    [E.UPSTREAM_LOOKUP_FAILED, 'ENOTFOUND', 'lookup', 'DNS', 'dns_not_found'],
    [E.UPSTREAM_LOOKUP_FAILED, 'EAI_AGAIN', 'lookup', 'DNS', 'dns_resolution_failed'],
    [E.UPSTREAM_FAILED, 'BAD_ANSWER', 'head', 'UPE', 'upstream_error'],
    [E.UPSTREAM_FAILED, 'CERT_HAS_EXPIRED', 'tls', 'TLE', 'tls_certificate_expired'],
    [E.UPSTREAM_FAILED, 'SELF_SIGNED_CERT_IN_CHAIN', 'tls', 'TLN', 'tls_unknown_authority'],
    [E.UPSTREAM_FAILED, 'ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'TLM', 'tls_hostname_mismatch'],
    [E.UPSTREAM_FAILED, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls', 'TLP', 'tls_protocol_version_error'],
    [E.UPSTREAM_FAILED, 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'tls', 'TLH', 'tls_handshake_failure'],
    [E.UPSTREAM_FAILED, 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'head', 'TLH', 'tls_handshake_failure'],
    [E.UPSTREAM_FAILED, 'ERR_SSL_WRONG_VERSION_NUMBER', 'tls', 'UPE', 'upstream_error'],
    [E.UPSTREAM_RESET, 'ECONNRESET', 'tls', 'UPE', 'upstream_error'],
  ])('%o %s while in %s: %s', (row, code, phase, flag, details) => {
    expect(failed(row, code, phase)).toMatchObject({ flag, details });
  });

  it.each([
    [200, true, ''],
    [404, true, ''],
    [500, true, 'URS'],
    [503, false, ''],
  ])('an answer %i, from an upstream: %s', (status, proxied, flag) => {
    expect(flagOf({ status, refusal: undefined, failure: undefined, proxied }).flag).toBe(flag);
  });

  it("a refusal's own, or none", () => {
    const end = { status: 401, failure: undefined, proxied: false };
    expect(flagOf({ ...end, refusal: refuse(E.AUTH_FIELD_MISSING, 'AuthKey') })).toMatchObject({ flag: 'AMF', details: 'auth_field_missing' });
    expect(flagOf({ ...end, refusal: refuse(E.KEY_INACTIVE, 'KeyExpired') }).flag).toBe('');
  });
});
