import { flag, type JsonObject, mapEntries, object, text } from './json.ts';

/** `info` → identity, state and base/child versions (spec/gateway/api-definition-oas.md §1). */
export function infoToClassic(extension: JsonObject): JsonObject {
  const { id, dbId, orgId, name, expiration, state, versioning } = object(extension['info']);
  const { active, internal } = object(state);
  return {
    id: text(dbId),
    api_id: text(id),
    org_id: text(orgId),
    name: text(name),
    expiration: text(expiration),
    active: flag(active),
    internal: flag(internal),
    definition: versioningToClassic(object(versioning)),
  };
}

function versioningToClassic(versioning: JsonObject): JsonObject {
  const { enabled, name, location, key, versions, stripVersioningData, urlVersioningPattern, fallbackToDefault } = versioning;
  return {
    enabled: flag(enabled),
    name: text(name),
    default: text(versioning['default']),
    location: text(location),
    key: text(key),
    strip_versioning_data: flag(stripVersioningData),
    url_versioning_pattern: text(urlVersioningPattern),
    fallback_to_default: flag(fallbackToDefault),
    versions: mapEntries(versions, 'name', ({ id }) => text(id)),
  };
}
