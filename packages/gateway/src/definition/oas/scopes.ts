import { type JsonObject, object, objects, text } from './json.ts';

/** `{claimName, scopeToPolicyMapping}` → `{scope_claim_name, scope_to_policy}`; empty stays empty. */
export function scopesToClassic(value: unknown): JsonObject {
  const { claimName, scopeToPolicyMapping } = object(value);
  const policies = Object.fromEntries(objects(scopeToPolicyMapping).map((map) => [text(map['scope']), text(map['policyId'])]));
  return {
    ...(text(claimName) !== '' && { scope_claim_name: text(claimName) }),
    ...(Object.keys(policies).length > 0 && { scope_to_policy: policies }),
  };
}
