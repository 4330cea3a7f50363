import { isIPv6 } from 'node:net';
import type { GatewayConfig } from '../../config/types.ts';
import { extensionOf, type OasDocument, withServers } from '../../definition/oas/index.ts';
import { isObject, object, text } from '../../definition/oas/json.ts';
import type { AdminContext } from '../context.ts';
import { readJson } from '../files.ts';
import { apiFiles, findApi } from './write.ts';

export const documentId = (document: OasDocument): string => text(object(extensionOf(document)['info'])['id']);

/**
 * The document of an API as its file has it, which may be newer than what is loaded, and holds references to secrets where the loaded one
 * holds the secrets; undefined where there is no OAS API of that id.
 */
export async function currentDocument(context: AdminContext, id: string): Promise<OasDocument | undefined> {
  const stored = await readJson(apiFiles(context, id).oas);
  return isObject(stored) ? stored : findApi(context, id)?.oas;
}

/** Puts the gateway's own addresses of the API in front of the user's. */
export function withOwnServers({ config }: AdminContext, document: OasDocument, previous: OasDocument | undefined): OasDocument {
  return withServers(document, ownAddress(config), previous);
}

function ownAddress({ hostname, listen_address, listen_port, http_server_options }: GatewayConfig): string {
  const secure = http_server_options.use_ssl;
  const name = hostname || listen_address || '127.0.0.1';
  const host = isIPv6(name) ? `[${name}]` : name;
  return `${secure ? 'https' : 'http'}://${host}${listen_port === (secure ? 443 : 80) ? '' : `:${listen_port}`}`;
}
