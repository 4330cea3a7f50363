import type { StoredKey } from '@gatehouse/store';
import type { Session } from '../../definition/session.ts';
import { sessionOf, tokenSettings } from '../../identity/lookup.ts';
import { makeToken, storedName, tokenCandidates } from '../../identity/token.ts';
import type { AdminContext } from '../context.ts';
import { findApi } from '../apis/write.ts';

/** How a call names a key. */
export interface KeyAddress {
  /** Token, custom id, or storage name. */
  readonly id: string;
  /** Organisation that a custom id is looked for in. */
  readonly orgId: string;
  /** `id` is the name in the store: the hash, where keys are hashed. */
  readonly byHash: boolean;
}

/** A key in the store. */
export interface FoundKey {
  /** As answers name it: the token, or the storage name where it was asked for so. */
  readonly shown: string;
  readonly stored: StoredKey;
  /** As stored: policies are applied already if they were there at the time. */
  readonly session: Session;
}

/** The address in path and query of a call: `hashed`, `username`, `org_id`, `api_id` (spec/control/gateway-api.md §6). */
export function addressOf(context: AdminContext, id: string, query: URLSearchParams): KeyAddress {
  const orgId = findApi(context, query.get('api_id') ?? '')?.definition.org_id ?? query.get('org_id') ?? '';
  const isName = query.get('username') === 'true';
  return { id: isName ? newToken(context, orgId, id) : id, orgId, byHash: (query.get('hashed') ?? '') !== '' };
}

export async function findKey(context: AdminContext, address: KeyAddress): Promise<FoundKey | undefined> {
  const settings = tokenSettings(context.config);
  if (address.byHash) return await keyNamed(context, address.id, address.id);
  for (const token of tokenCandidates(address.id, address.orgId, settings)) {
    const found = await keyNamed(context, storedName(token, settings), token);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Undefined where nothing is stored, or nothing that is a session. */
export async function keyNamed(context: AdminContext, name: string, shown: string): Promise<FoundKey | undefined> {
  const stored = name === '' ? undefined : await context.keys.get(name);
  const session = stored === undefined ? undefined : sessionOf(stored);
  return stored === undefined || session === undefined ? undefined : { shown, stored, session };
}

/** A token of an organisation for a custom id, or a random one for `''`. */
export function newToken(context: AdminContext, orgId: string, id: string): string {
  return makeToken(orgId, id, tokenSettings(context.config).hashFunction);
}

export function storageName(context: AdminContext, token: string): string {
  return storedName(token, tokenSettings(context.config));
}
