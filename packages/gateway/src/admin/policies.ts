import path from 'node:path';
import { decodePolicy, encodePolicy, type Policy } from '../definition/policy.ts';
import { changed, json, refusal } from './answers.ts';
import { jsonBody } from './body.ts';
import type { AdminAnswer } from './context.ts';
import { A } from './errors.ts';
import { isPolicyId, readJson, removeFile, writeJson } from './files.ts';
import { inTurn } from './in-turn.ts';
import { misplacedMcp } from './mcp.ts';
import type { Call, Routes } from './router.ts';

/** spec/control/gateway-api.md §7: reads show what is loaded, writes go to files and are live after the next reload. */
export const policyRoutes: Routes = {
  'GET /tyk/policies': ({ context }) => json(200, [...context.loaded().policies.values()].map(encodePolicy)),
  'GET /tyk/policies/{id}': readPolicy,
  'POST /tyk/policies': inTurn((call) => writePolicy(call, undefined)),
  // The id of the body decides; one in the path is not looked at.
  'POST /tyk/policies/{id}': inTurn((call) => writePolicy(call, undefined)),
  'PUT /tyk/policies': inTurn((call) => writePolicy(call, '')),
  'PUT /tyk/policies/{id}': inTurn((call) => writePolicy(call, call.id)),
  'DELETE /tyk/policies': () => refusal(A.ID_MISSING_ON_DELETE),
  'DELETE /tyk/policies/{id}': inTurn(deletePolicy),
};

function readPolicy({ context, id }: Call): AdminAnswer {
  const policy = context.loaded().policies.get(id);
  return policy === undefined ? refusal(A.POLICY_NOT_FOUND) : json(200, encodePolicy(policy));
}

/** `pathId` is undefined for a POST. */
async function writePolicy(call: Call, pathId: string | undefined): Promise<AdminAnswer> {
  const { context } = call;
  if (context.config.policies.policy_source === 'service') return refusal(A.USE_DASHBOARD_FOR_POLICIES);
  if (pathId === '') return refusal(A.ID_MISSING_ON_UPDATE);
  const policy = policyOf(call);
  if (policy === undefined) return refusal(A.MALFORMED);
  if (pathId !== undefined && policy.id !== pathId) return refusal(A.POLICY_ID_DIFFERS);
  if (policy.id === '') return refusal(A.POLICY_ID_MISSING);
  if (!isPolicyId(policy.id)) return refusal(A.POLICY_ID_INVALID);
  const misplaced = misplacedMcp(context, policy.access_rights);
  if (misplaced !== undefined) return refusal(A.MCP_ON_ORDINARY_API, misplaced);
  await stored(call, policy.id, encodePolicy(policy));
  return changed(policy.id, pathId === undefined ? 'added' : 'modified');
}

/** The policy of the body; `_id` alone becomes its `id`. */
function policyOf({ request }: Call): Policy | undefined {
  const body = jsonBody(request);
  if (body === undefined) return undefined;
  const { value, problems } = decodePolicy(body.value);
  return problems.length > 0 ? undefined : { ...value, id: value.id || value._id };
}

async function deletePolicy(call: Call): Promise<AdminAnswer> {
  if (!isPolicyId(call.id)) return refusal(A.POLICY_ID_INVALID);
  return (await stored(call, call.id, undefined)) ? changed(call.id, 'deleted') : refusal(A.DELETE_FAILED);
}

/** Writes the policy, or removes it where it is undefined. False where there was nothing to remove. */
async function stored({ context }: Call, id: string, policy: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
  const { policy_path: folder, policy_record_name: mapFile } = context.config.policies;
  if (folder === '' && mapFile !== '') return await inMapFile(mapFile, id, policy);
  const file = path.join(folder, `${id}.json`);
  if (policy === undefined) return await removeFile(file);
  await writeJson(file, policy);
  return true;
}

/** The older form: one file that maps ids to policies. */
async function inMapFile(file: string, id: string, policy: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
  const policies = new Map(Object.entries(((await readJson(file)) ?? {}) as Record<string, unknown>));
  const wasThere = policies.delete(id);
  if (policy !== undefined) policies.set(id, policy);
  else if (!wasThere) return false;
  await writeJson(file, Object.fromEntries(policies));
  return true;
}
