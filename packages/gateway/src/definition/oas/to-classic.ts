import { authPluginToClassic, authToClassic } from './auth.ts';
import { endpointsToClassic } from './endpoints.ts';
import { errorOverridesToClassic } from './error-overrides.ts';
import { globalToClassic, pluginsToClassic, versionSettings } from './global.ts';
import { infoToClassic } from './info.ts';
import { type JsonObject, object } from './json.ts';
import { listenPathToClassic, serverToClassic } from './server.ts';
import { upstreamAuthToClassic } from './upstream-auth.ts';
import { targetToClassic, upstreamToClassic } from './upstream.ts';
import { uptimeToClassic } from './uptime.ts';

export const EXTENSION = 'x-tyk-api-gateway';

export const extensionOf = (document: JsonObject): JsonObject => object(document[EXTENSION]);

/**
 * A Tyk OAS document → the Classic half that the gateway runs, as plain JSON with Classic's field names
 * (spec/gateway/api-definition-oas.md §1–§6). Takes any JSON object; what is of a wrong kind reads as not there, so
 * `validateOas` comes first where problems must be told. What is absent is off: negative switches are all written out.
 */
export function oasToClassic(document: JsonObject): JsonObject {
  const extension = extensionOf(document);
  return {
    ...infoToClassic(extension),
    is_oas: true,
    ...serverToClassic(extension),
    ...authToClassic(document, extension),
    ...upstreamToClassic(extension),
    ...upstreamAuthToClassic(extension),
    ...globalToClassic(extension),
    ...errorOverridesToClassic(extension),
    uptime_tests: uptimeToClassic(extension),
    proxy: { ...listenPathToClassic(extension), ...targetToClassic(extension) },
    custom_middleware: { ...pluginsToClassic(extension), ...authPluginToClassic(extension) },
    version_data: { not_versioned: true, default_version: '', versions: { '': versionToClassic(document, extension) } },
  };
}

/** OAS has no versions inside a definition: the one entry has the empty name. */
function versionToClassic(document: JsonObject, extension: JsonObject): JsonObject {
  return { name: '', expires: '', use_extended_paths: true, extended_paths: endpointsToClassic(document), ...versionSettings(extension) };
}
