import type { Exchange } from '../../contract/exchange.ts';
import { fullPathOf } from '../../routing/candidates.ts';
import { spellPath } from '../../routing/url.ts';
import type { Template } from '../template.ts';
import type { CompiledRule } from './trigger.ts';

export interface CompiledTrigger {
  readonly any: boolean;
  readonly rules: readonly CompiledRule[];
  readonly to: Template;
}

export interface CompiledRewrite {
  readonly pattern: RegExp;
  readonly to: Template;
  readonly triggers: readonly CompiledTrigger[];
  readonly readsBody: boolean;
}

/** Where a request goes by this rule; undefined = where it went (spec/gateway/transforms-and-plugins.md §4). */
export function rewrite(x: Exchange, rule: CompiledRewrite): string | undefined {
  const match = matchUrl(x, rule.pattern);
  if (match === null) return undefined;
  const target = rule.triggers.find((trigger) => holds(trigger, x))?.to ?? rule.to;
  return usable(target(x).replace(/\u0000(\d+)\u0000/g, (_, group: string) => match[Number(group)] ?? ''));
}

/** The URL as it is spelt, then with its escapes resolved. */
function matchUrl(x: Exchange, pattern: RegExp): RegExpExecArray | null {
  const path = fullPathOf(x);
  const query = x.query === '' ? '' : `?${x.query}`;
  return pattern.exec(spellPath(path, x.rawPath) + query) ?? pattern.exec(path + query);
}

function holds({ any, rules }: CompiledTrigger, x: Exchange): boolean {
  return any ? rules.some((rule) => rule(x)) : rules.every((rule) => rule(x));
}

/** A path always begins with a slash; an absolute URL that is none rewrites nothing. */
function usable(target: string): string | undefined {
  if (/^https?:\/\//i.test(target)) return URL.canParse(target) ? target : undefined;
  return target.startsWith('/') || target.startsWith('tyk://') ? target : `/${target}`;
}

/** `$1` in a target, marked before its variables are filled in, so that no value brings references of its own. */
export function markGroups(target: string): string {
  return target.replace(/\$(\d+)/g, '\u0000$1\u0000');
}
