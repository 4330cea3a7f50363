import { pointer, type Problem } from '../../schema/problem.ts';
import { parseDuration, formatDuration } from './duration.ts';
import type { GoKind, GoStruct, NumberKind, StructKind, TextKind } from './kinds.ts';
import { nearestName } from './nearest.ts';
import { zeroOf, ZERO_TIME } from './zero.ts';

export interface Decoded<T> {
  /** Complete: what is missing or wrong has its zero value. */
  readonly value: T;
  /** Wrong kinds. Tyk refuses a document that has any (`Request malformed`). */
  readonly problems: Problem[];
  /** JSON pointers of keys that the struct does not know. Tyk drops them without a word. */
  readonly unknown: string[];
  /** One problem for each unknown key, naming the nearest known one. */
  readonly warnings: Problem[];
}

/** Deeper values are refused; Go's own limit is 10,000, far more than any definition has. */
const MAX_DEPTH = 1000;

/**
 * Reads parsed JSON as Go's `encoding/json` reads it into a struct: keys match whatever their case, what is missing becomes the zero value, `null`
 * changes nothing but empties slices, maps and pointers. The input is not changed, and shares only free-form (`any`, `raw`) values with the result.
 *
 * @param at JSON pointer of `json` within its document, for the problems' paths.
 */
export function decodeGo<T>(fields: GoStruct<T>, json: unknown, at = ''): Decoded<T> {
  const found: Found = { problems: [], unknown: [], warnings: [] };
  const value = decodeValue({ kind: 'struct', fields: fields as StructKind['fields'] }, json, at, found) as T;
  return { value, ...found };
}

type Found = Pick<Decoded<unknown>, 'problems' | 'unknown' | 'warnings'>;

function decodeValue(kind: GoKind<unknown>, json: unknown, at: string, found: Found): unknown {
  if (json === null || json === undefined) return zeroOf(kind);
  switch (kind.kind) {
    case 'string':
    case 'time':
    case 'duration':
      return decodeText(kind, json, at, found);
    case 'bool':
      return typeof json === 'boolean' ? json : wrong(kind, 'true or false', json, at, found);
    case 'int':
    case 'float':
      return decodeNumber(kind, json, at, found);
    case 'any':
    case 'raw':
      return depthOf(json) > MAX_DEPTH ? wrong(kind, `at most ${MAX_DEPTH} levels`, json, at, found) : json;
    case 'pointer':
      return decodeValue(kind.item, json, at, found);
    case 'list':
      if (!Array.isArray(json)) return wrong(kind, 'a list', json, at, found);
      return json.map((item, index) => decodeValue(kind.item, item, pointer(at, index), found));
    case 'map':
      if (!isObject(json)) return wrong(kind, 'an object', json, at, found);
      return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, decodeValue(kind.item, item, pointer(at, key), found)]));
    case 'struct':
      return decodeStruct(kind, json, at, found);
  }
}

function decodeStruct(kind: StructKind, json: unknown, at: string, found: Found): unknown {
  if (typeof json === 'string' && kind.shorthand !== undefined) return decodeStruct(kind, { [kind.shorthand]: json }, at, found);
  if (!isObject(json)) return wrong(kind, 'an object', json, at, found);
  const value = zeroOf(kind) as Record<string, unknown>;
  const names = namesOf(kind.fields);
  for (const [key, item] of Object.entries(json)) {
    const name = Object.hasOwn(kind.fields, key) ? key : names.get(key.toLowerCase());
    const field = name === undefined ? undefined : kind.fields[name];
    if (name === undefined || field === undefined) reportUnknown(kind.fields, key, at, found);
    else value[name] = decodeValue(field, item, pointer(at, key), found);
  }
  return value;
}

const namesByFields = new WeakMap<StructKind['fields'], Map<string, string>>();

/** Lower-case name → name of a struct's fields, made once per struct. */
function namesOf(fields: StructKind['fields']): Map<string, string> {
  let names = namesByFields.get(fields);
  if (names === undefined) {
    names = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
    namesByFields.set(fields, names);
  }
  return names;
}

function reportUnknown(fields: StructKind['fields'], key: string, at: string, found: Found): void {
  const path = pointer(at, key);
  const nearest = nearestName(key, Object.keys(fields));
  const hint = nearest === undefined ? 'remove it; it has no effect' : `did you mean "${nearest}"?`;
  found.unknown.push(path);
  found.warnings.push({ code: 'definition.unknown_key', path, message: `unknown key "${key}"`, hint });
}

function decodeText(kind: GoKind<unknown> & TextKind, json: unknown, at: string, found: Found): unknown {
  if (typeof json !== 'string') return wrong(kind, 'a string', json, at, found);
  if (kind.kind === 'time') return isTime(json) ? json : wrong(kind, `a time such as "${ZERO_TIME}"`, json, at, found);
  if (kind.kind === 'string') return json;
  const nanoseconds = parseDuration(json === '' ? '0s' : json);
  return nanoseconds === undefined ? wrong(kind, 'a duration such as "1m30s"', json, at, found) : formatDuration(nanoseconds);
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:[Zz]|[-+]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text.replace(',', '.')));
}

function decodeNumber(kind: GoKind<unknown> & NumberKind, json: unknown, at: string, found: Found): unknown {
  const what = kind.kind === 'float' ? 'a number' : 'a whole number';
  if (typeof json !== 'number') return wrong(kind, what, json, at, found);
  if (kind.kind === 'int' && !Number.isInteger(json)) return wrong(kind, what, json, at, found);
  if (json < kind.min || json > kind.max) return wrong(kind, `${what} from ${kind.min} to ${kind.max}`, json, at, found);
  return json;
}

function wrong(kind: GoKind<unknown>, expected: string, json: unknown, at: string, found: Found): unknown {
  const given = describe(json);
  found.problems.push({ code: 'definition.wrong_type', path: at, message: `expected ${expected}, found ${given}`, hint: `write ${expected} here` });
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
