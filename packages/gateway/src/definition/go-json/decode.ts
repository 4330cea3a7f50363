import type { Problem } from '../../schema/problem.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { placeOf } from './elsewhere.ts';
import type { GoKind, GoStruct, ItemKind, NumberKind, StructKind, TextKind } from './kinds.ts';
import { nearestName } from './nearest.ts';
import { pathOf, type Place } from './place.ts';
import { zeroOf, ZERO_TIME } from './zero.ts';

export interface Decoded<T> {
  /** Complete: what is missing or wrong has its zero value. */
  readonly value: T;
  /** Wrong kinds. Tyk refuses a document that has any (`Request malformed`). */
  readonly problems: Problem[];
  /** JSON pointers of keys that the struct does not know. Tyk drops them without a word. */
  readonly unknown: string[];
  /** One problem for each unknown key, naming the nearest known one or the place where the key belongs, and for each unreadable duration. */
  readonly warnings: Problem[];
}

/** Deeper free values are refused; Go's own limit is 10,000, far more than any definition has. */
const MAX_DEPTH = 1000;

/**
 * Reads parsed JSON as Go's `encoding/json` reads it into a struct: keys match whatever their case, what is missing becomes the zero value, `null`
 * changes nothing but empties slices, maps and pointers. The input is not changed, and shares only free-form (`any`, `raw`) values with the result.
 *
 * @param at JSON pointer of `json` within its document, for the problems' paths.
 */
export function decodeGo<T>(fields: GoStruct<T>, json: unknown, at = ''): Decoded<T> {
  const root = fields as StructKind['fields'];
  const found: Found = { root, problems: [], unknown: [], warnings: [] };
  const value = decodeValue({ kind: 'struct', fields: root }, json, at, found) as T;
  return { value, problems: found.problems, unknown: found.unknown, warnings: found.warnings };
}

interface Found extends Pick<Decoded<unknown>, 'problems' | 'unknown' | 'warnings'> {
  readonly root: StructKind['fields'];
}

function decodeValue(kind: GoKind<unknown>, json: unknown, at: Place, found: Found): unknown {
  if (json === null || json === undefined) return zeroOf(kind);
  if (kind.kind === 'struct') return decodeStruct(kind, json, at, found);
  if ('item' in kind) return decodeItems(kind, json, at, found);
  if ('min' in kind) return decodeNumber(kind, json, at, found);
  if (kind.kind === 'bool') return typeof json === 'boolean' ? json : wrong(kind, 'true or false', json, at, found);
  if (kind.kind === 'string' || kind.kind === 'time' || kind.kind === 'duration') return decodeText(kind.kind, json, at, found);
  return depthOf(json) > MAX_DEPTH ? wrong(kind, `at most ${MAX_DEPTH} levels`, json, at, found) : json;
}

function decodeItems(kind: GoKind<unknown> & ItemKind, json: unknown, at: Place, found: Found): unknown {
  if (kind.kind === 'pointer') return decodeValue(kind.item, json, at, found);
  if (kind.kind === 'list') {
    if (!Array.isArray(json)) return wrong(kind, 'a list', json, at, found);
    return json.map((item, token) => decodeValue(kind.item, item, { below: at, token }, found));
  }
  if (!isObject(json)) return wrong(kind, 'an object', json, at, found);
  return Object.fromEntries(Object.entries(json).map(([token, item]) => [token, decodeValue(kind.item, item, { below: at, token }, found)]));
}

function decodeStruct(kind: StructKind, json: unknown, at: Place, found: Found): unknown {
  if (typeof json === 'string' && kind.shorthand !== undefined) return decodeStruct(kind, { [kind.shorthand]: json }, at, found);
  if (!isObject(json)) return wrong(kind, 'an object', json, at, found);
  const given = new Map<string, string>();
  const names = namesOf(kind.fields);
  for (const key of Object.keys(json)) {
    const name = names.get(key) ?? names.get(key.toLowerCase());
    if (name === undefined) reportUnknown(kind.fields, key, { below: at, token: key }, found);
    else given.set(name, key);
  }
  const value: Record<string, unknown> = {};
  for (const name of Object.keys(kind.fields)) {
    const field = kind.fields[name] as GoKind<unknown>;
    const token = given.get(name);
    value[name] = token === undefined ? zeroOf(field) : decodeValue(field, json[token], { below: at, token }, found);
  }
  return value;
}

const namesByFields = new WeakMap<StructKind['fields'], Map<string, string>>();

/** A struct's field names by themselves and in lower case, made once per struct. */
function namesOf(fields: StructKind['fields']): Map<string, string> {
  let names = namesByFields.get(fields);
  if (names === undefined) {
    names = new Map(Object.keys(fields).flatMap((name) => [[name.toLowerCase(), name] as const, [name, name] as const]));
    namesByFields.set(fields, names);
  }
  return names;
}

function reportUnknown(fields: StructKind['fields'], key: string, at: Place, found: Found): void {
  const path = pathOf(at);
  found.unknown.push(path);
  found.warnings.push({ code: 'definition.unknown_key', path, message: `unknown key "${key}"`, hint: hintFor(fields, key, found.root) });
}

function hintFor(fields: StructKind['fields'], key: string, root: StructKind['fields']): string {
  const place = placeOf(root, key);
  if (place !== undefined) return `move it to ${place}; here it has no effect`;
  const nearest = nearestName(key, Object.keys(fields));
  return nearest === undefined ? 'remove it; it has no effect' : `did you mean "${nearest}"?`;
}

function decodeText(kind: TextKind['kind'], json: unknown, at: Place, found: Found): unknown {
  if (typeof json !== 'string') return wrong({ kind }, 'a string', json, at, found);
  if (kind === 'string') return json;
  if (kind === 'time') return isTime(json) ? json : wrong({ kind }, `a time such as "${ZERO_TIME}"`, json, at, found);
  return decodeDuration(json, at, found);
}

/** Tyk takes an unreadable duration for none, without a word. */
function decodeDuration(text: string, at: Place, found: Found): string {
  const nanoseconds = parseDuration(text === '' ? '0s' : text);
  if (nanoseconds !== undefined) return formatDuration(nanoseconds);
  const message = `"${text}" is no duration and counts as none`;
  found.warnings.push({ code: 'definition.unreadable_duration', path: pathOf(at), message, hint: 'write a duration such as "1m30s"' });
  return '0s';
}

/** RFC 3339 as strictly as Go reads it; a day that its month does not have is refused too. */
function isTime(text: string): boolean {
  const parts = /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[-+](?:[01]\d|2[0-3]):[0-5]\d)$/.exec(text);
  const day = new Date(`${parts?.[1] ?? ''}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(parts?.[1] ?? '');
}

function decodeNumber(kind: GoKind<unknown> & NumberKind, json: unknown, at: Place, found: Found): unknown {
  const what = kind.kind === 'float' ? 'a number' : 'a whole number';
  if (typeof json !== 'number') return wrong(kind, what, json, at, found);
  if (kind.kind === 'int' && !Number.isInteger(json)) return wrong(kind, what, json, at, found);
  if (json < kind.min || json > kind.max) return wrong(kind, `${what} from ${kind.min} to ${kind.max}`, json, at, found);
  return json;
}

function wrong(kind: GoKind<unknown>, expected: string, json: unknown, at: Place, found: Found): unknown {
  const message = `expected ${expected}, found ${describe(json)}`;
  found.problems.push({ code: 'definition.wrong_type', path: pathOf(at), message, hint: `write ${expected} here` });
  return zeroOf(kind);
}

function describe(json: unknown): string {
  if (Array.isArray(json)) return 'a list';
  if (typeof json === 'object') return 'an object';
  const text = JSON.stringify(json);
  return `the ${typeof json} ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`;
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** Levels of nesting, counted without recursion, and no further than is needed to refuse. */
function depthOf(json: unknown): number {
  let depth = 0;
  let level: unknown[] = [json];
  while (depth <= MAX_DEPTH) {
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
    if (level.length === 0) return depth;
    depth++;
  }
  return depth;
}
