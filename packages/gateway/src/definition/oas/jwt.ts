import { wholeSeconds } from './duration.ts';
import { flag, isOn, type JsonObject, mapList, number, text, textList } from './json.ts';

/**
 * A JWT scheme → the `jwt_*` fields. What Classic has no place for (subjectClaims, basePolicyClaims, allowed issuers,
 * audiences and subjects, jti, custom claims, several scope claims) is read from the document by the JWT middleware.
 */
export function jwtToClassic(block: JsonObject): JsonObject {
  return {
    enable_jwt: isOn(block),
    jwt_source: text(block['source']),
    jwt_jwks_uris: mapList(block['jwksURIs'], (uri) => ({ url: text(uri['url']), cache_timeout: wholeSeconds(uri['cacheTimeout']) })),
    jwt_signing_method: text(block['signingMethod']),
    jwt_identity_base_field: text(block['identityBaseField']),
    jwt_skip_kid: flag(block['skipKid']),
    jwt_policy_field_name: text(block['policyFieldName']),
    jwt_client_base_field: text(block['clientBaseField']),
    jwt_default_policies: textList(block['defaultPolicies']),
    jwt_issued_at_validation_skew: number(block['issuedAtValidationSkew']),
    jwt_not_before_validation_skew: number(block['notBeforeValidationSkew']),
    jwt_expires_at_validation_skew: number(block['expiresAtValidationSkew']),
    idp_client_id_mapping_disabled: flag(block['idpClientIdMappingDisabled']),
  };
}
