import type { X509Certificate } from 'node:crypto';
import { getField } from '@gatehouse/wire';
import type { GatewayConfig } from '../config/types.ts';
import { keyShower, refusedKeyShower } from './keys.ts';
import type { LogValue } from './log-format.ts';
import { sentPath, sentRawPath } from './paths.ts';
import type { Finish } from './types.ts';

/**
 * How a request ended, as access logs tell it: `answered` (by an upstream or by the gateway itself), `refused` by a middleware, `fault`
 * where no answer came from the upstream.
 */
export type EndKind = 'answered' | 'refused' | 'fault';

export interface AccessField {
  readonly name: string;
  /** Undefined: the line goes without the field. */
  value(f: Finish): LogValue | undefined;
  /** The request's logger has it in lines of these kinds, whatever the template says. */
  readonly always?: readonly EndKind[];
  /** No template can ask for it. */
  readonly hidden?: boolean;
}

/** Source of refusals that come from talking to the upstream. */
const PROXY = 'ReverseProxy';

export function kindOf({ end }: Finish): EndKind {
  if (end.refusal === undefined) return 'answered';
  return end.refusal.source === PROXY ? 'fault' : 'refused';
}

const REQUEST_LOGGER: readonly EndKind[] = ['answered', 'refused'];
const REFUSED: readonly EndKind[] = ['refused'];
const ALL: readonly EndKind[] = ['answered', 'refused', 'fault'];

/** An upstream was asked, so that paths and addresses are its. */
const asked = ({ x, end }: Finish): boolean => x.upstreamPath !== '' && (end.proxied || end.refusal?.source === PROXY);

/** Fields of an access log line, in the order in which they are written (spec/gateway/analytics-and-observability.md §6). */
export function accessFields(config: Pick<GatewayConfig, 'hash_keys' | 'enable_key_logging'>): readonly AccessField[] {
  const showKey = keyShower(config);
  const showRefused = refusedKeyShower(config);
  return [
    { name: 'api_id', value: (f) => f.x.api.id, always: REQUEST_LOGGER },
    { name: 'api_key', value: (f) => showKey(f.x.identity) },
    { name: 'api_name', value: (f) => f.x.api.name, always: REQUEST_LOGGER },
    { name: 'api_type', value: apiType },
    { name: 'client_ip', value: clientAddress },
    { name: 'error_source', value: errorSource },
    { name: 'error_target', value: errorTarget },
    { name: 'host', value: (f) => f.x.head.authority },
    { name: 'key', value: (f) => (f.x.identity ? showRefused(f.x.identity) : undefined), always: REFUSED, hidden: true },
    { name: 'latency_gateway', value: (f) => Math.floor(f.totalMs) - Math.floor(f.upstreamMs) },
    { name: 'latency_total', value: (f) => Math.floor(f.totalMs) },
    { name: 'method', value: (f) => f.x.outgoingMethod },
    { name: 'mw', value: (f) => f.end.refusal?.source, always: REFUSED, hidden: true },
    { name: 'org_id', value: (f) => f.x.api.orgId, always: REQUEST_LOGGER },
    { name: 'origin', value: clientAddress, always: REFUSED, hidden: true },
    { name: 'original_path', value: (f) => f.x.originalPath },
    { name: 'path', value: (f) => (asked(f) ? sentPath(f.x) : f.x.originalPath), always: REFUSED },
    { name: 'prefix', value: () => 'access-log', always: ALL },
    { name: 'protocol', value: (f) => PROTOCOLS[f.x.head.version] },
    { name: 'remote_addr', value: remoteAddress },
    { name: 'response_code_details', value: (f) => f.flag.details || undefined },
    { name: 'response_flag', value: (f) => f.flag.flag || undefined },
    { name: 'status', value: (f) => f.end.status },
    { name: 'tls_cert_expiry', value: (f) => expired(f)?.validToDate.toISOString().replace('.000Z', 'Z') },
    { name: 'tls_cert_subject', value: (f) => expired(f)?.subject.split('\n').toReversed().join(',') },
    { name: 'type', value: () => 'request', always: REQUEST_LOGGER, hidden: true },
    { name: 'upstream_addr', value: (f) => (asked(f) ? `${f.x.upstreamScheme}://${f.x.upstreamHost}${sentRawPath(f.x)}` : f.x.originalPath) },
    { name: 'upstream_latency', value: (f) => Math.floor(f.upstreamMs) },
    { name: 'upstream_status', value: (f) => (f.end.proxied && f.end.status >= 500 ? f.end.status : undefined) },
    { name: 'user_agent', value: (f) => getField(f.x.head.fields, 'user-agent') ?? '' },
  ];
}

const PROTOCOLS = { '1.0': 'HTTP/1.0', '1.1': 'HTTP/1.1', '2.0': 'HTTP/2.0' } as const;

function apiType({ x }: Finish): string {
  const { definition, oas } = x.api;
  if (definition.application_protocol === 'mcp') return 'mcp';
  if (definition.graphql.enabled) return 'graphql';
  return oas || definition.is_oas ? 'oas' : 'classic';
}

/** The client's address as rules see it; that of the connection where no version of the API was entered. */
export function clientAddress({ x }: Finish): string {
  return x.clientIp === '' ? x.wire.connection.remoteAddress : x.clientIp;
}

function remoteAddress({ x }: Finish): string {
  const { remoteAddress: address, remotePort } = x.wire.connection;
  return address.includes(':') ? `[${address}]:${remotePort}` : `${address}:${remotePort}`;
}

/** The upstream's certificate, where it was refused for its age. */
function expired({ end, flag }: Finish): X509Certificate | undefined {
  return flag.flag === 'TLE' ? end.failure?.certificate : undefined;
}

/** Middlewares are named only where the refusal has a flag. */
function errorSource({ end, flag }: Finish): string | undefined {
  if (flag.flag === '') return undefined;
  return end.refusal?.source ?? 'Upstream';
}

function errorTarget(f: Finish): string | undefined {
  if (f.flag.flag === '' || f.x.upstreamHost === '') return undefined;
  if (f.end.refusal === undefined) return f.x.upstreamHost;
  return f.end.refusal.source === PROXY ? f.x.upstreamHost + sentRawPath(f.x) : undefined;
}
