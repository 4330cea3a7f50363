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
  return json(200, { keys: apiId === '' ? names : await keysOfApi(context, names, apiId) });
}

async function keysOfApi(context: AdminContext, names: readonly string[], apiId: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) {
    const key = await keyNamed(context, name, name);
    if (key !== undefined && Object.hasOwn(key.session.access_rights ?? {}, apiId)) found.push(name);
  }
  return found.toSorted();
}
