import type { AccessDefinition, Session } from '../definition/index.ts';
import { emptyRights } from './rights-merge.ts';

/** Access rights of one API while policies are merged into them. */
export interface MergedRights {
  readonly rights: AccessDefinition;
  /** Parts that some policy has set for this API; the others come from the session. */
  acl: boolean;
  rate: boolean;
  quota: boolean;
  complexity: boolean;
  /** The last policy that granted the API. */
  grantedBy: string;
}

/** What the merge has gathered so far. */
export interface MergeState {
  readonly session: Session;
  readonly apis: Map<string, MergedRights>;
  /** The last policy without `per_api` had partitions. */
  lastPartitioned: boolean;
  anyPerApi: boolean;
}

/** The entry of an API, made when a policy names it first. */
export function entryOf(state: MergeState, apiId: string): MergedRights {
  const known = state.apis.get(apiId);
  if (known !== undefined) return known;
  const made = { rights: emptyRights(), acl: false, rate: false, quota: false, complexity: false, grantedBy: '' };
  // A window that the key has begun goes on under the merged limit.
  made.rights.limit.quota_renews = state.session.access_rights?.[apiId]?.limit.quota_renews ?? 0;
  state.apis.set(apiId, made);
  return made;
}
