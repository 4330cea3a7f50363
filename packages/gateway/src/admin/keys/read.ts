import { encodeSession } from '../../definition/session.ts';
import { json, refusal } from '../answers.ts';
import type { AdminAnswer } from '../context.ts';
import { A } from '../errors.ts';
import type { Call } from '../router.ts';
import { addressOf, findKey } from './names.ts';
import { withoutPassword } from './password.ts';
import { applied } from './policies.ts';
import { withCounters } from './quota.ts';

/** `GET /tyk/keys/{id}`: the session with its policies applied and what is left of its quotas. */
export async function readKey({ context, id, request }: Call): Promise<AdminAnswer> {
  const address = addressOf(context, id, request.query);
  if (address.byHash && !context.config.hash_keys) return refusal(A.KEY_BY_HASH_WITHOUT_HASHING);
  const found = await findKey(context, address);
  if (found === undefined) return refusal(A.KEY_NOT_FOUND);
  const session = await withCounters(context, found.stored.name, applied(context, found.session).session);
  return json(200, encodeSession(withoutPassword(session)));
}
