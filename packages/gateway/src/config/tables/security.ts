import { anything, boolean, integer, map, section, type SectionField, type Table, text, texts } from '../field.ts';
import type { ExternalServiceConfig, ForwardProxyConfig, SecurityConfig, StorageProvider } from '../types/security.ts';

const forwardProxy: Table<ForwardProxyConfig> = {
  enabled: boolean('The proxy is used.'),
  http_proxy: text('Proxy for http.'),
  https_proxy: text('Proxy for https.'),
  bypass_proxy: text('Hosts that are reached directly.'),
};

const externalService = (about: string): SectionField<ExternalServiceConfig> =>
  section(about, {
    proxy: section('Forward proxy.', forwardProxy),
    mtls: section('Client certificate and trust.', {
      enabled: boolean('These settings count.'),
      cert_file: text('PEM file of the client certificate.'),
      key_file: text('PEM file of its key.'),
      ca_file: text('PEM file of authorities.'),
      cert_id: text('Client certificate by store id.'),
      ca_cert_ids: texts('Authorities by store id.'),
      insecure_skip_verify: boolean('The server certificate is not checked.'),
      tls_min_version: text('Oldest TLS version.', { zero: '1.2' }),
      tls_max_version: text('Newest TLS version.', { zero: '1.3' }),
    }),
  });

const provider: Table<StorageProvider> = {
  name: text('Name.'),
  storage_engine: text('`redis`, `ldap` or `rpc`.'),
  meta: anything('Settings of the engine.'),
};

export const security: Table<SecurityConfig> = {
  security: section('Certificates of the whole gateway.', {
    private_certificate_encoding_secret: text('Encrypts stored private keys; empty takes `secret`.', { secret: true }),
    control_api_use_mutual_tls: boolean('The control API asks for a client certificate.'),
    pinned_public_keys: map('Host pattern → ids of public keys, for all APIs.'),
    allow_unsafe_dynamic_mtls_token: boolean('A key that is bound to a certificate works without it.'),
    certificates: section('Certificates by use.', {
      upstream: map('Host pattern → client certificate, for all APIs.'),
      apis: texts('Client certificates that every API with mutual TLS accepts.', { env: 'API' }),
      control_api: texts('Client certificates of the control API.'),
      dashboard_api: texts('Client certificates towards a dashboard.', { env: 'DASHBOARD' }),
      mdcb_api: texts('Client certificates towards a control plane.', { env: 'MDCB' }),
    }),
    certificate_expiry_monitor: section('Events before certificates expire.', {
      warning_threshold_days: integer('Days before.', { zero: 30, initial: 30 }),
      check_cooldown_seconds: integer('Seconds between two checks of one certificate.', { zero: 3600, initial: 3600 }),
      event_cooldown_seconds: integer('Seconds between two events of one certificate.', { zero: 86_400, initial: 86_400 }),
    }),
  }),
  external_services: section('Services that the gateway itself calls.', {
    global: section('Forward proxy for all of them.', forwardProxy),
    oauth: externalService('Token issuers and key sets.'),
    analytics: externalService('Analytics.'),
    storage: externalService('Stores.'),
    webhooks: externalService('Webhooks.'),
    health: externalService('Host tests.'),
    discovery: externalService('Service discovery.'),
  }),
  auth_override: section('Engines for keys and sessions of all APIs.', {
    force_auth_provider: boolean('`auth_provider` counts for all.'),
    auth_provider: section('Keys.', provider),
    force_session_provider: boolean('`session_provider` counts for all.'),
    session_provider: section('Sessions.', provider),
  }),
};
