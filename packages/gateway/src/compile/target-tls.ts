import type { OriginTls } from '@gatehouse/wire';
import type { GatewayConfig } from '../config/types.ts';
import type { ClassicApi } from '../definition/index.ts';
import type { TargetTls } from '../upstream/target.ts';

const VERSIONS: Readonly<Record<number, NonNullable<OriginTls['minVersion']>>> = { 769: 'TLSv1', 770: 'TLSv1.1', 771: 'TLSv1.2', 772: 'TLSv1.3' };

/** TLS settings towards an API's upstreams: the API's own value, else the gateway's (spec/gateway/api-definition-classic.md §4). */
export function targetTls(api: ClassicApi, config: GatewayConfig): TargetTls {
  const { transport } = api.proxy;
  return {
    insecure: transport.ssl_insecure_skip_verify || config.proxy_ssl_insecure_skip_verify,
    minVersion: VERSIONS[transport.ssl_min_version || config.proxy_ssl_min_version],
    maxVersion: VERSIONS[transport.ssl_max_version || config.proxy_ssl_max_version],
    ciphers: ((transport.ssl_ciphers?.length ?? 0) > 0 ? (transport.ssl_ciphers ?? []) : config.proxy_ssl_ciphers).join(':'),
    http2: config.proxy_enable_http2,
  };
}
