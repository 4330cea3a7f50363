import type { GoKind, StructKind } from './kinds.ts';

/** Go's zero time as its JSON encoder prints it. */
export const ZERO_TIME = '0001-01-01T00:00:00Z';

/** The zero value of a kind, a fresh one with every call. */
export function zeroOf(kind: GoKind<unknown>): unknown {
  switch (kind.kind) {
    case 'string':
      return '';
    case 'time':
      return ZERO_TIME;
    case 'duration':
      return '0s';
    case 'bool':
      return false;
    case 'int':
    case 'float':
      return 0;
    case 'struct':
      return zeroFields(kind);
    case 'list':
    case 'map':
    case 'pointer':
    case 'any':
    case 'raw':
      return null;
  }
}

function zeroFields(kind: StructKind): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(kind.fields)) value[name] = zeroOf(field);
  return value;
}
