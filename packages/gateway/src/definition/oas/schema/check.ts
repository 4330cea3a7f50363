import { pointer } from '../../../schema/problem.ts';
import { isObject } from '../json.ts';
import type { JsonType, Schema, SchemaReference } from './types.ts';

/** Something that does not fit a schema. */
export interface Finding {
  /** JSON pointer. */
  readonly path: string;
  /** The same place with dots, as Tyk names it; `(root)` for the document. */
  readonly place: string;
  /** Tyk's text, which is that of its JSON Schema library. */
  readonly message: string;
  /** The value is of another JSON type than it must be, and not null. */
  readonly wrongType: boolean;
}

/** All findings of a value, in the order of the schema's keywords. */
export function check(schema: Schema, value: unknown): readonly Finding[] {
  const findings: Finding[] = [];
  visit(schema, value, { path: '', names: [] }, findings);
  return findings;
}

interface Place {
  readonly path: string;
  readonly names: readonly string[];
}

const below = (place: Place, name: string | number): Place => ({ path: pointer(place.path, name), names: [...place.names, String(name)] });

const dotted = (place: Place): string => (place.names.length === 0 ? '(root)' : place.names.join('.'));

function visit(reference: SchemaReference, value: unknown, place: Place, findings: Finding[]): void {
  const schema = typeof reference === 'function' ? reference() : reference;
  const report = (message: string, wrongType: boolean): void => void findings.push({ path: place.path, place: dotted(place), message, wrongType });
  const tell = (message: string): void => report(message, false);
  if (!hasType(schema, value)) return report(`Invalid type. Expected: ${expected(schema)}, given: ${typeName(value)}`, value !== null);
  if (typeof value === 'string') visitText(schema, value, dotted(place), tell);
  if (typeof value === 'number') visitNumber(schema, value, tell);
  if (Array.isArray(value)) visitArray(schema, value, place, findings, tell);
  if (isObject(value)) visitObject(schema, value, place, findings, tell);
  visitAnyOf(schema, value, place, findings, tell);
}

type Tell = (message: string) => void;

const types = (schema: Schema): readonly JsonType[] => (schema.type === undefined ? [] : [schema.type].flat());

const expected = (schema: Schema): string => types(schema).join('/');

function hasType(schema: Schema, value: unknown): boolean {
  const wanted = types(schema);
  const given = typeName(value);
  return wanted.length === 0 || wanted.includes(given) || (given === 'integer' && wanted.includes('number'));
}

function typeName(value: unknown): JsonType {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'string' ? 'string' : 'object';
}

function visitText(schema: Schema, value: string, place: string, tell: Tell): void {
  const { oneOf, pattern, except } = schema;
  if (oneOf !== undefined && !oneOf.includes(value)) tell(`${place} must be one of the following: ${oneOf.map((item) => `"${item}"`).join(', ')}`);
  if (pattern !== undefined && !pattern.test(value)) tell(`Does not match pattern '${pattern.source.replaceAll('\\/', '/')}'`);
  if (except?.test(value) === true) tell('Must not validate the schema (not)');
}

function visitNumber(schema: Schema, value: number, tell: Tell): void {
  if (schema.minimum !== undefined && value < schema.minimum) tell(`Must be greater than or equal to ${schema.minimum}`);
  if (schema.maximum !== undefined && value > schema.maximum) tell(`Must be less than or equal to ${schema.maximum}`);
}

function visitArray(schema: Schema, value: readonly unknown[], place: Place, findings: Finding[], tell: Tell): void {
  const { items, minItems = 0, unique = false } = schema;
  if (value.length < minItems) tell(`Array must have at least ${minItems} items`);
  if (unique) tellTwins(value, tell);
  if (items !== undefined) for (const [index, item] of value.entries()) visit(items, item, below(place, index), findings);
}

function tellTwins(value: readonly unknown[], tell: Tell): void {
  const seen = new Map<string, number>();
  for (const [index, item] of value.entries()) {
    const twin = seen.get(JSON.stringify(item));
    if (twin === undefined) seen.set(JSON.stringify(item), index);
    else tell(`array items[${twin},${index}] must be unique`);
  }
}

function visitObject(schema: Schema, value: Readonly<Record<string, unknown>>, place: Place, findings: Finding[], tell: Tell): void {
  for (const name of schema.required ?? []) if (value[name] === undefined) tell(`${name} is required`);
  for (const name of schema.mustBe ?? []) if (value[name] === undefined) visit(schema.properties?.[name] ?? {}, null, below(place, name), findings);
  if (Object.keys(value).length < (schema.minProperties ?? 0)) tell(`Must have at least ${schema.minProperties ?? 0} properties`);
  for (const [name, item] of Object.entries(value)) {
    const described = schemasFor(schema, name);
    if (described === false) tell(`Additional property ${name} is not allowed`);
    else for (const one of described) visit(one, item, below(place, name), findings);
  }
  const also = schema.also?.(value);
  if (also !== undefined) visit(also, value, place, findings);
}

/** The schemas of a property; false where it is not allowed. */
function schemasFor(schema: Schema, name: string): readonly SchemaReference[] | false {
  const own = schema.properties !== undefined && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
  const named = (schema.named ?? []).filter(([expression]) => expression.test(name)).map(([, one]) => one);
  const known = own === undefined ? named : [own, ...named];
  if (known.length > 0 || schema.others === undefined) return known;
  return schema.others === false ? false : [schema.others];
}

/** Where no alternative fits, the findings of the nearest one follow. */
function visitAnyOf(schema: Schema, value: unknown, place: Place, findings: Finding[], tell: Tell): void {
  if (schema.anyOf === undefined) return;
  let best: Finding[] | undefined;
  for (const alternative of schema.anyOf) {
    const found: Finding[] = [];
    visit(alternative, value, place, found);
    if (best === undefined || found.length < best.length) best = found;
  }
  if (best === undefined || best.length === 0) return;
  tell('Must validate at least one schema (anyOf)');
  findings.push(...best);
}
