import { describe, expect, it } from 'vitest';
import type { JsonObject } from './json.ts';
import { convert, header, type Parts, type Row } from './test/convert.ts';

const query = { enabled: true, name: 'q' };
const cookie = { enabled: false, name: 'c' };
const sources = { header, query, cookie };
const classicSources = { disable_header: false, auth_header_name: 'X-H', use_param: true, param_name: 'q', use_cookie: false, cookie_name: 'c' };

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
