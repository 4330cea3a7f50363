import type { Policy } from '../../definition/policy.ts';
import type { Session } from '../../definition/session.ts';
import { applyPolicies, policyIds } from '../../identity/policies.ts';
import type { AdminContext } from '../context.ts';

/** The session as requests see it, and why its policies could not be applied. */
export interface Applied {
  readonly session: Session;
  readonly reason: string | undefined;
}

/** Applies the loaded policies. A key of an organisation may only have policies of the same. */
export function applied(context: AdminContext, session: Session): Applied {
  const merged = applyPolicies(session, context.loaded().policies, { orgId: session.org_id === '' ? undefined : session.org_id });
  return { session: merged.session, reason: merged.error };
}

/** The loaded policies that a session names. */
export function policiesOf(context: AdminContext, session: Session): Policy[] {
  const { policies } = context.loaded();
  return policyIds(session)
    .map((id) => policies.get(id))
    .filter((policy) => policy !== undefined);
}
