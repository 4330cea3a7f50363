import { changed, json, refusal } from '../answers.ts';
import type { AdminAnswer } from '../context.ts';
import { A } from '../errors.ts';
import type { Call } from '../router.ts';
import { addressOf, findKey } from './names.ts';
import { resetQuota } from './quota.ts';

/** Tyk's "every API": answered with `null`. */
const EVERY_API = '-1';

/** `DELETE /tyk/keys/{id}`: the key and the counters of its quotas. */
export async function removeKey({ context, id, request }: Call): Promise<AdminAnswer> {
  const found = await findKey(context, addressOf(context, id, request.query));
  if (found === undefined) return refusal(A.KEY_NOT_FOUND_ON_DELETE);
  const { name } = found.stored;
  if (!(await context.keys.delete(name))) return refusal(A.KEY_NOT_REMOVED);
  await resetQuota(context, name, found.session);
  context.event('TokenDeleted', { org: found.session.org_id, key: name });
  return request.query.get('api_id') === EVERY_API ? json(200, null) : changed(found.shown, 'deleted');
}
