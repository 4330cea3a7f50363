import { array, block, boolean, choice, integer, natural, object, record, type Schema, string, strings } from './types.ts';

const signature: Schema = object({
  enabled: boolean,
  algorithm: string,
  header: string,
  query: block({ name: string }),
  secret: string,
  allowedClockSkew: integer,
  errorCode: integer,
  errorMessage: string,
});

const readableDuration: Schema = { type: 'string', pattern: /^(\d+h)?(\d+m)?(\d+s)?(\d+ms)?(\d+µs)?(\d+ns)?$/ };

const claim: Schema = object({ type: choice('required', 'exact_match', 'contains'), allowedValues: { type: 'array' }, nonBlocking: boolean }, ['type']);

const skews = { issuedAtValidationSkew: natural, notBeforeValidationSkew: natural, expiresAtValidationSkew: natural };

const jwtFields = {
  source: string,
  signingMethod: string,
  identityBaseField: string,
  subjectClaims: strings,
  jwksURIs: { type: ['array', 'null'], items: object({ url: string, cacheTimeout: readableDuration }, ['url']) },
  skipKid: boolean,
  policyFieldName: string,
  basePolicyClaims: strings,
  allowedIssuers: strings,
  allowedAudiences: strings,
  allowedSubjects: strings,
  jtiValidation: block(),
  clientBaseField: string,
  defaultPolicies: strings,
  ...skews,
  idpClientIdMappingDisabled: boolean,
  customClaimValidation: record(claim),
} as const;

const introspection: Schema = object({
  enabled: boolean,
  url: string,
  clientId: string,
  clientSecret: string,
  identityBaseField: string,
  cache: block({ timeout: integer }, ['timeout']),
});

const tokenProvider: Schema = object({
  jwt: block({ signingMethod: string, source: string, identityBaseField: string, ...skews }, ['signingMethod', 'source']),
  introspection,
});

const exchangeProvider: Schema = object(
  {
    name: string,
    grantType: choice('token-exchange', 'jwt-bearer'),
    issuers: strings,
    tokenEndpoint: string,
    clientAuth: object({
      method: choice('client_secret_basic', 'client_secret_post', 'private_key_jwt'),
      clientId: string,
      clientSecret: string,
      certId: string,
    }),
    defaultTarget: object({ audience: string, scopes: strings }),
    timeout: string,
    customParams: record(string),
    cache: block({ mode: choice('derived', 'static'), maxTimeout: string, timeout: string, safetyMargin: string }),
  },
  ['name'],
);

const oauthFields = {
  allowedAuthorizeTypes: array(choice('code', 'token')),
  refreshToken: boolean,
  authLoginRedirect: string,
  notifications: object({ sharedSecret: string, onKeyChangeUrl: string }),
  providers: array(tokenProvider),
  scopeCheck: block({ claimNames: strings, separator: string, scopeSource: choice('operation', 'global', 'union') }),
  protectedResourceMetadata: block({ wellKnownPath: string, resource: string, authorizationServers: strings, autoDeriveScopes: boolean }),
  tokenExchange: block({ providers: array(exchangeProvider) }),
} as const;

/**
 * The extension's object for a scheme. Its kind stands in the document's component, so the properties of all kinds are
 * described side by side; no two kinds use one name differently.
 */
export function securityScheme(sources: Readonly<Record<string, Schema>>, scopes: Schema): Schema {
  return block({
    ...sources,
    enableClientCertificate: boolean,
    signatureValidation: signature,
    disableCaching: boolean,
    cacheTTL: integer,
    extractCredentialsFromBody: block({ userRegexp: string, passwordRegexp: string }),
    scopes,
    ...jwtFields,
    ...oauthFields,
  });
}
