import type { UpstreamError } from '@gatehouse/wire';
import type { Flag, RequestEnd } from './types.ts';

const NONE: Flag = { flag: '', details: '' };
const UPSTREAM_5XX: Flag = { flag: 'URS', details: 'upstream_response_5xx' };

const UNKNOWN_AUTHORITY: Flag = { flag: 'TLN', details: 'tls_unknown_authority' };
const HANDSHAKE: Flag = { flag: 'TLH', details: 'tls_handshake_failure' };
const TLS_VERSION: Flag = { flag: 'TLP', details: 'tls_protocol_version_error' };
const NO_TLS: Flag = { flag: 'UPE', details: 'upstream_error' };
const RESET: Flag = { flag: 'URR', details: 'connection_reset' };

/** Codes of Node's sockets and TLS that say more than the refusal's own row, which only decides what the client reads. */
const BY_CODE: ReadonlyMap<string, Flag> = new Map([
  ['CERT_HAS_EXPIRED', { flag: 'TLE', details: 'tls_certificate_expired' }],
  ['CERT_NOT_YET_VALID', { flag: 'TLI', details: 'tls_certificate_invalid' }],
  ['ERR_TLS_CERT_ALTNAME_INVALID', { flag: 'TLM', details: 'tls_hostname_mismatch' }],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', UNKNOWN_AUTHORITY],
  ['SELF_SIGNED_CERT_IN_CHAIN', UNKNOWN_AUTHORITY],
  ['UNABLE_TO_GET_ISSUER_CERT', UNKNOWN_AUTHORITY],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', UNKNOWN_AUTHORITY],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', UNKNOWN_AUTHORITY],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', TLS_VERSION],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', TLS_VERSION],
  ['EPIPE', { flag: 'EPI', details: 'broken_pipe' }],
  ['ECONNABORTED', { flag: 'CAB', details: 'connection_aborted' }],
  ['ENETRESET', { flag: 'NRS', details: 'network_reset' }],
  ['ENETUNREACH', { flag: 'NRH', details: 'network_unreachable' }],
  ['EHOSTUNREACH', { flag: 'NRH', details: 'host_unreachable' }],
  ['ECONNRESET', RESET],
  ['EAI_AGAIN', { flag: 'DNS', details: 'dns_resolution_failed' }],
]);

/** Response flag of a finished request (spec/gateway/analytics-and-observability.md §7). */
export function flagOf({ refusal, failure, proxied, status }: RequestEnd): Flag {
  if (refusal === undefined) return proxied && status >= 500 ? UPSTREAM_5XX : NONE;
  return (failure && flagOfFailure(failure)) ?? refusal.error;
}

/** Undefined where the refusal's own flag is the best answer. */
function flagOfFailure({ code, phase }: UpstreamError): Flag | undefined {
  // A peer that closes on a ClientHello speaks no TLS.
  if (phase === 'tls' && code === 'ECONNRESET') return NO_TLS;
  const known = BY_CODE.get(code);
  if (known) return known;
  return code.startsWith('ERR_SSL_') && code.includes('ALERT') && phase !== 'body' ? HANDSHAKE : undefined;
}
