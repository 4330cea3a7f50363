import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRegex } from '../schema/regex.ts';
import { compilePattern, preparePattern } from './patterns.ts';

const modes = { default: [false, false], prefix: [true, false], suffix: [false, true], both: [true, true] } as const;
type Mode = keyof typeof modes;

const compile = (pattern: string, mode: Mode, ignoreCase = false): ReturnType<typeof compilePattern> => {
  const [prefix, suffix] = modes[mode];
  return compilePattern(pattern, { prefix, suffix, ignoreCase });
};

describe('§2 endpoint pattern matching: preparation', () => {
  it.each([
    ['/users', 'both', '^/users$'],
    ['/users', 'prefix', '^/users'],
    ['/users', 'suffix', '/users$'],
    ['/users', 'default', '/users'],
    ['users', 'both', 'users$'],
    ['^/x$', 'both', '^/x$'],
    ['/u/{id}/{name:[a-z]{3}}', 'default', '/u/([^/]+)/([^/]+)'],
    ['/a/*/z/*', 'default', '/a/[^/]+/z/.*'],
    ['/n/[0-9]{3}', 'default', '/n/[0-9]([^/]+)'],
    ['/open{', 'default', '/open{'],
    ['/empty{}', 'default', '/empty{}'],
  ] as const)('%s with %s anchors', (pattern, mode, expected) => {
    const [prefix, suffix] = modes[mode];
    expect(preparePattern(pattern, { prefix, suffix })).toBe(expected);
  });
});

describe('§2 endpoint pattern matching', () => {
  it.each([
    ['default', '/users', ['/users', '/users/5', '/v1/users', '/usersx'], ['/user']],
    ['prefix', '/users', ['/users', '/users/5', '/usersx'], ['/v1/users']],
    ['suffix', '/users', ['/users', '/v1/users'], ['/users/5', '/usersx']],
    ['both', '/users', ['/users'], ['/users/', '/users/5', '/v1/users']],
    ['both', '/u/{id:[0-9]+}', ['/u/12', '/u/ab'], ['/u/', '/u/1/2']],
    ['both', '/files/*', ['/files/', '/files/a/b'], ['/files']],
    ['both', '/a/*/z', ['/a/b/z'], ['/a/b/c/z']],
    ['both', '/', ['/'], ['/x']],
    ['default', '/', ['/', '/x'], []],
    ['default', '/file.txt', ['/file.txt', '/fileXtxt'], ['/filetxt']],
    ['both', '/(red|blue)/x', ['/red/x'], ['/green/x', '/blue/xy']],
    ['both', '/a b', ['/a b'], ['/a%20b']],
    ['default', '', ['/', '/anything'], []],
    ['suffix', 'end$', ['/the/end'], ['/end/x']],
    ['both', '/colou?r/{x}', ['/color/1', '/colour/1'], ['/colou/1']],
    ['both', '/a{0,1}', ['/ab'], ['/a', '/']],
    ['prefix', '/ab+/x', ['/ab/x', '/abb/x'], ['/a/x']],
    ['prefix', '/a|b', ['/a', 'xb'], ['x']],
  ] as const)('%s: %s', (mode, pattern, matching, others) => {
    const compiled = compile(pattern, mode);
    for (const path of matching) expect(compiled.test(path), path).toBe(true);
    for (const path of others) expect(compiled.test(path), path).toBe(false);
  });

  it('ignores case on demand', () => {
    expect(compile('/Users', 'both', true).test('/uSERS')).toBe(true);
    expect(compile('/Users', 'both').test('/users')).toBe(false);
  });

  it('a plain text between both anchors is looked up, nothing else is', () => {
    expect(compile('/users', 'both').exact).toBe('/users');
    for (const [pattern, mode] of [
      ['/users', 'prefix'],
      ['/u/{id}', 'both'],
      ['/file.txt', 'both'],
    ] as const)
      expect(compile(pattern, mode).exact).toBeUndefined();
  });

  it('answers as the plain regular expression would', () => {
    const candidates = fc.string({ unit: fc.constantFrom('/', 'a', 'b'), maxLength: 6 });
    const patterns = fc.string({ unit: fc.constantFrom('/', 'a', 'b', 'a?', 'b*', 'a+', '|', '.', '(b)', '[ab]', '^', '$'), maxLength: 5 });
    fc.assert(
      fc.property(patterns, candidates, fc.constantFrom<Mode>('default', 'prefix', 'suffix', 'both'), (pattern, candidate, mode) => {
        const [prefix, suffix] = modes[mode];
        const regex = compileRegex(preparePattern(pattern, { prefix, suffix }));
        expect(compile(pattern, mode).test(candidate)).toBe(regex.test(candidate));
      }),
      { numRuns: 500 },
    );
  });
});
