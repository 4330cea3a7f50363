/**
 * Readers for plain JSON of unknown shape. A value of another kind reads as the empty value of the wanted kind: saying
 * that it is wrong is the work of `validate.ts`, so the conversions stay free of checks.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

const EMPTY: JsonObject = Object.freeze({});

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

export const object = (value: unknown): JsonObject => (isObject(value) ? value : EMPTY);

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const objects = (value: unknown): readonly JsonObject[] => list(value).filter(isObject);

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export const texts = (value: unknown): readonly string[] => list(value).filter((item) => typeof item === 'string');

/** A list of texts; null where there is none, which Classic tells from an empty one. */
export const textList = (value: unknown): readonly string[] | null => (Array.isArray(value) ? texts(value) : null);

/** A list of objects, each converted; null where there is none. */
export function mapList<Item>(value: unknown, convert: (item: JsonObject) => Item): readonly Item[] | null {
  return Array.isArray(value) ? objects(value).map(convert) : null;
}

/** `[{…}]` as an object, from the key and the value of each item; null where there is no list. */
export function mapEntries(value: unknown, key: string, convert: (item: JsonObject) => unknown): JsonObject | null {
  return Array.isArray(value) ? Object.fromEntries(objects(value).map((item) => [text(item[key]), convert(item)])) : null;
}

export const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** True only for a literal `true`. */
export const flag = (value: unknown): boolean => value === true;

/** Whether a block such as `{enabled: true, …}` is there and on. */
export const isOn = (block: unknown): boolean => flag(object(block)['enabled']);

/** `[{name, value}]` to `{name: value}`; of two with one name the last wins. */
export function nameValues(value: unknown): JsonObject {
  return Object.fromEntries(objects(value).map((item) => [text(item['name']), text(item['value'])]));
}
