import { compileRegex } from '../schema/regex.ts';

/** Gateway-wide anchoring of endpoint patterns: `http_server_options.enable_path_{prefix,suffix}_matching`. */
export interface Anchoring {
  readonly prefix: boolean;
  readonly suffix: boolean;
}

/** Makes a pattern of a key or policy ready to match; undefined where it is no regular expression: such a pattern matches nothing. */
export type Matcher = (pattern: string) => RegExp | undefined;

/** Patterns that many keys share are compiled once; more different ones than this are compiled again when they are met again. */
const KEPT = 10_000;

/** A matcher for the patterns of keys (spec/gateway/request-chain.md, "Pattern prep"). */
export function createMatcher(anchoring: Anchoring): Matcher {
  const compiled = new Map<string, RegExp | undefined>();
  return (pattern) => {
    if (compiled.has(pattern)) return compiled.get(pattern);
    if (compiled.size >= KEPT) compiled.clear();
    const regex = compile(prepare(pattern, anchoring));
    compiled.set(pattern, regex);
    return regex;
  };
}

function prepare(pattern: string, { prefix, suffix }: Anchoring): string {
  const source = pattern
    .replace(/\{[^{}]*[^{}\d,][^{}]*\}/g, '([^/]+)')
    .replaceAll('/*/', '/[^/]+/')
    .replaceAll('/*', '/.*');
  const start = prefix && source.startsWith('/') ? '^' : '';
  const end = suffix && source !== '' && !source.endsWith('$') ? '$' : '';
  return start + source + end;
}

function compile(source: string): RegExp | undefined {
  try {
    return compileRegex(source);
  } catch {
    return undefined;
  }
}
