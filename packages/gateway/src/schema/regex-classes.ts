/** Character classes of RE2, written for JavaScript's flag `u`. `inBrackets`: as members of a class, without brackets of their own. */

const SPACE = '\\t\\n\\f\\r ';
const NOT_SPACE = '\\u{0}-\\x08\\x0b\\x0e-\\x1f!-\\u{10ffff}';

/** `\d`, `\s`, `\w` and their opposites; of these JavaScript's `\s` alone is wider than RE2's. */
export function perlClass(letter: string, inBrackets: boolean): string | undefined {
  if ('dDwW'.includes(letter) && letter !== '') return `\\${letter}`;
  const members = letter === 's' ? SPACE : letter === 'S' ? NOT_SPACE : undefined;
  if (members === undefined) return undefined;
  return inBrackets ? members : `[${members}]`;
}

/** ASCII ranges, as pairs of first and last character code. */
const POSIX: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  alnum: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x61, 0x7a],
  ],
  alpha: [
    [0x41, 0x5a],
    [0x61, 0x7a],
  ],
  ascii: [[0x00, 0x7f]],
  blank: [
    [0x09, 0x09],
    [0x20, 0x20],
  ],
  cntrl: [
    [0x00, 0x1f],
    [0x7f, 0x7f],
  ],
  digit: [[0x30, 0x39]],
  graph: [[0x21, 0x7e]],
  lower: [[0x61, 0x7a]],
  print: [[0x20, 0x7e]],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  space: [
    [0x09, 0x0d],
    [0x20, 0x20],
  ],
  upper: [[0x41, 0x5a]],
  word: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
  xdigit: [
    [0x30, 0x39],
    [0x41, 0x46],
    [0x61, 0x66],
  ],
};

/** Members of `[:name:]` or, negated, `[:^name:]`; undefined for a name that is none. */
export function posixClass(name: string, negated: boolean): string | undefined {
  const ranges = Object.hasOwn(POSIX, name) ? POSIX[name] : undefined;
  return ranges && (negated ? gaps(ranges) : ranges).map(([first, last]) => `${code(first)}-${code(last)}`).join('');
}

function gaps(ranges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const out: (readonly [number, number])[] = [];
  let from = 0;
  for (const [first, last] of ranges) {
    if (first > from) out.push([from, first - 1]);
    from = last + 1;
  }
  return [...out, [from, 0x10ffff]];
}

const code = (value: number): string => `\\u{${value.toString(16)}}`;

/** `\pN` and `\p{Greek}`: a general category, or a script. */
export function unicodeClass(name: string, negated: boolean): string {
  const property = name === 'Any' || name.length <= 2 ? name : `Script=${name}`;
  return `\\${negated ? 'P' : 'p'}{${property}}`;
}
