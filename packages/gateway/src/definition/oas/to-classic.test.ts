import { describe, expect, it } from 'vitest';
import { decodeClassic } from '../classic/index.ts';
import { EXTENSION, mockEndpoints, oasToClassic, operationsOf, validatedEndpoints, validateOas } from './index.ts';
import type { JsonObject } from './json.ts';

type Parts = { readonly [part: string]: JsonObject };

/** A valid document whose extension has these parts; `document` goes into the OpenAPI part. */
function documentWith({ document = {}, info, server, upstream, ...others }: Parts): JsonObject {
  const extension = {
    info: { id: 'a', name: 'a', state: { active: true }, ...info },
    server: { listenPath: { value: '/a/' }, ...server },
    upstream: { url: 'http://u', ...upstream },
    ...others,
  };
  return { openapi: '3.0.3', info: { title: 'a', version: '1' }, paths: {}, ...document, [EXTENSION]: extension };
}

/** Converts a document that is valid, and whose Classic half the Classic decoder takes. */
function convert(parts: Parts): JsonObject {
  const document = documentWith(parts);
  const classic = oasToClassic(document);
  const { problems, unknown } = decodeClassic(classic);
  expect({ message: validateOas(document).message, problems, unknown }).toEqual({ message: undefined, problems: [], unknown: [] });
  return classic;
}

type Row = readonly [name: string, parts: Parts, classic: JsonObject];

const header = { enabled: true, name: 'X-H' };
const query = { enabled: true, name: 'q' };
const cookie = { enabled: false, name: 'c' };
const sources = { header, query, cookie };
const classicSources = { disable_header: false, auth_header_name: 'X-H', use_param: true, param_name: 'q', use_cookie: false, cookie_name: 'c' };

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

/** A document with one scheme of this component, required, and with these settings. */
function scheme(component: JsonObject, settings: JsonObject): Parts {
  const document = { components: { securitySchemes: { s: component } }, security: [{ s: [] }] };
  return { document, server: { authentication: { enabled: true, securitySchemes: { s: { enabled: true, ...settings } } } } };
}

const apiKey = { type: 'apiKey', in: 'header', name: 'X-Key' };
const bearer = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' };
const oauth = { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/t', scopes: {} } } };
const skews = { issuedAtValidationSkew: 1, notBeforeValidationSkew: 2, expiresAtValidationSkew: 3 };

describe('§3 authentication', () => {
  const authentication = (block: JsonObject): Parts => ({ server: { authentication: { enabled: true, ...block } } });
  const mapping = [{ scope: 'read', policyId: 'p' }];
  const rows: readonly Row[] = [
    ['absent: keyless', {}, { use_keyless: true, auth_configs: {} }],
    ['on without a scheme: not keyless', authentication({}), { use_keyless: false, auth_configs: {} }],
    [
      'common',
      authentication({ stripAuthorizationData: true, baseIdentityProvider: 'jwt_claim' }),
      { strip_auth_data: true, base_identity_provided_by: 'jwt_claim' },
    ],
    [
      'customKeyLifetime',
      authentication({ customKeyLifetime: { enabled: true, value: '1h', respectValidity: true } }),
      { session_lifetime: 3600, session_lifetime_respects_key_expiration: true },
    ],
    ['customKeyLifetime off', authentication({ customKeyLifetime: { enabled: false, value: '1h' } }), { session_lifetime: 0 }],
    [
      'hmac',
      authentication({ hmac: { enabled: true, ...sources, allowedAlgorithms: ['hmac-sha512'], allowedClockSkew: 5 } }),
      { enable_signature_checking: true, hmac_allowed_algorithms: ['hmac-sha512'], hmac_allowed_clock_skew: 5, auth_configs: { hmac: classicSources } },
    ],
    [
      'oidc',
      authentication({
        oidc: {
          enabled: true,
          segregateByClientId: true,
          providers: [{ issuer: 'i', clientToPolicyMapping: [{ clientId: 'c', policyId: 'p' }] }],
          scopes: { claimName: 'c', scopeToPolicyMapping: mapping },
        },
      }),
      {
        use_openid: true,
        openid_options: { segregate_by_client: true, providers: [{ issuer: 'i', client_ids: { c: 'p' } }] },
        scopes: { jwt: {}, oidc: { scope_claim_name: 'c', scope_to_policy: { read: 'p' } } },
        auth_configs: { oidc: { disable_header: true } },
      },
    ],
    [
      'custom plugin',
      authentication({
        custom: {
          enabled: true,
          header,
          config: {
            enabled: true,
            functionName: 'f',
            path: 'p',
            rawBodyOnly: true,
            requireSession: true,
            idExtractor: { enabled: true, source: 'body', with: 'regex', config: { regexp: 'r', regexpMatchIndex: 1 } },
          },
        },
      }),
      {
        custom_plugin_auth_enabled: true,
        auth_configs: { coprocess: { disable_header: false, auth_header_name: 'X-H' } },
        custom_middleware: {
          auth_check: { disabled: false, name: 'f', path: 'p', raw_body_only: true, require_session: true },
          id_extractor: { disabled: false, extract_from: 'body', extract_with: 'regex', extractor_config: { regex_expression: 'r', regex_match_index: 1 } },
        },
      },
    ],
    [
      'token in its place',
      scheme(apiKey, {}),
      { use_standard_auth: true, auth_configs: { authToken: { name: 's', disable_header: false, auth_header_name: 'X-Key' } } },
    ],
    [
      'token in the query, with a header beside',
      scheme({ ...apiKey, in: 'query' }, { header }),
      { auth_configs: { authToken: { use_param: true, param_name: 'X-Key', disable_header: false, auth_header_name: 'X-H' } } },
    ],
    [
      'token that is off',
      scheme({ ...apiKey, in: 'cookie' }, { enabled: false }),
      { use_standard_auth: false, auth_configs: { authToken: { disable_header: true, use_cookie: true, cookie_name: 'X-Key' } } },
    ],
    [
      'token with certificate and signature',
      scheme(apiKey, {
        enableClientCertificate: true,
        signatureValidation: { enabled: true, algorithm: 'MasherySHA256', header: 'X-S', query, secret: 's', allowedClockSkew: 2 },
      }),
      {
        auth_configs: {
          authToken: {
            use_certificate: true,
            validate_signature: true,
            signature: { algorithm: 'MasherySHA256', header: 'X-S', use_param: true, param_name: 'q', secret: 's', allowed_clock_skew: 2 },
          },
        },
      },
    ],
    [
      'basic',
      scheme(
        { type: 'http', scheme: 'basic' },
        { disableCaching: true, cacheTTL: 9, extractCredentialsFromBody: { enabled: true, userRegexp: 'u', passwordRegexp: 'p' } },
      ),
      {
        use_basic_auth: true,
        basic_auth: { disable_caching: true, cache_ttl: 9, extract_from_body: true, body_user_regexp: 'u', body_password_regexp: 'p' },
        auth_configs: { basic: { name: 's', disable_header: true } },
      },
    ],
    [
      'jwt',
      scheme(bearer, {
        header,
        source: 'x',
        signingMethod: 'rsa',
        identityBaseField: 'sub',
        policyFieldName: 'pol',
        clientBaseField: 'azp',
        skipKid: true,
        defaultPolicies: ['d'],
        jwksURIs: [{ url: 'http://k', cacheTimeout: '5m' }],
        idpClientIdMappingDisabled: true,
        scopes: { claimName: 'scp', scopeToPolicyMapping: mapping },
        ...skews,
      }),
      {
        enable_jwt: true,
        jwt_source: 'x',
        jwt_signing_method: 'rsa',
        jwt_identity_base_field: 'sub',
        jwt_policy_field_name: 'pol',
        jwt_client_base_field: 'azp',
        jwt_skip_kid: true,
        jwt_default_policies: ['d'],
        jwt_jwks_uris: [{ url: 'http://k', cache_timeout: 300 }],
        idp_client_id_mapping_disabled: true,
        jwt_issued_at_validation_skew: 1,
        jwt_not_before_validation_skew: 2,
        jwt_expires_at_validation_skew: 3,
        scopes: { jwt: { scope_claim_name: 'scp', scope_to_policy: { read: 'p' } }, oidc: {} },
        auth_configs: { jwt: { name: 's', auth_header_name: 'X-H' } },
      },
    ],
    [
      'oauth2: own tokens',
      scheme(oauth, {
        allowedAuthorizeTypes: ['code'],
        refreshToken: true,
        authLoginRedirect: 'http://l',
        notifications: { sharedSecret: 's', onKeyChangeUrl: 'http://n' },
      }),
      {
        use_oauth2: true,
        oauth_meta: { allowed_access_types: ['refresh_token'], allowed_authorize_types: ['code'], auth_login_redirect: 'http://l' },
        notifications: { shared_secret: 's', oauth_on_keychange_url: 'http://n' },
        auth_configs: { oauth: { name: 's' } },
      },
    ],
    [
      'oauth2: tokens of others',
      scheme(oauth, {
        providers: [
          {
            jwt: { enabled: true, signingMethod: 'rsa', source: 'x', identityBaseField: 'sub', ...skews },
            introspection: { enabled: true, url: 'http://i', clientId: 'c', clientSecret: 's', identityBaseField: 'u', cache: { enabled: true, timeout: 5 } },
          },
        ],
      }),
      {
        external_oauth: {
          enabled: true,
          providers: [
            {
              jwt: { enabled: true, signing_method: 'rsa', source: 'x', identity_base_field: 'sub', issued_at_validation_skew: 1 },
              introspection: {
                enabled: true,
                url: 'http://i',
                client_id: 'c',
                client_secret: 's',
                identity_base_field: 'u',
                cache: { enabled: true, timeout: 5 },
              },
            },
          ],
        },
        auth_configs: { externalOAuth: { name: 's' } },
      },
    ],
    ['oauth2: scope check alone', scheme(oauth, { scopeCheck: { enabled: true } }), { use_keyless: false, auth_configs: {} }],
  ];
  it.each(rows)('%s', (_name, parts, classic) => expect(convert(parts)).toMatchObject(classic));

  const two = { components: { securitySchemes: { k: apiKey, j: bearer } }, security: [{ k: [] }, { j: [] }] };
  const both = { securitySchemes: { k: { enabled: true }, j: { enabled: true, header } } };

  it('legacy mode: only the first requirement counts', () => {
    const classic = convert({ document: two, server: { authentication: { enabled: true, ...both } } });
    expect(classic).toMatchObject({ use_standard_auth: true });
    expect([classic['enable_jwt'], classic['security_requirements'], Object.keys(classic['auth_configs'] as object)]).toEqual([
      undefined,
      undefined,
      ['authToken'],
    ]);
  });

  it('compliant mode: all requirements are alternatives, those of the extension too', () => {
    const compliant = { enabled: true, ...both, securityProcessingMode: 'compliant', security: [['hmac']] };
    expect(convert({ document: two, server: { authentication: compliant } })).toMatchObject({
      use_standard_auth: true,
      enable_jwt: true,
      security_requirements: [['k'], ['j'], ['hmac']],
    });
  });
});

describe('§4 upstream', () => {
  const rows: readonly Row[] = [
    ['url', { upstream: { url: 'http://x/y' } }, { proxy: { target_url: 'http://x/y' } }],
    [
      'mutualTLS',
      { upstream: { mutualTLS: { enabled: true, domainToCertificateMapping: [{ domain: '*.a.b', certificate: 'c' }] } } },
      { upstream_certificates_disabled: false, upstream_certificates: { '*.a.b': 'c' } },
    ],
    [
      'certificatePinning',
      { upstream: { certificatePinning: { enabled: true, domainToPublicKeysMapping: [{ domain: 'a', publicKeys: ['k', 'l'] }] } } },
      { certificate_pinning_disabled: false, pinned_public_keys: { a: 'k,l' } },
    ],
    ['rateLimit', { upstream: { rateLimit: { enabled: true, rate: 5, per: '1m30s' } } }, { global_rate_limit: { disabled: false, rate: 5, per: 90 } }],
    [
      'loadBalancing: weights are repetitions, zero drops',
      {
        upstream: {
          loadBalancing: {
            enabled: true,
            skipUnavailableHosts: true,
            targets: [
              { url: 'a', weight: 2 },
              { url: 'b', weight: 0 },
              { url: 'c', weight: 1 },
            ],
          },
        },
      },
      { proxy: { enable_load_balancing: true, target_list: ['a', 'a', 'c'], check_host_against_uptime_tests: true } },
    ],
    [
      'preserve',
      { upstream: { preserveHostHeader: { enabled: true }, preserveTrailingSlash: { enabled: true } } },
      { proxy: { preserve_host_header: true, disable_strip_slash: true } },
    ],
    [
      'tlsTransport',
      { upstream: { tlsTransport: { insecureSkipVerify: true, ciphers: ['C'], minVersion: '1.0', maxVersion: '1.3', forceCommonNameCheck: true } } },
      {
        proxy: {
          transport: { ssl_insecure_skip_verify: true, ssl_ciphers: ['C'], ssl_min_version: 769, ssl_max_version: 772, ssl_force_common_name_check: true },
        },
      },
    ],
    ['proxy counts even when it is off', { upstream: { proxy: { enabled: false, url: 'http://p' } } }, { proxy: { transport: { proxy_url: 'http://p' } } }],
    [
      'enforceTimeout',
      { upstream: { enforceTimeout: { enabled: true, duration: '200ms' } } },
      { version_data: { versions: { '': { global_enforce_timeout: '200ms', global_enforce_timeout_disabled: false } } } },
    ],
    [
      'serviceDiscovery',
      {
        upstream: {
          serviceDiscovery: { enabled: true, queryEndpoint: 'http://q', dataPath: 'd', cache: { enabled: true, timeout: 7 }, endpointReturnsList: true },
        },
      },
      {
        proxy: {
          service_discovery: {
            use_discovery_service: true,
            query_endpoint: 'http://q',
            data_path: 'd',
            cache_disabled: false,
            cache_timeout: 7,
            endpoint_returns_list: true,
          },
        },
      },
    ],
    [
      'serviceDiscovery: the older time switches the cache on',
      { upstream: { serviceDiscovery: { enabled: true, cacheTimeout: 7 } } },
      { proxy: { service_discovery: { cache_disabled: false, cache_timeout: 7 } } },
    ],
    [
      'uptimeTests',
      {
        upstream: {
          uptimeTests: {
            enabled: true,
            hostDownRetestPeriod: '10s',
            logRetentionPeriod: '1m',
            tests: [
              { url: 'http://t', timeout: '10ms', method: 'GET', headers: { A: 'b' }, commands: [{ name: 'send', message: 'm' }], enableProxyProtocol: true },
            ],
          },
        },
      },
      {
        uptime_tests: {
          disabled: false,
          config: { recheck_wait: 10, expire_utime_after: 60 },
          check_list: [
            {
              url: 'http://t',
              timeout: 10_000_000,
              method: 'GET',
              headers: { A: 'b' },
              commands: [{ name: 'send', message: 'm' }],
              enable_proxy_protocol: true,
            },
          ],
        },
      },
    ],
    [
      'basic authentication',
      { upstream: { authentication: { enabled: true, basicAuth: { enabled: true, header, username: 'u', password: 'p' } } } },
      { upstream_auth: { enabled: true, basic_auth: { enabled: true, username: 'u', password: 'p', header: { enabled: true, name: 'X-H' } } } },
    ],
    [
      'OAuth',
      {
        upstream: {
          authentication: {
            enabled: true,
            oauth: {
              enabled: true,
              allowedAuthorizeTypes: ['password'],
              password: { clientId: 'c', clientSecret: 's', tokenUrl: 't', username: 'u', password: 'p', scopes: ['x'], extraMetadata: ['m'] },
            },
          },
        },
      },
      {
        upstream_auth: {
          oauth: {
            enabled: true,
            allowed_authorize_types: ['password'],
            password: { client_id: 'c', client_secret: 's', token_url: 't', username: 'u', password: 'p', scopes: ['x'], extra_metadata: ['m'] },
          },
        },
      },
    ],
    [
      'request signing does not ask for the outer switch',
      {
        upstream: {
          authentication: { enabled: false, requestSigning: { enabled: true, keyId: 'k', algorithm: 'hmac-sha256', headers: ['date'], secret: 's' } },
        },
      },
      { upstream_auth: { enabled: false }, request_signing: { is_enabled: true, key_id: 'k', algorithm: 'hmac-sha256', header_list: ['date'], secret: 's' } },
    ],
  ];
  it.each(rows)('%s', (_name, parts, classic) => expect(convert(parts)).toMatchObject(classic));
});

describe('§5 middleware.global', () => {
  const global = (block: JsonObject): Parts => ({ middleware: { global: block } });
  const version = (fields: JsonObject): JsonObject => ({ version_data: { not_versioned: true, versions: { '': fields } } });
  const plugin = { enabled: true, functionName: 'f', path: 'p', rawBodyOnly: true };
  const rows: readonly Row[] = [
    [
      'pluginConfig',
      global({ pluginConfig: { driver: 'grpc', bundle: { enabled: true, path: 'b' }, data: { enabled: true, value: { a: 1 } } } }),
      {
        custom_middleware: { driver: 'grpc' },
        custom_middleware_bundle: 'b',
        custom_middleware_bundle_disabled: false,
        config_data: { a: 1 },
        config_data_disabled: false,
      },
    ],
    [
      'plugins',
      global({ prePlugins: [plugin], postAuthenticationPlugins: [plugin], postPlugins: [plugin], responsePlugins: [{ ...plugin, enabled: false }] }),
      {
        custom_middleware: {
          pre: [{ disabled: false, name: 'f', path: 'p', raw_body_only: true }],
          post_key_auth: [{ name: 'f' }],
          post: [{ name: 'f' }],
          response: [{ disabled: true, name: 'f' }],
        },
      },
    ],
    ['plugins in the older form', global({ prePlugin: { plugins: [plugin] } }), { custom_middleware: { pre: [{ name: 'f' }] } }],
    [
      'cors',
      global({ cors: { enabled: true, allowedOrigins: ['o'], allowedMethods: ['GET'], maxAge: 5, allowCredentials: true, optionsPassthrough: true } }),
      {
        CORS: {
          enable: true,
          allowed_origins: ['o'],
          allowed_methods: ['GET'],
          allowed_headers: null,
          max_age: 5,
          allow_credentials: true,
          options_passthrough: true,
        },
      },
    ],
    [
      'cache',
      global({
        cache: { enabled: true, timeout: 5, cacheAllSafeRequests: true, cacheResponseCodes: [200], cacheByHeaders: ['X'], enableUpstreamCacheControl: true },
      }),
      {
        cache_options: {
          enable_cache: true,
          cache_timeout: 5,
          cache_all_safe_requests: true,
          cache_response_codes: [200],
          cache_by_headers: ['X'],
          enable_upstream_cache_control: true,
        },
      },
    ],
    [
      'headers',
      global({
        transformRequestHeaders: { enabled: true, add: [{ name: 'A', value: 'b' }], remove: ['C'] },
        transformResponseHeaders: { enabled: false, add: [{ name: 'D', value: 'e' }] },
      }),
      version({
        global_headers: { A: 'b' },
        global_headers_remove: ['C'],
        global_headers_disabled: false,
        global_response_headers: { D: 'e' },
        global_response_headers_disabled: true,
      }),
    ],
    ['contextVariables', global({ contextVariables: { enabled: true } }), { enable_context_vars: true }],
    ['traffic logs are off unless they are on', {}, { do_not_track: true }],
    [
      'trafficLogs',
      global({
        trafficLogs: { enabled: true, tagHeaders: ['T'], customRetentionPeriod: '1h', plugins: [{ enabled: true, functionName: 'f', path: 'p' }] },
      }),
      { do_not_track: false, tag_headers: ['T'], expire_analytics_after: 3600, analytics_plugin: { enable: true, plugin_path: 'p', func_name: 'f' } },
    ],
    ['requestSizeLimit', global({ requestSizeLimit: { enabled: true, value: 9 } }), version({ global_size_limit: 9, global_size_limit_disabled: false })],
    ['ignoreCase', global({ ignoreCase: { enabled: true } }), version({ ignore_endpoint_case: true })],
    [
      'skips',
      global({ skipRateLimit: true, skipQuota: true, skipQuotaReset: true }),
      { disable_rate_limit: true, disable_quota: true, dont_set_quota_on_create: true },
    ],
  ];
  it.each(rows)('%s', (_name, parts, classic) => expect(convert(parts)).toMatchObject(classic));
});

/** A document with the operation `get /p/{id}` and these settings of it. */
function operation(settings: JsonObject): Parts {
  const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
  const get = { operationId: 'op', parameters, responses: { 200: { description: 'ok' } } };
  return { document: { paths: { '/p/{id}': { get } } }, middleware: { operations: { op: settings, ghost: { allow: { enabled: true } } } } };
}

function extendedPaths(parts: Parts): JsonObject {
  const versions = (convert(parts)['version_data'] as JsonObject)['versions'] as JsonObject;
  return (versions[''] as JsonObject)['extended_paths'] as JsonObject;
}

describe('§6 middleware.operations', () => {
  const place = { disabled: false, path: '/p/{id}', method: 'GET' };
  const rows: readonly (readonly [name: string, settings: JsonObject, list: string, entry: JsonObject])[] = [
    ['allow', { ignoreCase: true }, 'white_list', { ignore_case: true }],
    ['block', {}, 'black_list', { ignore_case: false }],
    ['ignoreAuthentication', {}, 'ignored', { ignore_case: false }],
    ['internal', {}, 'internal', {}],
    ['transformRequestMethod', { toMethod: 'PUT' }, 'method_transforms', { to_method: 'PUT' }],
    [
      'transformRequestBody',
      { format: 'xml', path: 'p' },
      'transform',
      { template_data: { input_type: 'xml', template_mode: 'file', template_source: 'p', enable_session: true } },
    ],
    [
      'transformResponseBody',
      { format: 'json', path: 'p', body: 'Yg==' },
      'transform_response',
      { template_data: { input_type: 'json', template_mode: 'blob', template_source: 'Yg==', enable_session: true } },
    ],
    ['transformRequestHeaders', { remove: ['A'], add: [{ name: 'B', value: 'c' }] }, 'transform_headers', { delete_headers: ['A'], add_headers: { B: 'c' } }],
    ['transformResponseHeaders', { remove: ['A'] }, 'transform_response_headers', { delete_headers: ['A'], add_headers: {} }],
    [
      'cache',
      { timeout: 5, cacheResponseCodes: [200], cacheByRegex: 'r' },
      'advance_cache_config',
      { timeout: 5, cache_response_codes: [200], cache_key_regex: 'r' },
    ],
    ['enforceTimeout', { value: 3 }, 'hard_timeouts', { timeout: 3 }],
    ['enforceTimeout', { duration: '200ms' }, 'hard_timeouts', { timeout: 0, duration: '200ms' }],
    [
      'virtualEndpoint',
      { functionName: 'f', path: 'p', proxyOnError: true, requireSession: true },
      'virtual',
      { response_function_name: 'f', function_source_type: 'file', function_source_uri: 'p', proxy_on_error: true, use_session: true },
    ],
    [
      'virtualEndpoint',
      { functionName: 'f', body: 'Yg==' },
      'virtual',
      { response_function_name: 'f', function_source_type: 'blob', function_source_uri: 'Yg==', proxy_on_error: false, use_session: false },
    ],
    [
      'circuitBreaker',
      { threshold: 0.5, sampleSize: 4, coolDownPeriod: 5, halfOpenStateEnabled: true },
      'circuit_breakers',
      { threshold_percent: 0.5, samples: 4, return_to_service_after: 5, disable_half_open_state: false },
    ],
    ['trackEndpoint', {}, 'track_endpoints', {}],
    ['doNotTrackEndpoint', {}, 'do_not_track_endpoints', {}],
    ['requestSizeLimit', { value: 7 }, 'size_limits', { size_limit: 7 }],
    ['rateLimit', { rate: 2, per: '1m' }, 'rate_limit', { rate: 2, per: 60 }],
  ];

  it.each(rows)('%s %j', (key, settings, list, entry) => {
    expect(extendedPaths(operation({ [key]: { enabled: true, ...settings } }))).toEqual({ [list]: [{ ...place, ...entry }] });
  });

  it('what is off is there as disabled', () => {
    expect(extendedPaths(operation({ allow: { enabled: false } }))).toEqual({ white_list: [{ ...place, disabled: true, ignore_case: false }] });
  });

  it('validateRequest and the first of postPlugins', () => {
    const postPlugins = [
      { enabled: true, functionName: 'f', path: 'p' },
      { enabled: true, functionName: 'g', path: 'q' },
    ];
    expect(extendedPaths(operation({ validateRequest: { enabled: true, errorResponseCode: 400 }, postPlugins }))).toEqual({
      validate_request: [{ enabled: true, path: '/p/{id}', method: 'GET', error_response_code: 400 }],
      go_plugin: [{ ...place, plugin_path: 'p', func_name: 'f' }],
    });
  });

  it('urlRewrite: of two rules for one name the last counts, the body has one', () => {
    const rules = [
      { in: 'query', name: 'a', pattern: '1' },
      { in: 'query', name: 'a', pattern: '2', negate: true },
      { in: 'requestBody', pattern: 'b' },
      { in: 'sessionMetadata', name: 's', pattern: '3' },
    ];
    const urlRewrite = { enabled: true, pattern: 'x', rewriteTo: 'y', triggers: [{ condition: 'any', rewriteTo: 'z', rules }] };
    const options = {
      query_val_matches: { a: { match_rx: '2', reverse: true } },
      payload_matches: { match_rx: 'b', reverse: false },
      session_meta_matches: { s: { match_rx: '3', reverse: false } },
    };
    expect(extendedPaths(operation({ urlRewrite }))).toEqual({
      url_rewrites: [{ ...place, match_pattern: 'x', rewrite_to: 'y', triggers: [{ on: 'any', options, rewrite_to: 'z' }] }],
    });
  });

  it('mock answers and validated requests are read from the document, with their settings', () => {
    const document = documentWith(operation({ mockResponse: { enabled: true, code: 418 }, validateRequest: { enabled: false } }));
    expect(mockEndpoints(document)).toMatchObject([{ path: '/p/{id}', method: 'GET', operationId: 'op', settings: { code: 418 } }]);
    expect(validatedEndpoints(document)).toEqual([]);
    expect(extendedPaths(operation({ mockResponse: { enabled: true, code: 418 } }))).toEqual({});
  });

  it('paths are ordered: deeper first, longer first, by the alphabet, parameters not counted', () => {
    const get = { responses: { 200: { description: 'ok' } } };
    const paths = ['/users/{id}', '/a', '/users/me', '/b', '/users/{id}/posts', '/x/{verylongparametername}', '/x/'];
    const document = { paths: Object.fromEntries(paths.map((path) => [path, { get }])) };
    expect(operationsOf(document).map(({ path }) => path)).toEqual([
      '/users/{id}/posts',
      '/users/me',
      '/users/{id}',
      '/x/',
      '/x/{verylongparametername}',
      '/a',
      '/b',
    ]);
  });
});
