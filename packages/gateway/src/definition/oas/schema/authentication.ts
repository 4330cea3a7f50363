import { securityScheme } from './schemes.ts';
import { array, block, boolean, choice, integer, number, object, type Schema, somePeriod, string, strings } from './types.ts';

const source: Schema = block({ name: string });

/** The three places where a credential may be. */
const sources: Readonly<Record<'header' | 'cookie' | 'query', Schema>> = { header: source, cookie: source, query: source };

const provider: Schema = object({ issuer: string, clientToPolicyMapping: array(object({ clientId: string, policyId: string })) });

const scopes: Schema = object({
  claimName: string,
  claims: strings,
  scopeToPolicyMapping: array(object({ scope: string, policyId: string })),
});

const idExtractor: Schema = block(
  {
    source: choice('body', 'header', 'form'),
    with: choice('value', 'xpath', 'regex'),
    config: object({ headerName: string, formParamName: string, regexp: string, regexpMatchIndex: integer, xPathExp: string }),
  },
  ['source', 'with', 'config'],
);

const plugin: Schema = block({ functionName: string, path: string, rawBodyOnly: boolean, requireSession: boolean, idExtractor }, ['functionName']);

export const authentication: Schema = block({
  stripAuthorizationData: boolean,
  baseIdentityProvider: choice('auth_token', 'hmac_key', 'basic_auth_user', 'jwt_claim', 'oidc_user', 'oauth_key', 'custom_auth', ''),
  hmac: block({ ...sources, allowedAlgorithms: strings, allowedClockSkew: number }),
  oidc: block({ ...sources, segregateByClientId: boolean, providers: array(provider), scopes }),
  custom: block({ ...sources, config: plugin }),
  securitySchemes: { type: 'object', named: [[/^[a-zA-Z0-9.\-_]+$/, () => securityScheme(sources, scopes)]] },
  customKeyLifetime: block({ value: somePeriod, respectValidity: boolean }),
  securityProcessingMode: choice('legacy', 'compliant'),
  security: array(strings),
  protectedResourceMetadata: block({ wellKnownPath: string, resource: string, authorizationServers: strings, scopesSupported: strings }),
  certificateAuth: object({ enabled: boolean }),
});
