/**
 * Go structs as data. Tyk's formats are Go structs with JSON tags; a table of fields says all that decoding and encoding need: the JSON name, the
 * kind, the order, and whether a zero value is left out.
 */

/** A kind of Go value. `T` is the decoded form: JSON's own shapes, with `null` for a nil slice, map or pointer. */
export type GoKind<T> = (TextKind | NumberKind | BoolKind | FreeKind | ItemKind | StructKind) & {
  /** A zero value is left out when encoding: Go's `omitempty`, and `omitzero` for structs and times. */
  readonly omit?: true;
  /** Never set: ties the kind to its decoded type. */
  readonly is?: (value: T) => T;
};

/** `time` is RFC 3339 text, `duration` text such as `1m30s`; both stay text when decoded. */
export interface TextKind {
  readonly kind: 'string' | 'time' | 'duration';
}

/** `int` is Go's 64-bit one unless `min` and `max` say otherwise. */
export interface NumberKind {
  readonly kind: 'int' | 'float';
  readonly min: number;
  readonly max: number;
}

export interface BoolKind {
  readonly kind: 'bool';
}

/** `any` is decoded by Go into maps, so its keys are sorted when encoded; `raw` (`json.RawMessage`) stays as given. */
export interface FreeKind {
  readonly kind: 'any' | 'raw';
}

export interface ItemKind {
  readonly kind: 'list' | 'map' | 'pointer';
  readonly item: GoKind<unknown>;
}

export interface StructKind {
  readonly kind: 'struct';
  readonly fields: Readonly<Record<string, GoKind<unknown>>>;
  /** The field that a bare string stands for, where the format allows one in place of the struct. */
  readonly shorthand?: string;
}

/** The fields of a struct in Go's order; the compiler checks them against the interface `T`. */
export type GoStruct<T> = { readonly [Name in keyof T]-?: GoKind<T[Name]> };

const INT64 = 2 ** 63;

export const string: GoKind<string> = { kind: 'string' };
export const bool: GoKind<boolean> = { kind: 'bool' };
export const int: GoKind<number> = { kind: 'int', min: -INT64, max: INT64 };
export const uint: GoKind<number> = { kind: 'int', min: 0, max: 2 * INT64 };
export const uint16: GoKind<number> = { kind: 'int', min: 0, max: 0xffff };
export const float: GoKind<number> = { kind: 'float', min: -Number.MAX_VALUE, max: Number.MAX_VALUE };
export const time: GoKind<string> = { kind: 'time' };
export const duration: GoKind<string> = { kind: 'duration' };
export const any: GoKind<unknown> = { kind: 'any' };
export const raw: GoKind<unknown> = { kind: 'raw' };

export function list<T>(item: GoKind<T>): GoKind<T[] | null> {
  return { kind: 'list', item: item as GoKind<unknown> };
}

export function map<T>(item: GoKind<T>): GoKind<Record<string, T> | null> {
  return { kind: 'map', item: item as GoKind<unknown> };
}

export function pointerTo<T>(item: GoKind<T>): GoKind<T | null> {
  return { kind: 'pointer', item: item as GoKind<unknown> };
}

export function struct<T>(fields: GoStruct<T>, shorthand?: keyof T & string): GoKind<T> {
  const kind: StructKind = { kind: 'struct', fields: fields as StructKind['fields'] };
  return shorthand === undefined ? kind : { ...kind, shorthand };
}

export function omitEmpty<T>(kind: GoKind<T>): GoKind<T> {
  return { ...kind, omit: true };
}
