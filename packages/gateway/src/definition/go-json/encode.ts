import type { GoKind, GoStruct, StructKind } from './kinds.ts';

/** Makes the JSON value that Go's encoder prints for a struct: fields in order, maps sorted by key, `null` for nil, zero values where they are kept. */
export function encodeGo<T>(fields: GoStruct<T>, value: T): Record<string, unknown> {
  return encodeStruct(fields as StructKind['fields'], value as Record<string, unknown>);
}

function encodeValue(kind: GoKind<unknown>, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (kind.kind) {
    case 'string':
    case 'duration':
    case 'bool':
    case 'int':
    case 'float':
    case 'raw':
      return value;
    case 'time':
      return trimFraction(value as string);
    case 'any':
      return sortKeys(value);
    case 'pointer':
      return encodeValue(kind.item, value);
    case 'list':
      return (value as unknown[]).map((item) => encodeValue(kind.item, item));
    case 'map':
      return Object.fromEntries(sortedEntries(value as object).map(([key, item]) => [key, encodeValue(kind.item, item)]));
    case 'struct':
      return encodeStruct(kind.fields, value as Record<string, unknown>);
  }
}

function encodeStruct(fields: StructKind['fields'], value: Record<string, unknown>): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(fields)) {
    const item = encodeValue(kind, value[name]);
    if (kind.omit !== true || !isEmpty(kind, item)) json[name] = item;
  }
  return json;
}

function isEmpty(kind: GoKind<unknown>, encoded: unknown): boolean {
  switch (kind.kind) {
    case 'string':
    case 'bool':
    case 'int':
    case 'float':
      return encoded === '' || encoded === 0 || encoded === false;
    case 'time':
      return (encoded as string).startsWith('0001-01-01T00:00:00');
    case 'duration':
      return encoded === '0s';
    case 'pointer':
    case 'any':
    case 'raw':
      return encoded === null;
    case 'list':
    case 'map':
    case 'struct':
      return encoded === null || Object.keys(encoded as object).length === 0;
  }
}

function sortedEntries(value: object): [string, unknown][] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}

function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  return Object.fromEntries(sortedEntries(value).map(([key, item]) => [key, sortKeys(item)]));
}

/** Go prints no trailing zeros in the fraction of a second. */
function trimFraction(text: string): string {
  return text.replace(/([.,]\d*?)0+(?=[Zz]|[-+]\d\d:\d\d$)/, '$1').replace(/[.,](?=[Zz]|[-+]\d\d:\d\d$)/, '');
}
