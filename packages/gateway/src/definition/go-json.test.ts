import { assert, dictionary, constantFrom, jsonValue, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeClassic, encodeClassic } from './classic/index.ts';
import {
  any,
  bool,
  decodeGo,
  duration,
  encodeGo,
  float,
  formatDuration,
  int,
  list,
  map,
  nearestName,
  omitEmpty,
  parseDuration,
  pointerTo,
  raw,
  string,
} from './go-json.ts';
import { struct, time, uint, uint16, zeroOf, ZERO_TIME, type GoKind, type GoStruct } from './go-json.ts';

interface Sample {
  text: string;
  flag: boolean;
  count: number;
  share: number;
  wait: string;
  since: string;
  names: string[] | null;
  inner: { deep: string; items: { id: number }[] | null };
  table: Record<string, number> | null;
  free: unknown;
  kept: unknown;
  maybe: { id: number } | null;
  Upper: string;
}

const item = struct<{ id: number }>({ id: int });

const sample: GoStruct<Sample> = {
  text: string,
  flag: bool,
  count: int,
  share: float,
  wait: duration,
  since: time,
  names: list(string),
  inner: struct<Sample['inner']>({ deep: string, items: list(item) }),
  table: map(int),
  free: any,
  kept: raw,
  maybe: pointerTo(item),
  Upper: string,
};

const ZERO: Sample = {
  text: '',
  flag: false,
  count: 0,
  share: 0,
  wait: '0s',
  since: ZERO_TIME,
  names: null,
  inner: { deep: '', items: null },
  table: null,
  free: null,
  kept: null,
  maybe: null,
  Upper: '',
};

describe('decodeGo', () => {
  it.each([{ json: {} }, { json: null }, { json: Object.fromEntries(Object.keys(ZERO).map((key) => [key, null])) }])('zero values for $json', ({ json }) => {
    expect(decodeGo(sample, json)).toEqual({ value: ZERO, problems: [], unknown: [], warnings: [] });
  });

  it.each<[name: string, json: object, value: Partial<Sample>]>([
    ['keys match whatever their case', { TEXT: 'a', upper: 'b', InNeR: { DEEP: 'c' } }, { text: 'a', Upper: 'b', inner: { deep: 'c', items: null } }],
    ['empty is not nil', { names: [], table: {}, inner: { items: [] } }, { names: [], table: {}, inner: { deep: '', items: [] } }],
    [
      'null items are zero values',
      { names: [null], inner: { items: [null] }, table: { a: null } },
      { names: [''], inner: { deep: '', items: [{ id: 0 }] }, table: { a: 0 } },
    ],
    ['durations are printed anew', { wait: '90s' }, { wait: '1m30s' }],
    ['an empty duration is none', { wait: '' }, { wait: '0s' }],
    ['free values stay', { free: { b: [1, null] }, kept: 'x' }, { free: { b: [1, null] }, kept: 'x' }],
    ['a pointer to a zero value is not nil', { maybe: {} }, { maybe: { id: 0 } }],
    ['the later spelling wins', { text: 'a', Text: 'b' }, { text: 'b' }],
  ])('%s', (_name, json, value) => {
    const decoded = decodeGo(sample, json);
    expect(decoded).toEqual({ value: { ...ZERO, ...value }, problems: [], unknown: [], warnings: [] });
  });

  it.each([
    ['/text', { text: 5 }, 'expected a string, found the number 5'],
    ['/flag', { flag: 'true' }, 'expected true or false, found the string "true"'],
    ['/count', { count: 1.5 }, 'expected a whole number, found the number 1.5'],
    ['/count', { count: '1' }, 'expected a whole number, found the string "1"'],
    ['/share', { share: true }, 'expected a number, found the boolean true'],
    ['/wait', { wait: 5 }, 'expected a string, found the number 5'],
    ['/since', { since: 'yesterday' }, 'expected a time such as "0001-01-01T00:00:00Z", found the string "yesterday"'],
    ['/since', { since: '2026-02-30T00:00:00Z' }, 'expected a time such as "0001-01-01T00:00:00Z", found the string "2026-02-30T00:00:00Z"'],
    ['/since', { since: '2026-02-03T24:00:00Z' }, 'expected a time such as "0001-01-01T00:00:00Z", found the string "2026-02-03T24:00:00Z"'],
    ['/names', { names: { a: 1 } }, 'expected a list, found an object'],
    ['/names/1', { names: ['a', []] }, 'expected a string, found a list'],
    ['/inner', { inner: [] }, 'expected an object, found a list'],
    ['/inner/items/0/id', { inner: { items: [{ id: {} }] } }, 'expected a whole number, found an object'],
    ['/table/a~1b~0', { table: { 'a/b~': 'x' } }, 'expected a whole number, found the string "x"'],
    ['/maybe', { maybe: 'x' }, 'expected an object, found the string "x"'],
    ['', [], 'expected an object, found a list'],
    ['', 'x', 'expected an object, found the string "x"'],
  ])('%j of %j is refused', (path, json, message) => {
    const { problems } = decodeGo(sample, json);
    expect(problems).toMatchObject([{ code: 'definition.wrong_type', path, message }]);
  });

  it('collects all problems, and what is wrong is zero', () => {
    const { value, problems } = decodeGo(sample, { text: 1, flag: true, names: 'x' });
    expect(problems.map(({ path }) => path)).toEqual(['/text', '/names']);
    expect(value).toEqual({ ...ZERO, flag: true });
  });

  it.each<[GoKind<number>, number, boolean]>([
    [int, 2 ** 53, true],
    [int, -5, true],
    [int, 1e19, false],
    [uint, -1, false],
    [uint, 5, true],
    [uint16, 65_535, true],
    [uint16, 65_536, false],
  ])('range of %j: %d', (kind, number, fits) => {
    const { problems } = decodeGo<{ n: number }>({ n: kind }, { n: number });
    expect(problems).toHaveLength(fits ? 0 : 1);
  });

  it('unknown keys are named, with the nearest one or the place where the key belongs', () => {
    const { unknown, warnings } = decodeGo(sample, { txet: 'a', inner: { names: [] }, deep: 'x', zebra: 1 });
    expect(unknown).toEqual(['/txet', '/deep', '/zebra', '/inner/names']);
    expect(warnings.map(({ hint }) => hint)).toEqual([
      'did you mean "text"?',
      'move it to /inner/deep; here it has no effect',
      'remove it; it has no effect',
      'move it to /names; here it has no effect',
    ]);
  });

  it('an unreadable duration is none, with a warning', () => {
    const { value, problems, warnings } = decodeGo(sample, { wait: '5 apples' });
    expect({ wait: value.wait, problems }).toEqual({ wait: '0s', problems: [] });
    expect(warnings).toMatchObject([{ code: 'definition.unreadable_duration', path: '/wait', message: '"5 apples" is no duration and counts as none' }]);
  });

  it('takes a bare string for a struct that has a shorthand', () => {
    const short = { hosts: list(struct<{ url: string; n: number }>({ url: string, n: int }, 'url')) };
    expect(decodeGo(short, { hosts: ['http://a', { n: 1 }] }).value).toEqual({
      hosts: [
        { url: 'http://a', n: 0 },
        { url: '', n: 1 },
      ],
    });
  });

  it('does not touch its input, nor the prototype', () => {
    const json: unknown = JSON.parse('{"table":{"__proto__":1},"free":{"__proto__":{"a":1}},"__proto__":{"text":"x"},"constructor":1}');
    const before = structuredClone(json);
    const { value, unknown } = decodeGo(sample, json);
    expect(json).toEqual(before);
    expect(Object.keys(value.table ?? {})).toEqual(['__proto__']);
    expect(value.text).toBe('');
    expect(unknown).toEqual(['/__proto__', '/constructor']);
    expect(JSON.stringify(encodeGo(sample, value))).toContain('"table":{"__proto__":1}');
  });

  it('refuses values that are nested without end', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(decodeGo(sample, { free: deep }).problems).toMatchObject([{ path: '/free', message: 'expected at most 1000 levels, found a list' }]);
  });

  it('reports below the place it is given', () => {
    expect(decodeGo(sample, { text: 1, x: 1 }, '/apis/0')).toMatchObject({ problems: [{ path: '/apis/0/text' }], unknown: ['/apis/0/x'] });
  });
});

describe('encodeGo', () => {
  it('prints the fields in order, and nil as null', () => {
    expect(JSON.stringify(encodeGo(sample, ZERO))).toBe(JSON.stringify(ZERO));
  });

  it('sorts maps and free values, but not raw ones', () => {
    const value = { ...ZERO, table: { b: 1, a: 2 }, free: [{ d: 1, c: { f: 1, e: 2 } }], kept: { h: 1, g: 2 } };
    const { table, free, kept } = encodeGo(sample, value);
    expect(JSON.stringify([table, free, kept])).toBe('[{"a":2,"b":1},[{"c":{"e":2,"f":1},"d":1}],{"h":1,"g":2}]');
  });

  it.each<[kind: unknown, value: unknown, out: boolean]>([
    [string, '', true],
    [string, 'a', false],
    [bool, false, true],
    [int, 0, true],
    [float, 0.5, false],
    [duration, '0s', true],
    [time, ZERO_TIME, true],
    [time, '2026-01-02T03:04:05Z', false],
    [list(string), null, true],
    [list(string), [], true],
    [list(string), [''], false],
    [map(string), {}, true],
    [pointerTo(item), null, true],
    [pointerTo(item), { id: 0 }, false],
    [struct({ a: omitEmpty(string) }), { a: '' }, true],
    [any, null, true],
    [any, {}, false],
  ])('omitEmpty of %j: %j is left out: %s', (kind, value, out) => {
    const json = encodeGo<{ x: unknown }>({ x: omitEmpty(kind as GoKind<unknown>) }, { x: value });
    expect('x' in json).toBe(!out);
  });

  it.each([
    ['2026-01-02T03:04:05.120Z', '2026-01-02T03:04:05.12Z'],
    ['2026-01-02T03:04:05.000Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:50Z', '2026-01-02T03:04:50Z'],
    ['2026-01-02T03:04:05.10+02:00', '2026-01-02T03:04:05.1+02:00'],
  ])('the time %s is printed %s', (given, printed) => {
    expect(encodeGo({ since: time }, { since: given })).toEqual({ since: printed });
  });

  it('gives every call its own zero value', () => {
    const kind = struct(sample);
    expect(zeroOf(kind)).toEqual(ZERO);
    expect(zeroOf(kind)).not.toBe(zeroOf(kind));
  });
});

describe('any JSON', () => {
  const names = [
    'name',
    'API_ID',
    'auth',
    'auth_configs',
    'version_data',
    'proxy',
    'uptime_tests',
    'graphql',
    'config_data',
    'CORS',
    'cors',
    'tags',
    '__proto__',
  ];
  const documents = dictionary(constantFrom(...names), jsonValue({ depthSize: 'medium' }));

  it('is read into a whole definition that is printed and read the same again', () => {
    assert(
      property(documents, (json) => {
        const printed = encodeClassic(decodeClassic(json).value);
        const again = decodeClassic(printed);
        expect({ problems: again.problems, unknown: again.unknown }).toEqual({ problems: [], unknown: [] });
        expect(JSON.stringify(encodeClassic(again.value))).toBe(JSON.stringify(printed));
      }),
      { numRuns: 300 },
    );
  });
});

describe('durations', () => {
  it.each([
    ['0', 0, '0s'],
    ['200ms', 200e6, '200ms'],
    ['1s500ms', 1500e6, '1s500ms'],
    ['1.5s', 1500e6, '1s500ms'],
    ['90m', 5400e9, '1h30m'],
    ['-1h', -3600e9, '-1h'],
    ['+2us', 2000, '2µs'],
    ['1h0m0s', 3600e9, '1h'],
    ['3ns', 3, '3ns'],
  ])('%s is %d ns, printed %s', (text, nanoseconds, printed) => {
    expect(parseDuration(text)).toBe(nanoseconds);
    expect(formatDuration(nanoseconds)).toBe(printed);
  });

  it.each(['', '5', 's', '1d', '1 s', '1s!', '--1s', '.s', '1e3s'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('nearestName', () => {
  const names = ['listen_path', 'target_url', 'strip_listen_path', 'name'];

  it.each([
    ['listenpath', 'listen_path'],
    ['target_ulr', 'target_url'],
    ['Target_Url', 'target_url'],
    ['nam', 'name'],
    ['zebra', undefined],
    ['x', undefined],
  ])('%s → %s', (given, expected) => {
    expect(nearestName(given, names)).toBe(expected);
  });
});
