import type { Session } from '../../definition/session.ts';
import { tokenSettings } from '../../identity/lookup.ts';
import { changed, refusal } from '../answers.ts';
import type { AdminAnswer } from '../context.ts';
import { A, minTokenLength } from '../errors.ts';
import type { Call } from '../router.ts';
import { keyNamed, newToken, storageName } from './names.ts';
import { hashPassword } from './password.ts';
import { endOf, keyPayload, refusePayload } from './payload.ts';
import { saveKey, seconds, trialEnd } from './save.ts';

/** `POST /tyk/keys` makes a random key, `POST /tyk/keys/{id}` one with a chosen id; an existing key of that id is replaced. */
export async function addKey(call: Call): Promise<AdminAnswer> {
  const { context, id, request } = call;
  const payload = keyPayload(request);
  if (payload === undefined) return refusal(A.MALFORMED);
  const least = tokenSettings(context.config).minTokenLength;
  if (id !== '' && id.length < least) return refusal(minTokenLength(id.length, least));
  const wrong = await refusePayload(context, payload.session);
  return wrong ?? (await store(call, payload.session));
}

async function store({ context, id, request }: Call, given: Session): Promise<AdminAnswer> {
  const byHash = (request.query.get('hashed') ?? '') !== '' && id !== '';
  const token = byHash ? id : newToken(context, given.org_id, id);
  const name = byHash ? id : storageName(context, token);
  const isUser = given.basic_auth_data.password !== '';
  const session: Session = {
    ...given,
    date_created: new Date(context.now()).toISOString(),
    expires: trialEnd(context, given) ?? endOf(given.expires, 0, seconds(context)),
    basic_auth_data: isUser ? await hashPassword(given.basic_auth_data.password, context.config) : given.basic_auth_data,
  };
  const old = await keyNamed(context, name, name);
  const keepsCounters = request.query.get('suppress_reset') === '1';
  const problem = await saveKey(context, { session, name, old: old?.session, keepsCounters });
  if (problem !== undefined) return refusal(A.KEY_NOT_CREATED);
  context.event('TokenCreated', { org: session.org_id, key: name });
  return context.config.hash_keys ? changed(isUser ? '' : token, 'added', name) : changed(token, 'added');
}
