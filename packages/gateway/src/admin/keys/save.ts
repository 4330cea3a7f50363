import { encodeSession, type Session } from '../../definition/session.ts';
import type { AdminContext } from '../context.ts';
import { findApi } from '../apis/write.ts';
import { apiLifetimes, storageSeconds } from './lifetime.ts';
import { applied, policiesOf } from './policies.ts';
import { resetQuota } from './quota.ts';

/** A session on its way into the store. */
export interface Draft {
  readonly session: Session;
  /** Storage name. */
  readonly name: string;
  /** What is stored there now. */
  readonly old: Session | undefined;
  /** `suppress_reset`: the counter of the quota goes on, and `last_updated` stays, so that the rate does too. */
  readonly keepsCounters: boolean;
}

/** Why a session cannot become a key: its policies cannot be applied, or it gives no rights. */
export type SaveProblem = { readonly kind: 'policies'; readonly reason: string } | { readonly kind: 'rights' };

export const seconds = (context: AdminContext): number => Math.floor(context.now() / 1000);

/** Stores a key as Tyk does: with its policies applied. Throws where the store fails. */
export async function saveKey(context: AdminContext, draft: Draft): Promise<SaveProblem | undefined> {
  const merged = applied(context, stamped(context, draft));
  if (merged.reason !== undefined) return { kind: 'policies', reason: merged.reason };
  if (!hasRights(merged.session) && !context.config.allow_master_keys) return { kind: 'rights' };
  const session = resetsQuota(context, draft, merged.session) ? await withNewQuota(context, draft, merged.session) : merged.session;
  const life = storageSeconds(session, apiLifetimes(context, session), context.config, seconds(context));
  await context.keys.set(draft.name, JSON.stringify(encodeSession(session)), life);
  return undefined;
}

const hasRights = (session: Session): boolean => Object.keys(session.access_rights ?? {}).length > 0;

function stamped(context: AdminContext, { session, old, keepsCounters }: Draft): Session {
  if (keepsCounters) return { ...session, last_updated: old?.last_updated ?? session.last_updated };
  return { ...session, last_updated: String(seconds(context)) };
}

/** Any API of the key may ask to leave the counter alone (`dont_set_quota_on_create`); one that does not is enough to begin anew. */
function resetsQuota(context: AdminContext, { keepsCounters }: Draft, session: Session): boolean {
  const ids = Object.keys(session.access_rights ?? {});
  return !keepsCounters && (ids.length === 0 || ids.some((id) => findApi(context, id)?.definition.dont_set_quota_on_create !== true));
}

async function withNewQuota(context: AdminContext, { name, old }: Draft, session: Session): Promise<Session> {
  if (old !== undefined) await resetQuota(context, name, old);
  await resetQuota(context, name, session);
  // Policies that govern the quota take the renewal away again: theirs begins with the first request.
  return applied(context, { ...session, quota_renews: seconds(context) + session.quota_renewal_rate }).session;
}

/** The end that a policy sets for new keys (`key_expires_in`), in unix seconds; undefined where none does. */
export function trialEnd(context: AdminContext, session: Session): number | undefined {
  const trial = policiesOf(context, session).findLast((policy) => policy.key_expires_in > 0);
  return trial === undefined ? undefined : seconds(context) + trial.key_expires_in;
}
