/** JSON as definitions are made of. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type JsonObject = Record<string, Json>;

/** `over` laid onto `base`: objects are merged, everything else replaces. */
export function merged(base: JsonObject, over: JsonObject): JsonObject {
  const result = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const below = result[name];
    result[name] = isObject(below) && isObject(value) ? merged(below, value) : value;
  }
  return result;
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A keyless Classic definition: listen path `/<api_id>/`, stripped. `target` is the upstream's URL. */
export function classicApi(id: string, target: string, overrides: JsonObject = {}): JsonObject {
  const base: JsonObject = {
    api_id: id,
    name: id,
    slug: id,
    org_id: 'test',
    active: true,
    use_keyless: true,
    version_data: { not_versioned: true, versions: { Default: { name: 'Default', use_extended_paths: true, extended_paths: {} } } },
    proxy: { listen_path: `/${id}/`, target_url: target, strip_listen_path: true },
  };
  return merged(base, overrides);
}

/** A Classic definition that wants a key in `Authorization`. */
export function keyedApi(id: string, target: string, overrides: JsonObject = {}): JsonObject {
  const auth: JsonObject = { use_keyless: false, use_standard_auth: true, auth_configs: { authToken: { auth_header_name: 'Authorization' } } };
  return classicApi(id, target, merged(auth, overrides));
}

/** An OAS definition without operations: listen path `/<id>/`, stripped, no authentication. */
export function oasApi(id: string, target: string, overrides: JsonObject = {}): JsonObject {
  const base: JsonObject = {
    openapi: '3.0.3',
    info: { title: id, version: '1.0.0' },
    paths: {},
    components: {},
    'x-tyk-api-gateway': {
      info: { id, name: id, orgId: 'test', state: { active: true } },
      server: { listenPath: { value: `/${id}/`, strip: true } },
      upstream: { url: target },
    },
  };
  return merged(base, overrides);
}
