import type { GoKind, GoStruct, StructKind } from './kinds.ts';
import { zeroOf } from './zero.ts';

/** Makes the JSON value that Go's encoder prints for a struct: fields in order, maps sorted by key, `null` for nil, zero values where they are kept. */
export function encodeGo<T>(fields: GoStruct<T>, value: T): Record<string, unknown> {
  return encodeStruct(fields as StructKind['fields'], value as Record<string, unknown>);
}

function encodeValue(kind: GoKind<unknown>, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (kind.kind === 'struct') return encodeStruct(kind.fields, value as Record<string, unknown>);
  if (kind.kind === 'list') return (value as unknown[]).map((item) => encodeValue(kind.item, item));
  if (kind.kind === 'map') return Object.fromEntries(sortedEntries(value).map(([key, item]) => [key, encodeValue(kind.item, item)]));
  if (kind.kind === 'pointer') return encodeValue(kind.item, value);
  if (kind.kind === 'any') return sortKeys(value);
  return kind.kind === 'time' ? trimFraction(value as string) : value;
}

function encodeStruct(fields: StructKind['fields'], value: Record<string, unknown>): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) {
    const kind = fields[name] as GoKind<unknown>;
    const item = encodeValue(kind, value[name]);
    if (kind.omit !== true || !isEmpty(kind, item)) json[name] = item;
  }
  return json;
}

function isEmpty(kind: GoKind<unknown>, encoded: unknown): boolean {
  const holdsOthers = kind.kind === 'list' || kind.kind === 'map' || kind.kind === 'struct';
  return holdsOthers ? Object.keys(encoded ?? {}).length === 0 : encoded === zeroOf(kind);
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
  return text.replace(/\.(\d*?)0*(?=Z|[-+]\d\d:\d\d$)/, (_fraction, digits: string) => (digits === '' ? '' : `.${digits}`));
}
