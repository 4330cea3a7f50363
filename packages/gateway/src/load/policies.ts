import { basename, dirname } from 'node:path';
import type { GatewayConfig } from '../config/types.ts';
import { type Policy, decodePolicy } from '../definition/index.ts';
import type { Problem } from '../schema/problem.ts';
import { type Resolve, readFolder, readJsonFile } from './sources/files.ts';

export interface ReadPolicies {
  /** By id. */
  readonly policies: Map<string, Policy>;
  readonly problems: Problem[];
}

/**
 * Loads policies (spec/control/gateway-api.md §7): a folder with one policy per file, or one file that maps ids to policies; the map's key
 * wins as id.
 */
export function readPolicies(config: GatewayConfig['policies'], resolve: Resolve): ReadPolicies {
  const out: ReadPolicies = { policies: new Map(), problems: [] };
  if (config.policy_path !== '') return readPolicyFolder(config.policy_path, resolve, out);
  if (config.policy_record_name === '') return out;
  const file = readJsonFile(config.policy_record_name, basename(config.policy_record_name), resolve, out.problems);
  if (file && isObject(file.json)) for (const [id, policy] of Object.entries(file.json)) add(policy, id, `${dirname(file.path)}/${file.name}`, out);
  return out;
}

function readPolicyFolder(folder: string, resolve: Resolve, out: ReadPolicies): ReadPolicies {
  const read = readFolder(folder, resolve);
  out.problems.push(...read.problems);
  for (const file of read.files) {
    if (isObject(file.json) && looksLikeMap(file.json)) for (const [id, policy] of Object.entries(file.json)) add(policy, id, file.path, out);
    else add(file.json, '', file.path, out);
  }
  return out;
}

/** A map of policies: every value is an object, and none of the keys is a policy's own. */
function looksLikeMap(json: Record<string, unknown>): boolean {
  const own = ['id', '_id', 'rate', 'access_rights', 'quota_max', 'partitions', 'org_id', 'name'];
  return Object.keys(json).length > 0 && !own.some((k) => k in json) && Object.values(json).every(isObject);
}

function add(json: unknown, key: string, file: string, out: ReadPolicies): void {
  const decoded = decodePolicy(json);
  if (decoded.problems.length > 0) return void out.problems.push(...decoded.problems.map((p) => ({ ...p, message: `${file}: ${p.message}` })));
  const policy = decoded.value;
  const id = key || policy.id || policy._id || basename(file, '.json');
  out.policies.set(id, { ...policy, id });
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
