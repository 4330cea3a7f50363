import { describe, expect, it } from 'vitest';
import { check } from './check.ts';
import { array, block, choice, filled, integer, number, object, period, record, type Schema, somePeriod, string, strings } from './types.ts';

const told = (schema: Schema, value: unknown): readonly string[] =>
  check(schema, value).map((finding) => `${finding.path} ${finding.place}: ${finding.message}`);

describe('findings have Tyk’s texts and a JSON pointer', () => {
  it.each<readonly [schema: Schema, value: unknown, findings: readonly string[]]>([
    [string, 'a', []],
    [string, 1, [' (root): Invalid type. Expected: string, given: integer']],
    [number, 1, []],
    [integer, 1.5, [' (root): Invalid type. Expected: integer, given: number']],
    [{ type: ['array', 'null'] }, {}, [' (root): Invalid type. Expected: array/null, given: object']],
    [object({ a: string }, ['a', 'b']), {}, [' (root): a is required', ' (root): b is required']],
    [object({ a: object({ 'b/c': string }) }), { a: { 'b/c': true } }, ['/a/b~1c a.b/c: Invalid type. Expected: string, given: boolean']],
    [block(), { enabled: null }, ['/enabled enabled: Invalid type. Expected: boolean, given: null']],
    [{ ...object({ a: { type: 'object' } }), mustBe: ['a'] }, {}, ['/a a: Invalid type. Expected: object, given: null']],
    [strings, ['a', 2], ['/1 1: Invalid type. Expected: string, given: integer']],
    [{ ...strings, unique: true }, ['a', 'b', 'a'], [' (root): array items[0,2] must be unique']],
    [{ ...strings, minItems: 1 }, [], [' (root): Array must have at least 1 items']],
    [{ type: 'object', minProperties: 1 }, {}, [' (root): Must have at least 1 properties']],
    [object({ v: choice('1.0', '1.1') }), { v: '2' }, ['/v v: v must be one of the following: "1.0", "1.1"']],
    [filled, ' ', [" (root): Does not match pattern '\\S+'"]],
    [period, '5', [" (root): Does not match pattern '^(\\d+h)?(\\d+m)?(\\d+s)?$'"]],
    [somePeriod, '0m0s', [' (root): Must not validate the schema (not)']],
    [{ type: 'number', minimum: 0, maximum: 1 }, -1, [' (root): Must be greater than or equal to 0']],
    [{ type: 'number', minimum: 0, maximum: 1 }, 2, [' (root): Must be less than or equal to 1']],
    [{ type: 'object', named: [[/^x-/, {}]], others: false }, { 'x-a': 1, b: 1 }, [' (root): Additional property b is not allowed']],
    [record(string), { a: 1 }, ['/a a: Invalid type. Expected: string, given: integer']],
    [{ anyOf: [object({}, ['a', 'b']), object({}, ['c'])] }, {}, [' (root): Must validate at least one schema (anyOf)', ' (root): c is required']],
    [{ anyOf: [object({}, ['a']), object({}, ['c'])] }, { c: 1 }, []],
    [{ type: 'object', also: ({ on }) => (on === true ? object({}, ['a']) : undefined) }, { on: true }, [' (root): a is required']],
  ])('%j on %j', (schema, value, findings) => {
    expect(told(schema, value)).toEqual(findings);
  });

  it('a schema may hold itself', () => {
    const tree: Schema = { type: 'object', properties: { children: array(() => tree) } };
    expect(told(tree, { children: [{ children: [1] }] })).toEqual([
      '/children/0/children/0 children.0.children.0: Invalid type. Expected: object, given: integer',
    ]);
  });
});
