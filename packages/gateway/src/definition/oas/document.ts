import { parse as parseYaml } from 'yaml';
import { isObject, isOn, type JsonObject, object, objects, text } from './json.ts';
import { EXTENSION, extensionOf } from './to-classic.ts';
import type { OasDocument } from './types.ts';

/**
 * The document in a request body: JSON, or YAML where it is none. An empty body is an empty document. Undefined where
 * the text holds no object.
 */
export function parseOas(body: string): OasDocument | undefined {
  const value = body.trim() === '' ? {} : parseText(body);
  return isObject(value) ? value : undefined;
}

function parseText(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return parseYamlText(body);
  }
}

function parseYamlText(body: string): unknown {
  try {
    return parseYaml(body);
  } catch {
    return undefined;
  }
}

/** The document with one value of its extension replaced; everything else, the order of keys too, stays. */
function withExtension(document: OasDocument, change: (extension: JsonObject) => JsonObject): OasDocument {
  return { ...document, [EXTENSION]: change(extensionOf(document)) };
}

/** The document under an id, for one that came without. */
export function withId(document: OasDocument, id: string): OasDocument {
  return withExtension(document, (extension) => ({ ...extension, info: { ...object(extension['info']), id } }));
}

/** What `GET` shows: as stored, with the `components` that Tyk always has. */
export const shownDocument = (document: OasDocument): OasDocument => (document['components'] === undefined ? { components: {}, ...document } : document);

/** The plain OpenAPI document: without the gateway's own extension. */
export function publicDocument(document: OasDocument): OasDocument {
  return Object.fromEntries(Object.entries(document).filter(([key]) => key !== EXTENSION));
}

/** File name of an export, of one API or of all. */
export function exportName(isPublic: boolean, id?: string): string {
  const name = isPublic ? 'oas' : 'TykOasApiDef';
  return id === undefined ? `${name}.json` : `${name}-${id}.json`;
}

/**
 * Writes the gateway's own addresses before those of the user (spec/gateway/api-definition-oas.md §7). `gateway` is scheme,
 * host and port of the gateway without a slash at the end. The addresses that `previous`, the document as it was stored, had
 * from the gateway are taken out.
 */
export function withServers(document: OasDocument, gateway: string, previous?: OasDocument): OasDocument {
  const own = ownAddresses(document, gateway);
  const gone = new Set([...own, ...(previous === undefined ? [] : ownAddresses(previous, gateway))].map(plain));
  const others = objects(document['servers']).filter((server) => !gone.has(plain(text(server['url']))));
  return { ...document, servers: [...own.map((url) => ({ url })), ...others] };
}

const plain = (url: string): string => url.replace(/\/+$/, '');

/** With a domain of its own an API has one address; otherwise the gateway's, and the same without a host. */
function ownAddresses(document: OasDocument, gateway: string): readonly string[] {
  const { listenPath, customDomain } = object(extensionOf(document)['server']);
  const path = plain(text(object(listenPath)['value'])) || '/';
  const domain = isOn(customDomain) ? text(object(customDomain)['name']) : '';
  if (domain === '') return [gateway + path, path];
  return [`${gateway.slice(0, gateway.indexOf('://'))}://${domain}${path}`];
}
