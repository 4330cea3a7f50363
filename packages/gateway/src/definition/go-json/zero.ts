import type { GoKind, StructKind } from './kinds.ts';

/** Go's zero time as its JSON encoder prints it. */
export const ZERO_TIME = '0001-01-01T00:00:00Z';

/** Zero value of each kind but structs. */
const ZEROS: Readonly<Record<Exclude<GoKind<unknown>['kind'], 'struct'>, unknown>> = {
  string: '',
  time: ZERO_TIME,
  duration: '0s',
  bool: false,
  int: 0,
  float: 0,
  list: null,
  map: null,
  pointer: null,
  any: null,
  raw: null,
};

/** The zero value of a kind, a fresh one with every call. */
export function zeroOf<T>(kind: GoKind<T>): T {
  return zeroValue(kind as GoKind<unknown>) as T;
}

function zeroValue(kind: GoKind<unknown>): unknown {
  return kind.kind === 'struct' ? zeroFields(kind) : ZEROS[kind.kind];
}

function zeroFields(kind: StructKind): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(kind.fields)) value[name] = zeroValue(field);
  return value;
}
