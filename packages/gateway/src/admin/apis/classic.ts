import { randomUUID } from 'node:crypto';
import { asStored, type ClassicApi, decodeClassic, encodeClassic, refusalText, validateClassic } from '../../definition/classic/index.ts';
import { changed, json, refusal } from '../answers.ts';
import { jsonBody } from '../body.ts';
import type { AdminAnswer, LoadedApi } from '../context.ts';
import { A } from '../errors.ts';
import { isApiId } from '../files.ts';
import { inTurn } from '../in-turn.ts';
import { isMcp } from '../mcp.ts';
import type { Call, Routes } from '../router.ts';
import { addToBase, baseOf, leaveBase, listVersions, planVersion } from './versions.ts';
import { findApi, removeApi, writeClassic } from './write.ts';

/** spec/control/gateway-api.md §3: reads show what is loaded, writes go to files and are served after the next reload. */
export const classicRoutes: Routes = {
  'GET /tyk/apis': listApis,
  'POST /tyk/apis': inTurn(addApi),
  'GET /tyk/apis/{id}': readApi,
  // The id of the body decides; one in the path is not looked at.
  'POST /tyk/apis/{id}': inTurn(addApi),
  'PUT /tyk/apis/{id}': inTurn(updateApi),
  'DELETE /tyk/apis/{id}': inTurn(deleteApi),
  'GET /tyk/apis/{id}/versions': listVersions,
};

/** OAS APIs are shown in Classic form, MCP proxies only on request. */
function listApis({ context, request: { query } }: Call): AdminAnswer {
  const withMcp = (query.get('include_types') ?? '').split(',').includes('mcp');
  const shown = context.loaded().apis.filter(({ definition }) => withMcp || !isMcp(definition));
  return json(
    200,
    shown.map(({ definition }) => encodeClassic(definition)),
  );
}

function readApi({ context, id }: Call): AdminAnswer {
  const api = findApi(context, id);
  return api === undefined ? refusal(A.API_NOT_FOUND) : json(200, encodeClassic(api.definition), baseField(context.loaded().apis, id));
}

/** Names the base API in the answer of a child version. */
export function baseField(apis: readonly LoadedApi[], id: string): readonly (readonly [string, string])[] {
  const base = baseOf(apis, id);
  return base === undefined ? [] : [['X-Tyk-Base-Api-Id', base.id]];
}

async function addApi(call: Call): Promise<AdminAnswer> {
  const { context } = call;
  if (context.config.use_db_app_configs) return refusal(A.USE_DASHBOARD_FOR_APIS);
  const api = readDefinition(call);
  if (api === undefined) return refusal(A.MALFORMED);
  const wrong = refuseDefinition(call, api);
  if (wrong !== undefined) return wrong;
  const version = planVersion(call);
  if ('refused' in version) return version.refused;
  await writeClassic(context, api);
  await addToBase(context, version, api.api_id);
  return changed(api.api_id, 'added');
}

async function updateApi(call: Call): Promise<AdminAnswer> {
  const { context, id } = call;
  if (context.config.use_db_app_configs) return refusal(A.USE_DASHBOARD_FOR_APIS);
  if (findApi(context, id) === undefined) return refusal(A.API_NOT_FOUND);
  const api = readDefinition(call, id);
  if (api === undefined) return refusal(A.MALFORMED);
  if (api.api_id !== id) return refusal(A.API_ID_DIFFERS);
  const wrong = refuseDefinition(call, api);
  if (wrong !== undefined) return wrong;
  await writeClassic(context, api);
  return changed(id, 'modified');
}

/** Works for OAS APIs too, and is not blocked by `use_db_app_configs`. */
export async function deleteApi({ context, id }: Call): Promise<AdminAnswer> {
  if (findApi(context, id) === undefined) return refusal(A.API_NOT_FOUND);
  if (!isApiId(id)) return refusal(A.API_ID_INVALID);
  if (!(await removeApi(context, id))) return refusal(A.DELETE_FAILED);
  await leaveBase(context, id);
  return changed(id, 'deleted');
}

/** The body's definition, with a new id where a new API (no `pathId`) has none. */
function readDefinition({ request }: Call, pathId?: string): ClassicApi | undefined {
  const body = jsonBody(request);
  if (body === undefined) return undefined;
  const { value, problems } = decodeClassic(body.value);
  if (problems.length > 0) return undefined;
  const id = value.api_id === '' && pathId === undefined ? newApiId() : value.api_id;
  return asStored({ ...value, api_id: id });
}

export const newApiId = (): string => randomUUID().replaceAll('-', '');

function refuseDefinition({ context }: Call, api: ClassicApi): AdminAnswer | undefined {
  if (!isApiId(api.api_id)) return refusal(A.API_ID_INVALID);
  if (findApi(context, api.api_id)?.oas !== undefined) return refusal(A.API_IS_OAS);
  const reason = refusalText(validateClassic(api));
  return reason === undefined ? undefined : refusal(A.API_INVALID, reason);
}
