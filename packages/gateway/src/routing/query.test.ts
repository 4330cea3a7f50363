import { describe, expect, it } from 'vitest';
import { escapeQuery, parseQuery, queryValue, unescapeQuery, withoutParameter } from './query.ts';

describe('query strings as Go reads them', () => {
  it.each([
    ['a=1&b=2&a=3', { a: ['1', '3'], b: ['2'] }],
    ['a=%20+b&c', { a: ['  b'], c: [''] }],
    ['a=%zz&b=1;c=2&d=1', { d: ['1'] }],
    ['=1&&a=', { '': ['1'], a: [''] }],
    ['', {}],
  ])('%s', (query, expected) => {
    expect(Object.fromEntries(parseQuery(query))).toEqual(expected);
  });

  it.each([
    ['v=v1&a=1', 'v', 'v1'],
    ['%76=v1', 'v', 'v1'],
    ['vv=1', 'v', ''],
    ['v=', 'v', ''],
    ['', 'v', ''],
  ])('value in %s of %s', (query, name, expected) => {
    expect(queryValue(query, name)).toBe(expected);
  });

  it('resolves escapes as UTF-8', () => {
    expect(unescapeQuery('caf%C3%A9+é')).toBe('café é');
    expect(unescapeQuery('%4')).toBeUndefined();
  });
});

describe('without a parameter', () => {
  it.each([
    ['z=1&y=%20a+b&q=key&y=2&flag', 'q', 'flag=&y=+a+b&y=2&z=1'],
    ['v=v1', 'v', ''],
    ['b=2&a=%7E', 'q', 'b=2&a=%7E'],
  ])('%s', (query, name, expected) => {
    expect(withoutParameter(query, name)).toBe(expected);
  });
});

it.each([
  ['a b', 'a+b'],
  ["!'()*", '%21%27%28%29%2A'],
  ['a/b?c=d&e', 'a%2Fb%3Fc%3Dd%26e'],
  ['-_.~', '-_.~'],
  ['é', '%C3%A9'],
])('escapes %s', (text, expected) => {
  expect(escapeQuery(text)).toBe(expected);
});
