import type { Field, FieldTable } from './field.ts';
import { CONFIG_TABLE } from './table.ts';
import type { GatewayConfig } from './types.ts';

/**
 * Where a value that nobody set comes from. `initial`: no configuration file at all. `zero`: a file or the environment is
 * there, so every absent key has its zero value. `product`: `gatehouse up` (spec/gateway/defaults-and-config.md, summary 3 and 5).
 */
export type DefaultMode = 'initial' | 'zero' | 'product';

/** The defaults of `gatehouse up`. */
export const productDefaults = (): GatewayConfig => defaultsOf('product');

/** A whole configuration of defaults. The tables have exactly the keys of the type, which is what makes the assertion true. */
export const defaultsOf = (mode: DefaultMode): GatewayConfig => tableDefaults(CONFIG_TABLE, mode) as unknown as GatewayConfig;

function tableDefaults(table: FieldTable, mode: DefaultMode): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(table).map(([key, field]) => [key, fieldDefault(field, mode)]));
}

/** The default of one field. */
function fieldDefault(field: Field, mode: DefaultMode): unknown {
  if (field.kind === 'section') return tableDefaults(field.fields, mode);
  const usual = field.zero ?? zeroOf(field);
  if (mode === 'product') return field.product ?? field.initial ?? usual;
  return mode === 'initial' ? (field.initial ?? usual) : usual;
}

const ZEROS: Readonly<Record<Exclude<Field['kind'], 'section'>, unknown>> = {
  boolean: false,
  integer: 0,
  decimal: 0,
  duration: 0,
  text: '',
  texts: [],
  integers: [],
  map: {},
  any: {},
  items: [],
};

const zeroOf = (field: Exclude<Field, { kind: 'section' }>): unknown => ZEROS[field.kind];

/** A zero value means "not set", so it becomes what the table wants in its place. */
export function withoutZero(field: Field, value: unknown): unknown {
  const isZero = value === false || value === 0 || value === '';
  return isZero && field.kind !== 'section' && field.zero !== undefined ? field.zero : value;
}
