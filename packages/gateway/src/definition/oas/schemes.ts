import { authSources, componentSource } from './auth-sources.ts';
import { flag, isOn, type JsonObject, number, object, objects, text, textList } from './json.ts';
import { jwtToClassic } from './jwt.ts';
import { scopesToClassic } from './scopes.ts';
import { securityComponents } from './security.ts';

/** What one security scheme gives: the method's key in `auth_configs`, its entry there, and top-level Classic fields. */
export interface ClassicScheme {
  readonly method?: string;
  readonly config?: JsonObject;
  readonly fields: JsonObject;
}

const NOTHING: ClassicScheme = { fields: {} };

/**
 * One scheme by the type of its OpenAPI component; `oauth2` is told apart by the shape of the extension's object.
 * A scheme without an extension object, or of a kind that Tyk does not know, gives nothing.
 */
export function schemeToClassic(document: JsonObject, authentication: JsonObject, name: string): ClassicScheme {
  const component = object(securityComponents(document)[name]);
  const settings = object(authentication['securitySchemes'])[name];
  if (settings === undefined) return NOTHING;
  const block = object(settings);
  if (component['type'] === 'apiKey') return tokenToClassic(component, block);
  if (component['type'] === 'oauth2') return oauthOfShape(block);
  if (component['type'] !== 'http') return NOTHING;
  if (component['scheme'] === 'basic') return basicToClassic(block);
  return component['scheme'] === 'bearer' ? jwtScheme(block) : NOTHING;
}

function tokenToClassic(component: JsonObject, block: JsonObject): ClassicScheme {
  const config = {
    ...authSources(block),
    ...componentSource(component),
    use_certificate: flag(block['enableClientCertificate']),
    ...signatureToClassic(object(block['signatureValidation'])),
  };
  return { method: 'authToken', config, fields: { use_standard_auth: isOn(block) } };
}

function signatureToClassic(block: JsonObject): JsonObject {
  const { algorithm, header, query, secret, allowedClockSkew, errorCode, errorMessage } = block;
  const signature = {
    algorithm: text(algorithm),
    header: text(header),
    use_param: isOn(query),
    param_name: text(object(query)['name']),
    secret: text(secret),
    allowed_clock_skew: number(allowedClockSkew),
    error_code: number(errorCode),
    error_message: text(errorMessage),
  };
  return { validate_signature: isOn(block), signature };
}

function basicToClassic(block: JsonObject): ClassicScheme {
  const { disableCaching, cacheTTL, extractCredentialsFromBody } = block;
  const { userRegexp, passwordRegexp } = object(extractCredentialsFromBody);
  const basic_auth = {
    disable_caching: flag(disableCaching),
    cache_ttl: number(cacheTTL),
    extract_from_body: isOn(extractCredentialsFromBody),
    body_user_regexp: text(userRegexp),
    body_password_regexp: text(passwordRegexp),
  };
  return { method: 'basic', config: authSources(block), fields: { use_basic_auth: isOn(block), basic_auth } };
}

function jwtScheme(block: JsonObject): ClassicScheme {
  const fields = { ...jwtToClassic(block), scopes: { jwt: scopesToClassic(block['scopes']) } };
  return { method: 'jwt', config: authSources(block), fields };
}

/** Tyk's three objects for `oauth2`: its own provider of tokens, tokens of others, and the scope check of newer versions. */
function oauthOfShape(block: JsonObject): ClassicScheme {
  if (['scopeCheck', 'tokenExchange', 'protectedResourceMetadata'].some((key) => key in block)) return NOTHING;
  return objects(block['providers']).length > 0 ? externalOauth(block) : oauthServer(block);
}

function oauthServer(block: JsonObject): ClassicScheme {
  const { allowedAuthorizeTypes, refreshToken, authLoginRedirect, notifications } = block;
  const { sharedSecret, onKeyChangeUrl } = object(notifications);
  const oauth_meta = {
    allowed_access_types: flag(refreshToken) ? ['refresh_token'] : [],
    allowed_authorize_types: textList(allowedAuthorizeTypes),
    auth_login_redirect: text(authLoginRedirect),
  };
  const fields = {
    use_oauth2: isOn(block),
    oauth_meta,
    notifications: { shared_secret: text(sharedSecret), oauth_on_keychange_url: text(onKeyChangeUrl) },
  };
  return { method: 'oauth', config: authSources(block), fields };
}

function externalOauth(block: JsonObject): ClassicScheme {
  const providers = objects(block['providers']).map((provider) => ({
    jwt: validationToClassic(object(provider['jwt'])),
    introspection: introspectionToClassic(object(provider['introspection'])),
  }));
  return { method: 'externalOAuth', config: authSources(block), fields: { external_oauth: { enabled: isOn(block), providers } } };
}

function validationToClassic(jwt: JsonObject): JsonObject {
  return {
    enabled: isOn(jwt),
    signing_method: text(jwt['signingMethod']),
    source: text(jwt['source']),
    issued_at_validation_skew: number(jwt['issuedAtValidationSkew']),
    not_before_validation_skew: number(jwt['notBeforeValidationSkew']),
    expires_at_validation_skew: number(jwt['expiresAtValidationSkew']),
    identity_base_field: text(jwt['identityBaseField']),
  };
}

function introspectionToClassic(block: JsonObject): JsonObject {
  const { url, clientId, clientSecret, identityBaseField, cache } = block;
  return {
    enabled: isOn(block),
    url: text(url),
    client_id: text(clientId),
    client_secret: text(clientSecret),
    identity_base_field: text(identityBaseField),
    cache: { enabled: isOn(cache), timeout: number(object(cache)['timeout']) },
  };
}
