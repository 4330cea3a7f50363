import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeExchange } from '../middleware/testing.ts';
import { candidatesOf, cleanPathOf, fullPathOf, withoutListenPathOf } from './candidates.ts';
import { type EndpointEntry, EndpointTable } from './endpoints.ts';
import { compilePattern } from './patterns.ts';

const entry = (path: string, method: string, value: string, anchored = true): EndpointEntry<string> => ({
  pattern: compilePattern(path, { prefix: anchored, suffix: anchored, ignoreCase: false }),
  method,
  value,
});

describe('candidate strings', () => {
  it.each([
    ['/api/users', '/api/', ['/users', '/api/users']],
    ['/api/', '/api/', ['/', '/api/']],
    ['/apiusers', '/api', ['/users', '/apiusers']],
    ['/a1/users', '', ['/a1/users']],
    ['/users', '/', ['/users']],
  ])('%s below %s', (path, listenPrefix, expected) => {
    const x = makeExchange(`GET ${path}`, { listenPrefix });
    expect(candidatesOf(x)).toEqual(expected);
    expect([cleanPathOf(x), fullPathOf(x), withoutListenPathOf(x)]).toEqual([expected[0], path, expected[0]]);
  });

  it('are made once', () => {
    const x = makeExchange('GET /api/x');
    expect(candidatesOf(x)).toBe(candidatesOf(x));
  });
});

describe('the first entry in order', () => {
  const table = new EndpointTable([
    entry('/x', 'POST', 'post x'),
    entry('/{any}', 'GET', 'get any'),
    entry('/x', 'GET', 'get x'),
    entry('/y', '', 'every y'),
    entry('/y', 'PUT', 'put y'),
  ]);

  it.each([
    ['GET', '/x', 'get any'],
    ['POST', '/x', 'post x'],
    ['GET', '/y', 'get any'],
    ['DELETE', '/y', 'every y'],
    ['PUT', '/y', 'every y'],
    ['PUT', '/x', undefined],
  ])('%s %s', (method, path, expected) => {
    expect(table.match(method, [path])).toBe(expected);
  });

  it('is that of a plain search through the list', () => {
    const path = fc.constantFrom('/a', '/b', '/{p}', '/a/*', 'b', '/c');
    const method = fc.constantFrom('', 'GET', 'POST');
    const entries = fc.array(fc.tuple(path, method, fc.boolean()), { maxLength: 8 });
    fc.assert(
      fc.property(
        entries,
        fc.constantFrom('GET', 'POST', 'PUT'),
        fc.uniqueArray(fc.constantFrom('/a', '/b', '/a/b', '/c', '/'), { minLength: 1 }),
        (list, asked, paths) => {
          const made = list.map(([p, m, anchored], index) => entry(p, m, String(index), anchored));
          const searched = made.find((e) => (e.method === '' || e.method === asked) && paths.some((p) => e.pattern.test(p)));
          expect(new EndpointTable(made).match(asked, paths)).toBe(searched?.value);
        },
      ),
    );
  });
});
