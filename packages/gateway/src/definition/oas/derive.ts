import type { Problem } from '../../schema/problem.ts';
import { deriveAuthentication, NO_SECURITY, unservedSchemes } from './derive-authentication.ts';
import { asksForChange, type DeriveOptions } from './derive-options.ts';
import { deriveOperations, withOperationIds } from './derive-operations.ts';
import { chooseUpstream } from './derive-upstream.ts';
import { type JsonObject, list, object, text } from './json.ts';
import { EXTENSION, extensionOf } from './to-classic.ts';
import type { OasDocument } from './types.ts';

/** A document with its extension, or the text of the control API's 400. */
export type Derived = { readonly document: OasDocument; readonly warnings: readonly Problem[] } | { readonly message: string };

/** What an import starts from; `strip` is not a question of the parameters. */
function importedExtension(document: OasDocument, options: DeriveOptions): JsonObject {
  return {
    info: { ...(options.apiId !== '' && { id: options.apiId }), name: text(object(document['info'])['title']), state: { active: true } },
    upstream: { url: '' },
    server: { listenPath: { value: '/', strip: true } },
    middleware: { global: { contextVariables: { enabled: true }, trafficLogs: { enabled: true } } },
  };
}

/** `POST /tyk/apis/oas/import`: a plain, valid OpenAPI document becomes a Tyk OAS document. */
export const importOas = (document: OasDocument, options: DeriveOptions): Derived => derive(document, importedExtension(document, options), options);

/**
 * `PATCH /tyk/apis/oas/{id}`: the OpenAPI part of `given` takes the place of the stored one; the extension is that of `given`,
 * else the stored one, with the parameters applied.
 */
export function patchOas(stored: OasDocument, given: OasDocument, options: DeriveOptions): Derived {
  const own = given[EXTENSION] === undefined ? undefined : extensionOf(given);
  if (own !== undefined && !asksForChange(options)) return { document: given, warnings: [] };
  const servers = given['servers'] ?? stored['servers'];
  const document = servers === undefined ? given : { ...given, servers };
  return derive(document, own ?? extensionOf(stored), options);
}

function derive(given: OasDocument, extension: JsonObject, options: DeriveOptions): Derived {
  const upstream = object(extension['upstream']);
  const chosen = chooseUpstream(given, text(upstream['url']), options.upstreamUrl);
  if ('message' in chosen) return chosen;
  if (options.authentication === true && list(given['security']).length === 0) return { message: NO_SECURITY };
  const document = withOperationIds(given);
  const changed = {
    ...extension,
    upstream: { ...upstream, url: chosen.url },
    server: deriveServer(document, object(extension['server']), options),
    ...deriveMiddleware(document, object(extension['middleware']), options),
  };
  return { document: { ...document, [EXTENSION]: changed }, warnings: options.authentication === true ? unservedSchemes(document).map(unserved) : [] };
}

function deriveServer(document: OasDocument, server: JsonObject, options: DeriveOptions): JsonObject {
  const { listenPath, customDomain, authentication, compliant } = options;
  const existing = object(server['authentication']);
  const changed = authentication === undefined ? existing : deriveAuthentication(document, existing, authentication);
  const auth = compliant ? { ...changed, enabled: changed['enabled'] ?? false, securityProcessingMode: 'compliant' } : changed;
  return {
    ...server,
    ...(listenPath !== '' && { listenPath: { ...object(server['listenPath']), value: listenPath } }),
    ...(customDomain !== '' && { customDomain: { ...object(server['customDomain']), enabled: true, name: customDomain } }),
    ...(Object.keys(auth).length > 0 && { authentication: auth }),
  };
}

/** `middleware` is not there at all where it would hold nothing. */
function deriveMiddleware(document: OasDocument, middleware: JsonObject, options: DeriveOptions): JsonObject {
  const operations = deriveOperations(document, object(middleware['operations']), options);
  const { operations: _before, ...others } = middleware;
  const changed = Object.keys(operations).length > 0 ? { ...others, operations } : others;
  return Object.keys(changed).length > 0 ? { middleware: changed } : {};
}

function unserved(name: string): Problem {
  return {
    code: 'oas.scheme_unserved',
    path: `/components/securitySchemes/${name}`,
    message: `no authentication method serves the scheme "${name}"; it was left out`,
    hint: 'use an apiKey, http basic, http bearer or oauth2 scheme, or configure authentication by hand',
  };
}
