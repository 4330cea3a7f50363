import { isObject } from '../definition/oas/json.ts';
import { withoutZero } from './defaults.ts';
import type { Field, FieldTable } from './field.ts';
import { pointer, type Report, reportUnknown, reportValue } from './report.ts';

export interface Reading {
  readonly report: Report;
  /** Called with the JSON pointer of each leaf that is set. */
  readonly set: (place: string) => void;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Lays the values of one source over `base`, field by field as the table says. Keys are found in any case, as Go's JSON does.
 * What is wrong is reported and leaves the value of `base`.
 */
export function readTable(table: FieldTable, base: Values, given: Values, place: string, reading: Reading): Values {
  const result: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(given)) {
    const key = findKey(table, name);
    const field = key === undefined ? undefined : table[key];
    if (key === undefined || field === undefined)
      reportUnknown(reading.report, pointer(place, name), name, Object.keys(table), place === '' ? nestedName(table, name) : undefined);
    else if (value !== null) result[key] = readField(field, result[key], value, pointer(place, key), reading);
  }
  return result;
}

function findKey(table: FieldTable, name: string): string | undefined {
  if (Object.hasOwn(table, name)) return name;
  const wanted = name.toLowerCase();
  return Object.keys(table).find((key) => key.toLowerCase() === wanted);
}

/** The one section of the top that has a setting of this name, as `section.name`. */
function nestedName(table: FieldTable, name: string): string | undefined {
  const sections = Object.entries(table).filter(([, field]) => field.kind === 'section' && findKey(field.fields, name) !== undefined);
  return sections.length === 1 ? `${sections[0]?.[0] ?? ''}.${name}` : undefined;
}

/** Reads the value of one field; `base` is kept where it is of the wrong kind. */
export function readField(field: Field, base: unknown, value: unknown, place: string, reading: Reading): unknown {
  if (field.kind === 'section') {
    if (isObject(value)) return readTable(field.fields, isObject(base) ? base : {}, value, place, reading);
    reportValue(reading.report, place, 'an object', value);
    return base;
  }
  if (field.kind === 'items' && Array.isArray(value)) return readItems(field.fields, value, place, reading);
  const wanted = wrongKind(field, value) ?? notAllowed(field, value);
  if (wanted !== undefined) {
    reportValue(reading.report, place, wanted, value);
    return base;
  }
  reading.set(place);
  return withoutZero(field, field.kind === 'duration' && typeof value === 'number' ? value / 1e9 : value);
}

function readItems(fields: FieldTable, values: readonly unknown[], place: string, reading: Reading): readonly Values[] {
  reading.set(place);
  const empty = Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.kind === 'integer' ? 0 : '']));
  return values.flatMap((value, index) => {
    if (isObject(value)) return [readTable(fields, empty, value, pointer(place, index), reading)];
    reportValue(reading.report, pointer(place, index), 'an object', value);
    return [];
  });
}

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === 'string');
const isIntegers = (value: unknown): boolean => Array.isArray(value) && value.every((item) => Number.isInteger(item));

type LeafKind = Exclude<Field['kind'], 'section'>;

const KINDS: Readonly<Record<LeafKind, readonly [wanted: string, fits: (value: unknown) => boolean]>> = {
  boolean: ['true or false', (value) => typeof value === 'boolean'],
  integer: ['a whole number', Number.isInteger],
  decimal: ['a number', (value) => typeof value === 'number'],
  duration: ['a whole number of nanoseconds', Number.isInteger],
  text: ['a text', (value) => typeof value === 'string'],
  texts: ['a list of texts', isTexts],
  integers: ['a list of whole numbers', isIntegers],
  map: ['an object of texts', (value) => isObject(value) && Object.values(value).every((item) => typeof item === 'string')],
  any: ['an object', isObject],
  items: ['a list', Array.isArray],
};

function wrongKind(field: Exclude<Field, { kind: 'section' }>, value: unknown): string | undefined {
  const [wanted, fits] = KINDS[field.kind];
  return fits(value) ? undefined : wanted;
}

function notAllowed(field: Field, value: unknown): string | undefined {
  if (field.kind === 'section' || field.oneOf === undefined) return undefined;
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const { oneOf } = field;
  const fits = values.every((item) => item === '' || (typeof item === 'string' && oneOf.includes(item)));
  return fits ? undefined : `one of ${oneOf.map((item) => `"${item}"`).join(', ')}`;
}
