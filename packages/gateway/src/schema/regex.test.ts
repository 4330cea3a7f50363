import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemError } from './problem.ts';
import { compileRegex } from './regex.ts';

type Row = readonly [pattern: string, matching: readonly string[], others: readonly string[]];

const SYNTAX: readonly Row[] = [
  ['abc', ['xabcx'], ['ab', 'ABC']],
  ['a.c', ['abc', 'a\rc', 'a\u2028c', 'a😀c'], ['a\nc', 'ac']],
  ['(?s)a.c', ['a\nc'], ['ac']],
  ['(?i)abc', ['ABC', 'xaBcx'], ['abd']],
  ['a(?i)b|c', ['ab', 'aB', 'C'], ['Ab', 'x']],
  ['a(?i:b)c', ['aBc'], ['ABc', 'aBC']],
  ['(?i)a(?-i)b', ['Ab', 'ab'], ['aB']],
  ['(?i:a(?-i:b))', ['Ab'], ['AB']],
  ['(?i)(a|b)c', ['BC'], ['bd']],
  ['^abc$', ['abc'], ['abc\n', 'xabc']],
  ['(?m)^b$', ['a\nb\nc', 'b'], ['a\rb\rc', 'ab']],
  ['\\Aabc\\z', ['abc'], ['abc\n']],
  ['(?P<year>\\d{4})-(?<month>\\d\\d)', ['2026-11'], ['26-11']],
  ['(?:ab)+', ['ababx'], ['a']],
  ['\\Qa.b*\\E+', ['a.b*', 'a.b**'], ['axb*']],
  ['\\Qa.b', ['a.b'], ['axb']],
  ['[[:alpha:]_]+$', ['Ab_'], ['a1']],
  ['^[[:^digit:]]$', ['a', 'é', '\n'], ['1']],
  ['^[^[:space:]x]$', ['a'], [' ', 'x', '\v']],
  ['^\\s$', [' ', '\t', '\n'], ['\u00a0', '\v']],
  ['^[\\S]$', ['a', '\u00a0'], [' ', '\n']],
  ['^\\w+$', ['a_1'], ['é']],
  ['^\\pL+$', ['é', 'Ж'], ['1']],
  ['^\\p{Greek}$', ['α'], ['a']],
  ['^\\P{Greek}$', ['a'], ['α']],
  ['^\\p{^L}$', ['1'], ['a']],
  ['^[\\pN-]$', ['4', '-'], ['a']],
  ['^[]a]$', [']', 'a'], ['b']],
  ['^[a-]$', ['a', '-'], ['b']],
  ['^[\\w-.]$', ['-', '.', 'a'], ['/']],
  ['^[a[]$', ['[', 'a'], ['b']],
  ['^[\\]\\-\\\\]$', [']', '-', '\\'], ['a']],
  ['\\x41\\x{1F600}', ['A😀'], ['A']],
  ['\\101\\0', ['A\0'], ['A']],
  ['a\\/b\\-c\\_d', ['a/b-c_d'], ['ab-c_d']],
  ['a{2,3}$', ['aa', 'xaaa'], ['a']],
  ['a{,2}', ['a{,2}'], ['aa']],
  ['a{x}', ['a{x}'], ['ax']],
  ['}]', ['}]'], ['}']],
  ['(a|)b', ['b', 'ab'], ['a']],
  ['', ['', 'x'], []],
  ['\\bcat\\b', ['a cat.'], ['concat']],
];

describe('RE2 syntax', () => {
  it.each(SYNTAX)('%s', (pattern, matching, others) => {
    const regex = compileRegex(pattern);
    for (const text of matching) expect(regex.test(text), `${pattern} on ${JSON.stringify(text)}`).toBe(true);
    for (const text of others) expect(regex.test(text), `${pattern} on ${JSON.stringify(text)}`).toBe(false);
  });

  it.each([
    ['a+?', 'aaa', 'a'],
    ['(?U)a+', 'aaa', 'a'],
    ['(?U)a+?', 'aaa', 'aaa'],
    ['a{1,2}?', 'aa', 'a'],
  ])('greed of %s', (pattern, text, found) => {
    expect(compileRegex(pattern).exec(text)?.[0]).toBe(found);
  });

  it('numbers and names groups as RE2 does', () => {
    const match = compileRegex('(?i)(a)(?:b)(?P<third>c)').exec('ABC');
    expect([...(match ?? [])]).toEqual(['ABC', 'A', 'C']);
    expect(match?.groups?.['third']).toBe('C');
  });

  it('ignores case on demand', () => {
    expect(compileRegex('^/Users$', { ignoreCase: true }).test('/uSERS')).toBe(true);
  });
});

describe('what RE2 refuses', () => {
  it.each(['(', ')', 'a)', '[', '[a', '[]', 'bad[', '*a', 'a**', '(?=a)', '(?!a)', '(?<=a)', '(?<!a)', '(?>a)', '(a)\\1', '\\8', '\\k<a>', '\\', '[b-a]'])(
    '%s',
    (pattern) => {
      expect(() => compileRegex(pattern)).toThrow(ProblemError);
    },
  );

  it.each(['a{1001}', '\\x{110000}', '[[:nope:]]', '\\p{Nope}', '(?z)', '(?P<n>a)(?P<n>b)', '\\C', '\\cA'])('%s', (pattern) => {
    expect(() => compileRegex(pattern)).toThrow(ProblemError);
  });

  it('names the place and the reason', () => {
    expect(() => compileRegex('(?=a)', { path: '/version_data' })).toThrow('"(?=a)" is no regular expression: (?= is not supported');
  });
});

it('any quoted text matches itself and nothing shorter', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\\E')),
      (text) => {
        const regex = compileRegex(`^\\Q${text}\\E$`);
        expect(regex.test(text)).toBe(true);
        expect(regex.test(text.slice(1))).toBe(false);
      },
    ),
  );
});

it('never fails with anything but a ProblemError', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from('ab(?:i)[]^$*+.\\dQE{1,2}|-P<>')), maxLength: 12 }), (pattern) => {
      try {
        compileRegex(pattern);
      } catch (error) {
        expect(error).toBeInstanceOf(ProblemError);
      }
    }),
  );
});
