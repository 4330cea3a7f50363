import { compileRegex } from '../schema/regex.ts';

/** How endpoint patterns of a version are read; `http_server_options.enable_path_prefix_matching`, `…_suffix_matching` and the switches for case. */
export interface PatternOptions {
  readonly prefix: boolean;
  readonly suffix: boolean;
  readonly ignoreCase: boolean;
}

/** A compiled endpoint pattern. */
export interface EndpointPattern {
  /** The one path that it matches, where that is all it does: such patterns are looked up, not tried. */
  readonly exact: string | undefined;
  test(path: string): boolean;
}

/**
 * Compiles an endpoint pattern as spec/gateway/request-chain.md §2 "Endpoint pattern matching" says. `path` is its JSON pointer, for the
 * ProblemError of one that does not compile. Plain texts become comparisons; without anchors these are searches, as a regular expression's.
 */
export function compilePattern(pattern: string, options: PatternOptions, path = ''): EndpointPattern {
  const source = preparePattern(pattern, options);
  const start = source.startsWith('^');
  const end = source.endsWith('$');
  const text = source.slice(start ? 1 : 0, end ? -1 : undefined);
  if (options.ignoreCase || /[\\.+*?()[\]{}|^$]/.test(text)) {
    const regex = compileRegex(source, { ignoreCase: options.ignoreCase, path });
    return fromRegex(regex, start && !options.ignoreCase ? literalStart(text) : '');
  }
  if (start && end) return { exact: text, test: (candidate) => candidate === text };
  if (start) return { exact: undefined, test: (candidate) => candidate.startsWith(text) };
  if (end) return { exact: undefined, test: (candidate) => candidate.endsWith(text) };
  return { exact: undefined, test: (candidate) => candidate.includes(text) };
}

/** A comparison of the beginning settles most paths, at a tenth of the cost. */
function fromRegex(regex: RegExp, beginning: string): EndpointPattern {
  if (beginning === '') return { exact: undefined, test: (candidate) => regex.test(candidate) };
  return { exact: undefined, test: (candidate) => candidate.startsWith(beginning) && regex.test(candidate) };
}

/** Text that every match of an anchored expression begins with; a character that may be missing is not part of it. */
function literalStart(source: string): string {
  if (source.includes('|')) return '';
  const [text = ''] = /^[^\\.+*?()[\]{}^$]*/.exec(source) ?? [];
  return /^[*?{]/.test(source.slice(text.length)) ? text.slice(0, -1) : text;
}

/** The regular expression that a pattern stands for: parameters are one segment whatever regex they bring, stars are wildcards, anchors by option. */
export function preparePattern(pattern: string, options: Pick<PatternOptions, 'prefix' | 'suffix'>): string {
  const plain = replaceParameters(pattern).replaceAll('/*/', '/[^/]+/').replaceAll('/*', '/.*');
  const begin = options.prefix && plain.startsWith('/') ? '^' : '';
  const end = options.suffix && !plain.endsWith('$') ? '$' : '';
  return begin + plain + end;
}

/** `{name}` and `{name:regex}`, braces in the regex included, to `([^/]+)`. */
function replaceParameters(pattern: string): string {
  if (!pattern.includes('{')) return pattern;
  let out = '';
  let depth = 0;
  let begin = 0;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === '{') {
      if (depth++ === 0) {
        out += pattern.slice(begin, at);
        begin = at;
      }
    } else if (character === '}' && depth > 0 && --depth === 0) {
      out += at - begin > 1 ? '([^/]+)' : '{}';
      begin = at + 1;
    }
  }
  return out + pattern.slice(begin);
}
