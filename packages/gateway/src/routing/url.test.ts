import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanPath, decodePath, encodePath, isUnclean, parseTarget, spellPath } from './url.ts';

describe('request-chain.md §2: targets', () => {
  it.each([
    ['/a/b?x=1', '/a/b', '/a/b', 'x=1'],
    ['/a%20b', '/a b', '/a%20b', ''],
    ['/a?', '/a', '/a', ''],
    ['/a?b?c', '/a', '/a', 'b?c'],
    ['http://other.example/x?a=1', '/x', '/x', 'a=1'],
    ['HTTPS://other.example', '/', '/', ''],
    ['http://other.example?a=1', '/', '/?a=1'.slice(0, 1), 'a=1'],
    ['/%E6%97%A5', '/日', '/%E6%97%A5', ''],
    ['/%ff', '/\uFFFD', '/%ff', ''],
  ])('%s', (target, path, rawPath, query) => {
    expect(parseTarget(target)).toEqual({ path, rawPath, query });
  });

  it.each(['r/x', '', '*', 'a.example:443', '/a%zz', '/a%2', 'ftp://host/x'])('no target: %j', (target) => {
    expect(parseTarget(target)).toBeUndefined();
  });
});

describe('request-chain.md §2: path cleaning', () => {
  it.each([
    ['/a/../b', '/b'],
    ['/p/../other', '/other'],
    ['/../x', '/x'],
    ['//x', '/x'],
    ['/a//b/', '/a/b/'],
    ['/a/./b', '/a/b'],
    ['/a/..', '/'],
    ['/a/b/..', '/a'],
    ['/.', '/'],
  ])('%s', (path, cleaned) => {
    expect(isUnclean(path)).toBe(true);
    expect(cleanPath(path)).toBe(cleaned);
  });

  it.each(['/', '/a', '/a/', '/a.b', '/.well-known/x', '/a/..b', '/...'])('clean already: %s', (path) => {
    expect(isUnclean(path)).toBe(false);
    expect(cleanPath(path)).toBe(path);
  });

  it('gives a clean path for any path', () => {
    const segment = fc.constantFrom('', '.', '..', 'a', '.b', '...');
    fc.assert(fc.property(fc.array(segment), (segments) => !isUnclean(cleanPath(`/${segments.join('/')}`))));
  });
});

describe('request-chain.md §2: escapes', () => {
  it.each([
    ["/a;b=1,c:d@e!$&'()*", '/a;b=1,c:d@e%21$&%27%28%29%2A'],
    ['/[x]', '/%5Bx%5D'],
    ['/100%', '/100%25'],
    ['/a?b#c', '/a%3Fb%23c'],
    ['/a b', '/a%20b'],
    ['/ü', '/%C3%BC'],
  ])('%s', (path, escaped) => {
    expect(encodePath(path)).toBe(escaped);
  });

  it('is undone by decoding', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => decodePath(encodePath(text)) === text.toWellFormed()));
  });

  it("keeps the client's spelling where it has escapes, and only while it means the path", () => {
    expect(spellPath('/abc', '/%61bc')).toBe('/%61bc');
    expect(spellPath('/b(c)', '/b(c)')).toBe('/b%28c%29');
    expect(spellPath('/x y', '/%61%20b')).toBe('/x%20y');
  });
});
