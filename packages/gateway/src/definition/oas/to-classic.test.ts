import { describe, expect, it } from 'vitest';
import { convert, type Row } from './test/convert.ts';

describe('§1 info and error overrides', () => {
  const versioning = { enabled: true, name: 'v1', default: 'self', location: 'header', key: 'X-V', stripVersioningData: true, fallbackToDefault: true };
  const rows: readonly Row[] = [
    ['identity', { info: { id: 'i', dbId: 'd', orgId: 'o', name: 'n' } }, { id: 'd', api_id: 'i', org_id: 'o', name: 'n', is_oas: true }],
    ['state', { info: { state: { active: false, internal: true } } }, { active: false, internal: true }],
    ['expiration', { info: { expiration: '2030-01-02 03:04' } }, { expiration: '2030-01-02 03:04' }],
    [
      'versioning',
      { info: { versioning: { ...versioning, urlVersioningPattern: '^v', versions: [{ name: 'v2', id: 'b' }] } } },
      {
        definition: {
          enabled: true,
          name: 'v1',
          default: 'self',
          location: 'header',
          key: 'X-V',
          strip_versioning_data: true,
          fallback_to_default: true,
          url_versioning_pattern: '^v',
          versions: { v2: 'b' },
        },
      },
    ],
    [
      'error overrides',
      {
        errorOverrides: {
          enabled: true,
          value: {
            '4xx': [{ match: { flag: 'AKI', messagePattern: 'm', bodyField: 'f', bodyValue: 'v' }, response: { statusCode: 401, headers: { A: 'b' } } }],
          },
        },
      },
      {
        error_overrides_disabled: false,
        error_overrides: {
          '4xx': [{ match: { flag: 'AKI', message_pattern: 'm', body_field: 'f', body_value: 'v' }, response: { status_code: 401, headers: { A: 'b' } } }],
        },
      },
    ],
  ];
  it.each(rows)('%s', (_name, parts, classic) => expect(convert(parts)).toMatchObject(classic));
});

describe('§2 server', () => {
  const hook = { enabled: true, trigger: 'AuthFailure', type: 'webhook', id: 'i', name: 'n', url: 'http://h', method: 'POST', bodyTemplate: 't' };
  const rows: readonly Row[] = [
    ['listenPath', { server: { listenPath: { value: '/b', strip: true } } }, { proxy: { listen_path: '/b', strip_listen_path: true } }],
    [
      'customDomain',
      { server: { customDomain: { enabled: true, name: 'd', certificates: ['c'] } } },
      { domain: 'd', domain_disabled: false, certificates: ['c'] },
    ],
    ['gatewayTags', { server: { gatewayTags: { enabled: true, tags: ['t'] } } }, { tags: ['t'], tags_disabled: false }],
    ['clientCertificates', { server: { clientCertificates: { enabled: true, allowlist: ['c'] } } }, { use_mutual_tls_auth: true, client_certificates: ['c'] }],
    [
      'ipAccessControl',
      { server: { ipAccessControl: { enabled: true, allow: ['1.1.1.1'], block: [] } } },
      { ip_access_control_disabled: false, enable_ip_whitelisting: true, allowed_ips: ['1.1.1.1'], enable_ip_blacklisting: false, blacklisted_ips: [] },
    ],
    [
      'ipAccessControl off',
      { server: { ipAccessControl: { enabled: false, block: ['1.1.1.1'] } } },
      { ip_access_control_disabled: true, enable_ip_blacklisting: false },
    ],
    [
      'switches',
      { server: { detailedActivityLogs: { enabled: true }, detailedTracing: { enabled: true }, batchProcessing: { enabled: true } } },
      { enable_detailed_recording: true, detailed_tracing: true, enable_batch_request_support: true },
    ],
    ['protocol and port', { server: { protocol: 'h2c', port: 9000 } }, { protocol: 'h2c', listen_port: 9000 }],
    [
      'webhook',
      { server: { eventHandlers: [{ ...hook, cooldownPeriod: '1m30s', headers: [{ name: 'A', value: 'b' }] }] } },
      {
        event_handlers: {
          events: {
            AuthFailure: [
              {
                handler_name: 'eh_web_hook_handler',
                handler_meta: {
                  disabled: false,
                  id: 'i',
                  name: 'n',
                  target_path: 'http://h',
                  method: 'POST',
                  template_path: 't',
                  event_timeout: 90,
                  header_map: { A: 'b' },
                },
              },
            ],
          },
        },
      },
    ],
    [
      'script and log',
      {
        server: {
          eventHandlers: [
            { enabled: true, trigger: 'HostUp', type: 'custom', name: 'n', functionName: 'f', path: 'p' },
            { enabled: false, trigger: 'HostUp', type: 'log', name: 'n', logPrefix: 'l' },
          ],
        },
      },
      {
        event_handlers: {
          events: {
            HostUp: [
              { handler_name: 'eh_dynamic_handler', handler_meta: { disabled: false, name: 'f', path: 'p' } },
              { handler_name: 'eh_log_handler', handler_meta: { disabled: true, prefix: 'l' } },
            ],
          },
        },
      },
    ],
  ];
  it.each(rows)('%s', (_name, parts, classic) => expect(convert(parts)).toMatchObject(classic));
});
