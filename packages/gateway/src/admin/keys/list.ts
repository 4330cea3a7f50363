import { setImmediate as pause } from 'node:timers/promises';
import { json, refusal } from '../answers.ts';
import type { AdminAnswer, AdminContext } from '../context.ts';
import { A } from '../errors.ts';
import type { Call } from '../router.ts';
import { keyNamed } from './names.ts';

/** Names of keys, narrowed by `filter` (how they begin; plain keys only) and `api_id` (sorted). */
export async function listKeys({ context, request: { query } }: Call): Promise<AdminAnswer> {
  const { hash_keys: hashed, enable_hashed_keys_listing: listing } = context.config;
  const filter = hashed ? '' : (query.get('filter') ?? '');
  const apiId = query.get('api_id') ?? '';
  if (hashed && !listing) return refusal(A.HASHED_LISTING_OFF);
  if (!hashed && apiId !== '' && filter === '') return refusal(A.LISTING_WITHOUT_FILTER);
  const names = (await context.keys.names()).filter((name) => name.startsWith(filter));
  const found = apiId === '' ? names : await keysOfApi(context, names, apiId);
  return found === undefined ? refusal(A.LISTING_TOO_SLOW) : json(200, { keys: found });
}

/** Keys looked at between two looks at other work. */
const AT_ONCE = 500;
const MOST_MS = 30_000;

/** Sorted; undefined where there are too many to look at all of them. */
async function keysOfApi(context: AdminContext, names: readonly string[], apiId: string): Promise<string[] | undefined> {
  const end = context.now() + MOST_MS;
  const found: string[] = [];
  for (const [i, name] of names.entries()) {
    if (i % AT_ONCE === 0) await pause();
    if (context.now() > end) return undefined;
    const key = await keyNamed(context, name, name);
    if (key !== undefined && Object.hasOwn(key.session.access_rights ?? {}, apiId)) found.push(name);
  }
  return found.toSorted();
}
