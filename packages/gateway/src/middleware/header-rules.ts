import { type Fields, removeField, setField } from '@gatehouse/wire';
import type { GatewayConfig } from '../config/types.ts';
import type { Exchange } from '../contract/exchange.ts';
import { canonicalName } from './context-values.ts';
import { compileTemplate, type Template } from './template.ts';

/** Fields to take away and to set, as definitions write them; values are templates. */
export interface HeaderRules {
  readonly remove: readonly string[];
  readonly set: Readonly<Record<string, string>>;
}

export const NO_RULES: HeaderRules = { remove: [], set: {} };

export const isEmpty = ({ remove, set }: HeaderRules): boolean => remove.length === 0 && Object.keys(set).length === 0;

export interface CompiledRules {
  /** Lower case. */
  readonly remove: readonly string[];
  readonly set: readonly { readonly name: string; readonly value: Template }[];
}

/** Names are written as Go writes them, unless the gateway keeps their spelling. */
export function compileRules(rules: HeaderRules, config: GatewayConfig): CompiledRules {
  const spell = config.ignore_canonical_mime_header_key ? (name: string): string => name : canonicalName;
  return {
    remove: rules.remove.map((name) => name.toLowerCase()),
    set: Object.entries(rules.set).map(([name, value]) => ({ name: spell(name), value: compileTemplate(value, config) })),
  };
}

/** Removes, then sets: a field that is set replaces all of its name. */
export function applyRules(rules: CompiledRules, x: Exchange, fields: Fields): void {
  for (const name of rules.remove) removeField(fields, name);
  for (const { name, value } of rules.set) setField(fields, name, withoutBreaks(value(x)));
}

/** A value that a client or a key brought must not begin a line of its own (RFC 9110 §5.5). */
function withoutBreaks(value: string): string {
  return /[\r\n\0]/.test(value) ? value.replace(/[\r\n\0]+/g, ' ') : value;
}
