import type { UpstreamError } from '@gatehouse/wire';
import { E, type ErrorRow } from '../contract/errors.ts';

const BY_CODE: Readonly<Record<string, ErrorRow>> = {
  HEAD_TIMEOUT: E.UPSTREAM_TIMEOUT,
  CONNECT_TIMEOUT: E.UPSTREAM_CONNECT_TIMEOUT,
  ECONNREFUSED: E.UPSTREAM_REFUSED,
  ECONNRESET: E.UPSTREAM_RESET,
  EPIPE: E.UPSTREAM_RESET,
  ETIMEDOUT: E.UPSTREAM_CONNECT_TIMEOUT,
};

/** The refusal for a failed upstream request (spec/gateway/request-chain.md §4 "Proxy errors"). */
export function failureRow(error: UpstreamError): ErrorRow {
  if (error.phase === 'lookup') return E.UPSTREAM_LOOKUP_FAILED;
  return BY_CODE[error.code] ?? E.UPSTREAM_FAILED;
}
