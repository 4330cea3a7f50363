import type { AccessDefinition, Policy } from '../definition/index.ts';
import { isEmptyLimit, mergeComplexity, mergeQuota, mergeRate } from './limit-merge.ts';
import { entryOf, type MergeState, type MergedRights } from './merge-state.ts';
import { type Governed, governedBy, isPartitioned } from './partitions.ts';
import { mergeRights } from './rights-merge.ts';

export const MIXED = 'cannot apply multiple policies when some have per_api set and some are partitioned';

/** Merges one policy into the state; answers why it cannot be applied, or nothing. */
export function mergePolicy(state: MergeState, policy: Policy): string | undefined {
  const partitioned = isPartitioned(policy);
  if (policy.partitions.per_api && partitioned) return `cannot apply policy ${policy.id} which has per_api and any of partitions set`;
  if (policy.partitions.per_api ? state.lastPartitioned : partitioned && state.anyPerApi) return MIXED;
  if (policy.partitions.per_api) {
    state.anyPerApi = true;
    for (const [apiId, rights] of Object.entries(policy.access_rights ?? {})) mergeOwnLimit(entryOf(state, apiId), apiId, rights, policy);
    return undefined;
  }
  state.lastPartitioned = partitioned;
  const governed = governedBy(policy);
  const apis = Object.entries(policy.access_rights ?? {});
  for (const [apiId, rights] of apis) mergeShared(state, entryOf(state, apiId), rights, policy, governed);
  if (apis.length === 0) setRoot(state, policy, governed);
  return undefined;
}

/** A `per_api` policy: the limit of the API's own entry, else the policy's; merged with those of other policies by the same rules. */
function mergeOwnLimit(entry: MergedRights, apiId: string, granted: AccessDefinition, policy: Policy): void {
  const own = !isEmptyLimit(granted.limit);
  const limit = own ? granted.limit : policy;
  const into = entry.rights;
  into.api_id = granted.api_id;
  into.api_name = granted.api_name;
  into.allowance_scope = own ? apiId : policy.id;
  mergeRights(into, granted);
  mergeRate(into.limit, limit);
  mergeQuota(into.limit, limit);
  mergeComplexity(into.limit, limit);
  if (into.limit.quota_max === -1) into.limit.quota_renewal_rate = 0;
  Object.assign(entry, { acl: true, rate: true, quota: true, complexity: true });
}

/** A policy whose limits are shared by its APIs: they go to the entry and, where they are more permissive, to the root of the session. */
function mergeShared(state: MergeState, entry: MergedRights, granted: AccessDefinition, policy: Policy, governed: Governed): void {
  if (governed.acl) {
    mergeRights(entry.rights, granted);
    entry.grantedBy = policy.id;
    entry.acl = true;
  }
  for (const limit of [entry.rights.limit, state.session]) {
    if (governed.rate) mergeRate(limit, policy);
    if (governed.quota) mergeQuota(limit, policy);
    if (governed.complexity) mergeComplexity(limit, policy);
  }
  entry.rate ||= governed.rate;
  entry.quota ||= governed.quota;
  entry.complexity ||= governed.complexity;
}

/** A policy that names no API sets the root's limits. */
function setRoot({ session }: MergeState, policy: Policy, governed: Governed): void {
  const { rate, per, smoothing, throttle_interval, throttle_retry_limit, quota_max, quota_renewal_rate, max_query_depth } = policy;
  if (governed.rate) Object.assign(session, { rate, per, smoothing, throttle_interval, throttle_retry_limit });
  if (governed.quota) Object.assign(session, { quota_max, quota_renewal_rate });
  if (governed.complexity) session.max_query_depth = max_query_depth;
}
