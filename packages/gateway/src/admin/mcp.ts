import type { AccessDefinition } from '../definition/access.ts';
import type { ClassicApi } from '../definition/classic/types.ts';
import { findApi } from './apis/write.ts';
import type { AdminContext } from './context.ts';

export const isMcp = ({ application_protocol }: ClassicApi): boolean => application_protocol === 'mcp';

const isSet = (list: readonly unknown[] | null): boolean => list !== null && list.length > 0;

function hasMcpFields(access: AccessDefinition): boolean {
  const { tools, resources, prompts } = access.mcp_access_rights;
  const blocks = [access.json_rpc_methods_access_rights, tools, resources, prompts];
  return isSet(access.json_rpc_methods) || isSet(access.mcp_primitives) || blocks.some((block) => isSet(block.allowed) || isSet(block.blocked));
}

/** Id of the first loaded API that is no MCP proxy and yet has fields that only make sense for one; undefined where all is well. */
export function misplacedMcp(context: AdminContext, rights: Readonly<Record<string, AccessDefinition>> | null): string | undefined {
  const isOrdinary = (id: string): boolean => {
    const api = findApi(context, id);
    return api !== undefined && !isMcp(api.definition);
  };
  return Object.entries(rights ?? {}).find(([id, access]) => hasMcpFields(access) && isOrdinary(id))?.[0];
}
