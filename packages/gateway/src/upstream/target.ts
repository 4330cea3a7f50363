import { DEFAULT_CIPHERS } from 'node:tls';
import type { Origin, OriginTls } from '@gatehouse/wire';
import type { UpstreamTarget } from '../contract/compiled.ts';
import { decodePath, encodePath } from '../routing/url.ts';

/** TLS settings of an API towards its upstreams; they are part of the pool's key. */
export interface TargetTls {
  readonly insecure: boolean;
  readonly minVersion: OriginTls['minVersion'];
  readonly maxVersion: OriginTls['maxVersion'];
  readonly ciphers: string;
  /** HTTP/2 offered by ALPN (`proxy_enable_http2`). */
  readonly http2: boolean;
}

const PROTOCOLS: Readonly<Record<string, UpstreamTarget['protocol']>> = { http: 'http', ws: 'http', https: 'https', wss: 'https', h2c: 'h2c', tyk: 'tyk' };

/**
 * Parses a target URL once, at load (spec/gateway/request-chain.md §2). User part and fragment are dropped; escapes of the path are resolved.
 * `'unparsable'`: the API cannot be loaded; `'unusable'`: empty or unknown scheme, each request fails.
 */
export function parseTargetUrl(text: string, tls: TargetTls): UpstreamTarget | 'unparsable' | 'unusable' {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(?:[^/?#@]*@)?(\[[^\]/?#]*\]|[^/?#:[\]]*)(?::(\d*))?(\/[^?#]*)?(?:\?([^#]*))?(?:#.*)?$/.exec(text);
  if (!match) return /^[A-Za-z0-9.-]+:\d+(?:[/?#]|$)/.test(text) || text.includes('://') || /^[^/?#]*:/.test(text) ? 'unparsable' : 'unusable';
  const protocol = PROTOCOLS[(match[1] ?? '').toLowerCase()];
  const host = match[2] ?? '';
  const rawPath = decodePath(match[4] ?? '');
  if (rawPath === undefined) return 'unparsable';
  if (!protocol || host === '') return 'unusable';
  const port = match[3] ? Number(match[3]) : protocol === 'https' ? 443 : 80;
  if (port > 65535) return 'unparsable';
  const fullPath = encodePath(rawPath);
  return {
    protocol: protocol === 'https' && tls.http2 ? 'h2' : protocol,
    host: host.startsWith('[') ? host.slice(1, -1) : host,
    port,
    authority: match[3] ? `${host}:${match[3]}` : host,
    path: fullPath.endsWith('/') ? fullPath.slice(0, -1) : fullPath,
    fullPath,
    query: match[5] ?? '',
    origin: originOf(protocol === 'https' && tls.http2 ? 'h2' : protocol, host.startsWith('[') ? host.slice(1, -1) : host, port, tls),
  };
}

function originOf(protocol: UpstreamTarget['protocol'], host: string, port: number, tls: TargetTls): Origin {
  const plain = protocol === 'tyk' ? 'http' : protocol;
  const base = { key: `${protocol} ${host} ${port}`, protocol: plain, host, port };
  if (protocol !== 'https' && protocol !== 'h2') return base;
  const key = `${base.key} ${tls.insecure ? 'insecure' : ''} ${tls.minVersion ?? ''} ${tls.maxVersion ?? ''} ${tls.ciphers}`;
  return { ...base, key, tls: tlsOf(host, tls) };
}

/** Without finite-field Diffie-Hellman, whose groups the upstream chooses and may choose too small. */
const USUAL_CIPHERS = `${DEFAULT_CIPHERS}:!DHE`;

function tlsOf(host: string, tls: TargetTls): OriginTls {
  const isAddress = /^[\d.]+$|:/.test(host);
  return {
    servername: isAddress ? '' : host,
    rejectUnauthorized: !tls.insecure,
    ...(tls.minVersion ? { minVersion: tls.minVersion } : {}),
    ...(tls.maxVersion ? { maxVersion: tls.maxVersion } : {}),
    ciphers: tls.ciphers === '' ? USUAL_CIPHERS : tls.ciphers,
  };
}

/**
 * Path and query for the upstream: target path and sub path joined with one slash, queries as `target&request`.
 * `keepSlash` (disable_strip_slash) leaves the target path exactly as configured when the sub path is empty or `/`.
 */
export function joinTarget(target: UpstreamTarget, subPath: string, query: string, keepSlash: boolean): string {
  const path = joinPath(target, subPath, keepSlash);
  const all = target.query === '' ? query : query === '' ? target.query : `${target.query}&${query}`;
  return all === '' ? path : `${path}?${all}`;
}

function joinPath(target: UpstreamTarget, subPath: string, keepSlash: boolean): string {
  if (subPath === '' || subPath === '/') {
    const alone = keepSlash ? target.fullPath : target.path;
    return alone === '' ? '/' : alone;
  }
  const sub = subPath.charCodeAt(0) === 0x2f ? subPath : `/${subPath}`;
  return target.path === '' ? sub : target.path + sub;
}
