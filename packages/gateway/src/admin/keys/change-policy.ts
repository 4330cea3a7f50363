import { encodeSession, type Session } from '../../definition/session.ts';
import { decodeGo, list, string, type GoStruct } from '../../definition/go-json.ts';
import { changed, refusal } from '../answers.ts';
import { jsonBody } from '../body.ts';
import type { AdminAnswer } from '../context.ts';
import { A } from '../errors.ts';
import type { Call } from '../router.ts';
import { keyNamed } from './names.ts';
import { seconds } from './save.ts';

interface Instruction {
  policy: string;
  apply_policies: string[] | null;
}

const instruction: GoStruct<Instruction> = { policy: string, apply_policies: list(string) };

/** `POST /tyk/keys/policy/{name}`: gives a key other policies and takes its lifetime away. The key is named as in the store: its hash, where keys are hashed. */
export async function changePolicy({ context, id, request }: Call): Promise<AdminAnswer> {
  const body = jsonBody(request);
  const decoded = body === undefined ? undefined : decodeGo(instruction, body.value);
  if (decoded === undefined || decoded.problems.length > 0) return refusal(A.INSTRUCTION_UNREADABLE);
  const found = await keyNamed(context, id, id);
  if (found === undefined) return refusal(A.KEY_NOT_FOUND);
  const { policy, apply_policies } = decoded.value;
  const policies = [...(apply_policies ?? []), ...(policy === '' ? [] : [policy])];
  const session: Session = { ...found.session, apply_policies: policies, last_updated: String(seconds(context)) };
  await context.keys.set(id, JSON.stringify(encodeSession(session)), 0);
  context.event('TokenUpdated', { org: session.org_id, key: id });
  return changed(id, 'updated');
}
