import { ProblemError } from './problem.ts';
import { RegexSyntaxError, translateRegex } from './regex-translate.ts';

export interface RegexOptions {
  /** As if the pattern began with `(?i)`. */
  readonly ignoreCase?: boolean;
  /** JSON pointer of the pattern in its document, for the problem that a broken one makes. */
  readonly path?: string;
}

/**
 * Compiles a pattern in RE2 syntax (https://github.com/google/re2/wiki/Syntax), which all of Tyk's definitions use. Throws a ProblemError with
 * the place where it is none. The result has the flag `u` only: case and line modes are inside its source, so that sources can be joined.
 */
export function compileRegex(source: string, options: RegexOptions = {}): RegExp {
  try {
    return new RegExp(translateRegex(options.ignoreCase === true ? `(?i)${source}` : source), 'u');
  } catch (error) {
    throw new ProblemError({
      code: 'regex.invalid',
      path: options.path ?? '',
      message: `"${source}" is no regular expression: ${reasonOf(error)}`,
      hint: 'Patterns are written in RE2 syntax: no look-around, no back references, brackets and parentheses in pairs',
    });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof RegexSyntaxError) return error.message;
  return error instanceof SyntaxError ? error.message.replace(/^Invalid regular expression: .*: /s, '').toLowerCase() : String(error);
}
