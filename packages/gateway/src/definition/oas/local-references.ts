import { pointer } from '../../schema/problem.ts';
import { isObject, type JsonObject } from './json.ts';

/** Keys below which a `$ref` is data, no reference. */
const DATA: ReadonlySet<string> = new Set(['example', 'default', 'enum', 'const']);

/** A `$ref` that leads nowhere. */
export interface DanglingReference {
  /** JSON pointer of the object that holds it. */
  readonly path: string;
  readonly target: string;
}

/** All references of a document that do not lead to a value of the same document; files and addresses are never fetched. */
export function danglingReferences(document: JsonObject): readonly DanglingReference[] {
  const found: DanglingReference[] = [];
  visit(document, '', document, found);
  return found;
}

function visit(value: unknown, path: string, document: JsonObject, found: DanglingReference[]): void {
  if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(item, pointer(path, index), document, found);
  if (!isObject(value)) return;
  const target = value['$ref'];
  if (typeof target === 'string' && resolve(document, target) === undefined) found.push({ path, target });
  for (const [key, item] of Object.entries(value)) {
    if (!DATA.has(key) && !key.startsWith('x-') && !isExampleList(key, item)) visit(item, pointer(path, key), document, found);
  }
}

/** JSON Schema's `examples` is a list of data; OpenAPI's is a map whose entries may be references. */
const isExampleList = (key: string, value: unknown): boolean => key === 'examples' && Array.isArray(value);

/** The value that a reference such as `#/components/schemas/A` leads to. */
function resolve(document: JsonObject, reference: string): unknown {
  if (reference === '#') return document;
  if (!reference.startsWith('#/')) return undefined;
  let value: unknown = document;
  for (const token of reference.slice(2).split('/')) value = step(value, unescape(token));
  return value;
}

function step(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value[Number(key)] as unknown;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** RFC 6901 §4 in a URI fragment; a broken escape is taken as it stands. */
function unescape(token: string): string {
  const plain = token.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

/** The object itself, or what its `$ref` leads to (one step). */
export function dereference(document: JsonObject, value: unknown): JsonObject {
  const given = isObject(value) ? value : {};
  const target = given['$ref'];
  const resolved = typeof target === 'string' ? resolve(document, target) : given;
  return isObject(resolved) ? resolved : {};
}
