import { authSources } from './auth-sources.ts';
import { wholeSeconds } from './duration.ts';
import { flag, isOn, type JsonObject, mapEntries, mapList, number, object, text, textList } from './json.ts';
import { schemeToClassic } from './schemes.ts';
import { scopesToClassic } from './scopes.ts';
import { requiredSchemes, securityAlternatives } from './security.ts';

/**
 * `security`, `components.securitySchemes` and `server.authentication` → Classic's authentication fields (spec §3).
 * A method that only the extension knows (HMAC, OpenID Connect, custom plugin) is taken whenever its block is there; a scheme
 * of the document only where `security` requires it.
 */
export function authToClassic(document: JsonObject, extension: JsonObject): JsonObject {
  const authentication = object(object(extension['server'])['authentication']);
  const configs: Record<string, JsonObject> = {};
  const fields = [hmacToClassic(authentication, configs), oidcToClassic(authentication, configs), customToClassic(authentication, configs)];
  for (const name of requiredSchemes(document, authentication)) {
    const { method, config, ...rest } = schemeToClassic(document, authentication, name);
    if (method !== undefined) configs[method] = { name, ...config };
    fields.push(rest.fields);
  }
  return { ...common(document, authentication), ...mergeScopes(fields), auth_configs: configs };
}

function common(document: JsonObject, authentication: JsonObject): JsonObject {
  const { value, respectValidity } = object(authentication['customKeyLifetime']);
  const lifetimeOn = isOn(authentication['customKeyLifetime']);
  return {
    use_keyless: !isOn(authentication),
    strip_auth_data: flag(authentication['stripAuthorizationData']),
    base_identity_provided_by: text(authentication['baseIdentityProvider']),
    session_lifetime: lifetimeOn ? wholeSeconds(value) : 0,
    session_lifetime_respects_key_expiration: lifetimeOn && flag(respectValidity),
    ...(isCompliant(authentication) && { security_requirements: securityAlternatives(document, authentication) }),
  };
}

export const isCompliant = (authentication: JsonObject): boolean => authentication['securityProcessingMode'] === 'compliant';

/** `scopes` is the one field that two methods share: JWT and OpenID Connect each have their part of it. */
function mergeScopes(parts: readonly JsonObject[]): JsonObject {
  const merged: Record<string, unknown> = Object.assign({}, ...parts);
  const scopes = Object.assign({ jwt: {}, oidc: {} }, ...parts.map((part) => object(part['scopes'])));
  return { ...merged, scopes };
}

function hmacToClassic(authentication: JsonObject, configs: Record<string, JsonObject>): JsonObject {
  const hmac = object(authentication['hmac']);
  if (authentication['hmac'] === undefined) return {};
  configs['hmac'] = authSources(hmac);
  return {
    enable_signature_checking: isOn(hmac),
    hmac_allowed_algorithms: textList(hmac['allowedAlgorithms']),
    hmac_allowed_clock_skew: number(hmac['allowedClockSkew']),
  };
}

function oidcToClassic(authentication: JsonObject, configs: Record<string, JsonObject>): JsonObject {
  const oidc = object(authentication['oidc']);
  if (authentication['oidc'] === undefined) return {};
  configs['oidc'] = authSources(oidc);
  const providers = mapList(oidc['providers'], (provider) => ({
    issuer: text(provider['issuer']),
    client_ids: mapEntries(provider['clientToPolicyMapping'], 'clientId', ({ policyId }) => text(policyId)),
  }));
  return {
    use_openid: isOn(oidc),
    openid_options: { segregate_by_client: flag(oidc['segregateByClientId']), providers },
    scopes: { oidc: scopesToClassic(oidc['scopes']) },
  };
}

function customToClassic(authentication: JsonObject, configs: Record<string, JsonObject>): JsonObject {
  if (authentication['custom'] === undefined) return {};
  configs['coprocess'] = authSources(object(authentication['custom']));
  return { custom_plugin_auth_enabled: isOn(authentication['custom']) };
}

/** The plugin half of `authentication.custom`: `custom_middleware.auth_check` and `.id_extractor`. */
export function authPluginToClassic(extension: JsonObject): JsonObject {
  const config = object(object(object(object(extension['server'])['authentication'])['custom'])['config']);
  const { functionName, path, rawBodyOnly, requireSession, idExtractor } = config;
  const auth_check = {
    disabled: !isOn(config),
    name: text(functionName),
    path: text(path),
    require_session: flag(requireSession),
    raw_body_only: flag(rawBodyOnly),
  };
  return { auth_check, id_extractor: idExtractorToClassic(object(idExtractor)) };
}

function idExtractorToClassic(block: JsonObject): JsonObject {
  const { headerName, formParamName, regexp, regexpMatchIndex, xPathExp } = object(block['config']);
  const extractor_config =
    block['config'] === undefined
      ? null
      : {
          ...(headerName !== undefined && { header_name: text(headerName) }),
          ...(formParamName !== undefined && { param_name: text(formParamName) }),
          ...(regexp !== undefined && { regex_expression: text(regexp) }),
          ...(regexpMatchIndex !== undefined && { regex_match_index: number(regexpMatchIndex) }),
          ...(xPathExp !== undefined && { xpath_expression: text(xPathExp) }),
        };
  return { disabled: !isOn(block), extract_from: text(block['source']), extract_with: text(block['with']), extractor_config };
}
