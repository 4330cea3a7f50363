import type { Policy, Session } from '../definition/index.ts';

/** The parts of a session that a policy governs. */
export interface Governed {
  readonly quota: boolean;
  readonly rate: boolean;
  readonly complexity: boolean;
  readonly acl: boolean;
}

const EVERYTHING: Governed = { quota: true, rate: true, complexity: true, acl: true };

export function isPartitioned({ partitions }: Policy): boolean {
  return partitions.quota || partitions.rate_limit || partitions.complexity || partitions.acl;
}

/** A policy without partitions governs everything. */
export function governedBy(policy: Policy): Governed {
  if (!isPartitioned(policy)) return EVERYTHING;
  const { quota, rate_limit: rate, complexity, acl } = policy.partitions;
  return { quota, rate, complexity, acl };
}

/** Empties what the policies govern, so that the key's own values do not take part in the merge; the quota's renewal rate stays. */
export function clearGoverned(session: Session, policies: readonly Policy[]): void {
  for (const governed of policies.map(governedBy)) {
    if (governed.quota) Object.assign(session, { quota_max: 0, quota_remaining: 0 });
    if (governed.rate) Object.assign(session, { rate: 0, per: 0, smoothing: null, throttle_interval: 0, throttle_retry_limit: 0 });
    if (governed.complexity) session.max_query_depth = 0;
  }
}
