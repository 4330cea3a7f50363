import { getFields } from '@gatehouse/wire';
import type { Exchange } from '../../contract/exchange.ts';
import { fullPathOf } from '../../routing/candidates.ts';
import { parseQuery } from '../../routing/query.ts';
import { compileContextValue } from '../context-values.ts';
import type { RewriteRule } from './schema.ts';

/** Whether a rule holds for a request; what its pattern captured goes to `x.context`. */
export type CompiledRule = (x: Exchange) => boolean;

/**
 * Compiles one rule of the trigger with this number. `regex` undefined: the pattern does not compile, the rule never holds. A negated rule
 * needs something to look at; of path segments none may fit.
 */
export function compileRule(rule: RewriteRule, regex: RegExp | undefined, number: number): CompiledRule {
  if (regex === undefined) return () => false;
  const values = valuesOf(rule);
  const prefix = `trigger-${number}-${rule.name}`;
  if (rule.source === 'body') return (x) => holdsInBody(x, regex, rule.negate, prefix);
  if (rule.negate) return (x) => isNegated(values(x), regex);
  // Metadata and variables have one value, whose captures carry no number.
  const numbered = rule.source !== 'metadata' && rule.source !== 'context';
  return (x) => {
    const found = values(x);
    const index = found.findIndex((value) => regex.test(value));
    const match = regex.exec(found[index] ?? '');
    if (index >= 0 && match !== null) capture(x, numbered ? `${prefix}-${index}` : prefix, match);
    return index >= 0;
  };
}

function isNegated(values: readonly string[], regex: RegExp): boolean {
  return values.length > 0 && !values.some((value) => regex.test(value));
}

function valuesOf({ source, name }: RewriteRule): (x: Exchange) => readonly string[] {
  switch (source) {
    case 'header':
      return (x) => getFields(x.fields, name.toLowerCase());
    case 'query':
      return (x) => parseQuery(x.query).get(name) ?? [];
    case 'path':
      return (x) =>
        fullPathOf(x)
          .split('/')
          .filter((segment) => segment !== '');
    case 'metadata':
      return (x) => textIn(x.identity?.metaData[name]);
    case 'context':
      return present(compileContextValue(name));
    case 'body':
      return (x) => (x.body === undefined ? [] : [x.body.toString('utf8')]);
  }
}

/** Only texts count: a number in the metadata matches nothing. */
const textIn = (value: unknown): readonly string[] => (typeof value === 'string' ? [value] : []);

const present =
  (value: (x: Exchange) => string) =>
  (x: Exchange): readonly string[] => {
    const text = value(x);
    return text === '' ? [] : [text];
  };

/** Every match in the body is captured under its number, the first one also without. */
function holdsInBody(x: Exchange, regex: RegExp, negate: boolean, prefix: string): boolean {
  const body = x.body?.toString('utf8') ?? '';
  const matches = [...body.matchAll(new RegExp(regex, 'gu'))];
  if (negate) return body !== '' && matches.length === 0;
  matches.forEach((match, index) => capture(x, `${prefix}-${index}`, match));
  if (matches[0] !== undefined) x.context?.set(prefix, matches[0][0]);
  return matches.length > 0;
}

function capture(x: Exchange, name: string, match: RegExpExecArray): void {
  x.context ??= new Map();
  x.context.set(name, match[0]);
  for (let group = 1; group < match.length; group++) x.context.set(`${name}-${group - 1}`, match[group] ?? '');
}
