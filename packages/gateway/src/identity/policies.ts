import { type AccessDefinition, decodePolicy, type Policy, type Session } from '../definition/index.ts';
import { isEmptyLimit } from './limit-merge.ts';
import { mergePolicy } from './merge-policy.ts';
import type { MergeState, MergedRights } from './merge-state.ts';
import { clearGoverned } from './partitions.ts';
import { unite } from './rights-merge.ts';

/** Policies by id. */
export type PolicySet = ReadonlyMap<string, Policy>;

export interface MergeOptions {
  /** Policies of other organisations are refused; undefined = not looked at. */
  readonly orgId?: string | undefined;
}

export interface Merged {
  /** The session as requests see it. Where `error` is set: as far as the merge came. */
  readonly session: Session;
  /** Why the key cannot be used. */
  readonly error: string | undefined;
  /** Ids of policies that do not exist, passed over because others do. */
  readonly skipped: readonly string[];
}

export const NO_VALID_POLICIES = 'key has no valid policies to be applied';
export const OTHER_ORGANISATION = 'attempting to apply policy from different organisation to key, skipping';

/** Ids of the policies that a key asks for: the list, else the one of the older field. */
export function policyIds(session: Session): readonly string[] {
  if (session.apply_policies !== null && session.apply_policies.length > 0) return session.apply_policies;
  return session.apply_policy_id === '' ? [] : [session.apply_policy_id];
}

/**
 * Merges a key with its policies (spec/gateway/traffic-policy.md §3). Pure: neither the session nor the policies are changed. Policies
 * written into the key itself (`meta_data.policies`) take the place of those that it names.
 */
export function applyPolicies(session: Session, policies: PolicySet, options: MergeOptions = {}): Merged {
  const own = customPolicies(session);
  const ids = own === undefined ? policyIds(session) : own.map((policy) => policy.id);
  if (ids.length === 0) return { session: withOwnScopes(session), error: undefined, skipped: [] };
  const source: PolicySet = own === undefined ? policies : new Map(own.map((policy) => [policy.id, policy]));
  const found = ids.map((id) => source.get(id)).filter((policy) => policy !== undefined);
  const skipped = ids.filter((id) => !source.has(id));

  const merged: Session = { ...session, is_inactive: false };
  clearGoverned(merged, found);
  if (ids.length === 1 && found.length === 0) return { session: merged, error: `policy not found: "${ids[0]}"`, skipped };
  const state: MergeState = { session: merged, apis: new Map(), lastPartitioned: false, anyPerApi: false };
  for (const policy of found) {
    const error = options.orgId !== undefined && policy.org_id !== options.orgId ? OTHER_ORGANISATION : mergePolicy(state, policy);
    if (error !== undefined) return { session: merged, error, skipped };
    takeAttributes(merged, policy);
  }
  const error = settleRights(state);
  return { session: merged, error, skipped };
}

/** A key without policies counts an API that has a limit of its own under that API. */
function withOwnScopes(session: Session): Session {
  const entries = Object.entries(session.access_rights ?? {});
  if (entries.every(([, rights]) => isEmptyLimit(rights.limit))) return session;
  const scoped = entries.map(([id, rights]) => [id, isEmptyLimit(rights.limit) ? rights : { ...rights, allowance_scope: id }] as const);
  return { ...session, access_rights: Object.fromEntries(scoped) };
}

function customPolicies(session: Session): Policy[] | undefined {
  const written = session.meta_data?.['policies'];
  if (!Array.isArray(written)) return undefined;
  return written.map((policy) => decodePolicy(policy).value);
}

/** What a policy brings beside rights and limits. */
function takeAttributes(session: Session, policy: Policy): void {
  session.is_inactive ||= policy.is_inactive;
  session.hmac_enabled ||= policy.hmac_enabled;
  session.enable_http_signature_validation ||= policy.enable_http_signature_validation;
  session.tags = unite(policy.tags, session.tags);
  if (policy.meta_data !== null) session.meta_data = { ...session.meta_data, ...policy.meta_data };
  if (policy.last_updated > session.last_updated) session.last_updated = policy.last_updated;
  if (policy.post_expiry_action === '') return;
  session.post_expiry_action = policy.post_expiry_action;
  session.post_expiry_grace_period = policy.post_expiry_grace_period;
}

/** Gives granted APIs what no policy set for them, and their counters' scope; replaces the key's rights where any API was granted. */
function settleRights({ session, apis }: MergeState): string | undefined {
  const distinct = new Set([...apis.values()].map((entry) => entry.grantedBy).filter((id) => id !== ''));
  const granted = [...apis].filter(([, entry]) => entry.acl);
  for (const [, entry] of granted) {
    inherit(entry, session);
    if (distinct.size > 1 && entry.rights.allowance_scope === '') entry.rights.allowance_scope = entry.grantedBy;
  }
  const [first] = granted;
  if (apis.size === 1 && first !== undefined) mirror(session, first[1]);
  if (granted.length === 0) return NO_VALID_POLICIES;
  session.access_rights = Object.fromEntries(granted.map(([id, entry]): [string, AccessDefinition] => [id, entry.rights]));
  return undefined;
}

function inherit({ rights: { limit }, rate, quota, complexity }: MergedRights, session: Session): void {
  if (!rate) {
    limit.rate = session.rate;
    limit.per = session.per;
    limit.smoothing = session.smoothing;
    limit.throttle_interval = session.throttle_interval;
    limit.throttle_retry_limit = session.throttle_retry_limit;
  }
  if (!quota) {
    limit.quota_max = session.quota_max;
    limit.quota_renewal_rate = session.quota_renewal_rate;
    limit.quota_renews = session.quota_renews;
  }
  if (!complexity) limit.max_query_depth = session.max_query_depth;
}

/** With one API in all, the root of the session shows its limit. */
function mirror(session: Session, { rights: { limit }, rate, quota, complexity }: MergedRights): void {
  if (!rate || !quota || !complexity) return;
  session.rate = limit.rate;
  session.per = limit.per;
  session.smoothing = limit.smoothing;
  session.quota_max = limit.quota_max;
  session.quota_renews = limit.quota_renews;
  session.quota_renewal_rate = limit.quota_renewal_rate;
  session.max_query_depth = limit.max_query_depth;
}
