import { randomUUID } from 'node:crypto';
import { type HashFunction, hashWith, isHashFunction } from './key-hash.ts';

/** How tokens are made, named and found; from the gateway's configuration (spec/gateway/auth.md §3). */
export interface TokenSettings {
  /** `hash_keys`. */
  readonly hashKeys: boolean;
  /** `hash_key_function`; `''` = legacy tokens, organisation and id in a row. */
  readonly hashFunction: HashFunction | '';
  /** `hash_key_function_fallback`. */
  readonly fallbacks: readonly HashFunction[];
  /** False with `disable_key_actions_by_username`: a custom id needs its organisation in front. */
  readonly customIds: boolean;
  /** `min_token_length`; shorter credentials are never looked up. */
  readonly minTokenLength: number;
}

export const DEFAULT_TOKENS: TokenSettings = { hashKeys: false, hashFunction: '', fallbacks: [], customIds: true, minTokenLength: 3 };

export interface TokenParts {
  readonly org: string;
  readonly id: string;
  readonly hash: string;
}

const JSON_PREFIX = 'ey';
const HEX_ORG = /^[0-9a-f]{24}(?=.)/i;

/**
 * A token for an organisation. `id` is a custom id, or `''` for a random one of 32 hexadecimal digits; an organisation in front of a custom
 * id is not doubled.
 */
export function makeToken(orgId: string, id: string, hashFunction: HashFunction | ''): string {
  const own = (orgId !== '' && id.startsWith(orgId) ? id.slice(orgId.length) : id) || randomUUID().replaceAll('-', '');
  if (hashFunction === '') return orgId + own;
  return Buffer.from(`{"org":${JSON.stringify(orgId)},"id":${JSON.stringify(own)},"h":"${hashFunction}"}`).toString('base64');
}

/** The parts of a token in base64 form; undefined for legacy tokens and everything else. */
export function parseToken(token: string): TokenParts | undefined {
  if (!token.startsWith(JSON_PREFIX)) return undefined;
  try {
    const parts = JSON.parse(Buffer.from(token, 'base64').toString()) as Record<string, unknown> | null;
    const text = (name: string): string => (typeof parts?.[name] === 'string' ? parts[name] : '');
    return { org: text('org'), id: text('id'), hash: text('h') };
  } catch {
    return undefined;
  }
}

/** Organisation that a token names; `''` where it names none. */
export function tokenOrg(token: string): string {
  const org = parseToken(token)?.org ?? '';
  return org === '' ? (HEX_ORG.exec(token)?.[0] ?? '') : org;
}

/** The stored name of a token where keys are hashed: by the function that the token names itself, else murmur32. */
export function hashKey(token: string): string {
  const named = parseToken(token)?.hash ?? '';
  return hashWith(isHashFunction(named) ? named : 'murmur32', token);
}

/** Storage name of a token: itself, or its hash where keys are hashed. */
export function storedName(token: string, settings: TokenSettings): string {
  return settings.hashKeys ? hashKey(token) : token;
}

/** Tokens that a credential may stand for at an API of an organisation, in the order in which they are tried. */
export function tokenCandidates(credential: string, orgId: string, settings: TokenSettings): readonly string[] {
  if (credential.length < settings.minTokenLength) return [];
  if (tokenOrg(credential) === orgId) return [credential];
  if (!settings.customIds) return [credential];
  const made = makeToken(orgId, credential, settings.hashFunction);
  const older = settings.fallbacks.map((name) => makeToken(orgId, credential, name));
  return [...new Set([made, credential, ...older])];
}
