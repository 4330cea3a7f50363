import { randomBytes } from 'node:crypto';
import type { Session } from '../../definition/session.ts';
import { changed, json, refusal } from '../answers.ts';
import type { AdminAnswer } from '../context.ts';
import { encodeSession } from '../../definition/session.ts';
import { A } from '../errors.ts';
import type { Call } from '../router.ts';
import { keyNamed, newToken, storageName } from './names.ts';
import { hashPassword, withoutPassword } from './password.ts';
import { keyPayload, refusePayload, endOf } from './payload.ts';
import { applied } from './policies.ts';
import { saveKey, seconds, trialEnd, type SaveProblem } from './save.ts';

/** `POST /tyk/keys/create`: the older call for a random key, or for the key of a certificate; says more about what is wrong. */
export async function createKey({ context, request }: Call): Promise<AdminAnswer> {
  const given = keyPayload(request)?.session;
  if (given === undefined) return refusal(A.KEY_UNMARSHALLING);
  const wrong = await refusePayload(context, given);
  if (wrong !== undefined) return wrong;
  const token = newToken(context, given.org_id, given.certificate);
  const name = storageName(context, token);
  if (given.certificate !== '' && (await keyNamed(context, name, token)) !== undefined) {
    return refusal(A.KEY_NOT_CREATED_BECAUSE, `Key with given certificate already found:${token}`);
  }
  const session = await completed({ context, request, id: '' }, given);
  const problem = await saveKey(context, { session, name, old: undefined, keepsCounters: false });
  if (problem !== undefined) return explained(problem);
  context.event('TokenCreated', { org: session.org_id, key: name });
  return context.config.hash_keys ? changed(token, 'added', name) : changed(token, 'added');
}

async function completed({ context }: Call, given: Session): Promise<Session> {
  const { password } = given.basic_auth_data;
  return {
    ...given,
    date_created: new Date(context.now()).toISOString(),
    expires: trialEnd(context, given) ?? endOf(given.expires, 0, seconds(context)),
    hmac_string: given.hmac_enabled ? randomBytes(32).toString('base64') : given.hmac_string,
    basic_auth_data: password === '' ? given.basic_auth_data : await hashPassword(password, context.config),
  };
}

function explained(problem: SaveProblem): AdminAnswer {
  return problem.kind === 'rights' ? refusal(A.KEY_WITHOUT_RIGHTS) : refusal(A.KEY_NOT_CREATED_BECAUSE, problem.reason);
}

/** The session that a body would become; nothing is stored. Policies that cannot be applied are left out, as Tyk does. */
export function previewKey({ context, request }: Call): AdminAnswer {
  const given = keyPayload(request)?.session;
  if (given === undefined) return refusal(A.KEY_UNMARSHALLING);
  const session = { ...given, date_created: new Date(context.now()).toISOString(), last_updated: String(seconds(context)) };
  return json(200, encodeSession(withoutPassword(applied(context, session).session)));
}
