import type { Session } from '../../definition/session.ts';
import { changed, refusal } from '../answers.ts';
import type { AdminAnswer, AdminContext } from '../context.ts';
import { A } from '../errors.ts';
import type { Call } from '../router.ts';
import { addressOf, findKey, type FoundKey } from './names.ts';
import { updatedPassword } from './password.ts';
import { endOf, keyPayload, refusePayload, type KeyPayload } from './payload.ts';
import { saveKey, seconds, trialEnd } from './save.ts';

/** `PUT /tyk/keys/{id}` replaces a session. A custom id is looked for in the organisation that the body names. */
export async function updateKey(call: Call): Promise<AdminAnswer> {
  const { context, id, request } = call;
  const payload = keyPayload(request);
  if (payload === undefined) return refusal(A.MALFORMED);
  const { session } = payload;
  const found = await findKey(context, { ...addressOf(context, id, request.query), orgId: session.org_id });
  if (found === undefined || movesOrganisation(found.session, session)) return refusal(A.KEY_NOT_FOUND_ON_UPDATE);
  const wrong = (await refuseCertificate(context, found.session, session)) ?? (await refusePayload(context, session));
  return wrong ?? (await store(call, found, payload));
}

/** A key belongs to its organisation for good: its token, its policies and its users do. */
function movesOrganisation(old: Session, given: Session): boolean {
  return old.org_id !== '' && given.org_id !== '' && old.org_id !== given.org_id;
}

async function refuseCertificate(context: AdminContext, old: Session, given: Session): Promise<AdminAnswer | undefined> {
  if (given.certificate === old.certificate) return undefined;
  if (given.certificate === '') return refusal(A.KEY_CERTIFICATE_REMOVED);
  return (await context.hasCertificate(given.certificate)) ? undefined : refusal(A.KEY_CERTIFICATE_UNKNOWN);
}

async function store({ context, request }: Call, { stored, shown, session: old }: FoundKey, payload: KeyPayload): Promise<AdminAnswer> {
  const given = payload.session;
  const keepsCounters = request.query.get('suppress_reset') === '1';
  const session: Session = {
    ...given,
    date_created: old.date_created,
    expires: keepsTrialEnd(context, payload, old) ? old.expires : endOf(given.expires, old.expires, seconds(context)),
    quota_renews: keepsCounters ? old.quota_renews : given.quota_renews,
    basic_auth_data: await updatedPassword(given.basic_auth_data, old.basic_auth_data, context.config),
  };
  const problem = await saveKey(context, { session, name: stored.name, old, keepsCounters });
  if (problem !== undefined) return refusal(A.KEY_NOT_CREATED);
  context.event('TokenUpdated', { org: session.org_id, key: stored.name });
  return changed(shown, 'modified');
}

/** An update that does not speak of the end leaves the one that a trial policy has set: a trial must not become endless by accident. */
function keepsTrialEnd(context: AdminContext, { session, namesEnd }: KeyPayload, old: Session): boolean {
  return !namesEnd && old.expires > 0 && trialEnd(context, session) !== undefined;
}
