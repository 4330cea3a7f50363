import { classicApi, policy, session } from '../definition/index.ts';
import { CONFIG_TABLE } from '../config/table.ts';
import { EXTENSION } from '../definition/oas/index.ts';

/** What a document is, by its content. */
export type DocumentKind = 'classic' | 'oas' | 'streams' | 'policy' | 'policies' | 'key' | 'configuration' | 'unknown';

type Json = Readonly<Record<string, unknown>>;

/** Settings that Tyk's configurations have and definitions have not; `listen_port` and `certificates` are in both. */
const KEYS: readonly (readonly [DocumentKind, ReadonlySet<string>])[] = [
  ['classic', new Set(Object.keys(classicApi))],
  ['policy', new Set(Object.keys(policy))],
  ['key', new Set(Object.keys(session))],
  ['configuration', new Set(Object.keys(CONFIG_TABLE))],
];

/** Keys that only policies have: everything else of theirs is in keys too. */
const POLICY_ONLY = ['name', 'id', '_id', 'active', 'partitions', 'key_expires_in', 'graphql_access_rights', 'state'];
/** Keys without which a policy or a key would be no use; many documents have an `id` or a `name`. */
const RIGHTS = ['access_rights', 'rate', 'quota_max', 'per', 'partitions'];

export function documentKind(json: unknown): DocumentKind {
  if (!isObject(json)) return 'unknown';
  if (EXTENSION in json) return 'x-tyk-streaming' in json ? 'streams' : 'oas';
  if ('x-tyk-streaming' in json) return 'streams';
  if ('openapi' in json) return 'oas';
  if ('api_id' in json || ('proxy' in json && 'name' in json)) return 'classic';
  if (isPolicyMap(json)) return 'policies';
  return byKeys(json);
}

/** Policies by id: every value looks like one, and no key is a policy's own. */
function isPolicyMap(json: Json): boolean {
  const values = Object.values(json);
  return values.length > 0 && values.every((value) => isObject(value) && RIGHTS.some((key) => key in value) && POLICY_ONLY.some((key) => key in value));
}

/** The format that knows most of the document's keys; none where it knows less than a third. */
function byKeys(json: Json): DocumentKind {
  const names = Object.keys(json).map((name) => name.toLowerCase());
  const counted = KEYS.map(([kind, keys]) => ({ kind, known: names.filter((name) => keys.has(name)).length }));
  const best = counted.reduce((a, b) => (b.known > a.known ? b : a));
  if (best.known === 0 || best.known * 3 < names.length) return 'unknown';
  if (best.kind === 'policy' || best.kind === 'key') return POLICY_ONLY.some((key) => key in json) ? 'policy' : 'key';
  return best.kind;
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
