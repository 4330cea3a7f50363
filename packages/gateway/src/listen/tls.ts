import { createSecureContext, type SecureContext, type SecureVersion } from 'node:tls';
import type { TlsChooser } from '@gatehouse/wire';
import type { GatewayConfig } from '../config/types.ts';
import type { ServerCertificatePem } from '../threads/messages.ts';

const VERSIONS: Readonly<Record<number, SecureVersion>> = { 769: 'TLSv1', 770: 'TLSv1.1', 771: 'TLSv1.2', 772: 'TLSv1.3' };

/**
 * Chooses the certificate of a listener by server name: exact name, then wildcard, then `*`, then the first. Ticket keys are shared, so a
 * session resumes on any thread.
 */
export function createTlsChooser(certificates: readonly ServerCertificatePem[], config: GatewayConfig, ticketKeys: Uint8Array): TlsChooser {
  const contexts = certificates.map((c): [string, SecureContext] => [c.domain.toLowerCase(), contextOf(c, config, ticketKeys)]);
  const byName = new Map(contexts.toReversed());
  const fallback = byName.get('*') ?? contexts[0]?.[1];
  const alpn = config.http_server_options.enable_http2 ? ['h2', 'http/1.1'] : ['http/1.1'];
  return ({ servername }) => {
    const context = byName.get(servername) ?? byName.get(servername.replace(/^[^.]+/, '*')) ?? fallback;
    return context && { context, requestCert: false, alpn };
  };
}

function contextOf(certificate: ServerCertificatePem, config: GatewayConfig, ticketKeys: Uint8Array): SecureContext {
  const { min_version: min, max_version: max, ssl_ciphers: ciphers } = config.http_server_options;
  return createSecureContext({
    cert: certificate.cert,
    key: certificate.key,
    ticketKeys: Buffer.from(ticketKeys),
    minVersion: VERSIONS[min] ?? 'TLSv1.2',
    ...(VERSIONS[max] ? { maxVersion: VERSIONS[max] } : {}),
    ...(ciphers.length > 0 ? { ciphers: ciphers.join(':') } : {}),
  });
}
