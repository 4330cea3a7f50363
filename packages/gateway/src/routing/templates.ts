import { compileRegex } from '../schema/regex.ts';

/** A path or host pattern of the router: literal text, or with `{name}` and `{name:regex}` parts (spec/gateway/request-chain.md §2). */
export function isTemplate(text: string): boolean {
  return text.includes('{');
}

/**
 * Source of the regular expression for a template. `open` is what a bare `{name}` takes: one segment of a path, one label of a host.
 * Throws where braces are unbalanced or the regex inside is broken; `load/place.ts` makes a problem of it before any router is built.
 */
export function templateSource(template: string, open: string): string {
  let source = '';
  let at = 0;
  while (at < template.length) {
    const begin = template.indexOf('{', at);
    if (begin < 0) return source + escapeRegex(template.slice(at));
    const end = closingBrace(template, begin);
    if (end < 0) throw new Error(`unbalanced braces in "${template}"`);
    const inside = template.slice(begin + 1, end);
    const colon = inside.indexOf(':');
    source += `${escapeRegex(template.slice(at, begin))}(?:${colon < 0 ? open : compileRegex(inside.slice(colon + 1)).source})`;
    at = end + 1;
  }
  return source;
}

function closingBrace(text: string, begin: number): number {
  let depth = 0;
  for (let i = begin; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  return -1;
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Length by which listen paths are ordered, longest first: of a template, its slashes and the lengths of its literal segments. */
export function routeLength(listenPath: string): number {
  if (!isTemplate(listenPath)) return listenPath.length;
  const segments = listenPath.split('/');
  return segments.length - 1 + segments.filter((s) => !isTemplate(s)).reduce((sum, s) => sum + s.length, 0);
}
