import { describe, expect, it } from 'vitest';
import { resolveReferences, type ReferenceSources } from './references.ts';
import { readSuites, type Suite } from './test/recorded.ts';

const ENV: Readonly<Record<string, string>> = { WORD: 'plain', QUOTE: 'a "q" b', TYK_SECRET_UP: 'http://up', EMPTY: '', NEXT: 'secrets://base' };
const FILES: Readonly<Record<string, string>> = { word: 'from file', 'sub/deep': 'deep' };
const sources: ReferenceSources = {
  env: (name) => (Object.hasOwn(ENV, name) ? ENV[name] : undefined),
  secrets: { base: 'v7', baseline: 'longer', quote: 'say "hi" \\ there', multi: 'line1\nline2', 'dotted.name': 'dot' },
  file: (name) => (Object.hasOwn(FILES, name) ? FILES[name] : undefined),
};

function resolve(value: string): { value: unknown; unresolved: string[] } {
  const { text, problems } = resolveReferences(JSON.stringify({ value }), sources);
  return { value: (JSON.parse(text) as { value: unknown }).value, unresolved: problems.map(({ path }) => path) };
}

describe('references in the text of a definition (gateway/tls.md §7)', () => {
  it.each([
    ['env://WORD', 'plain'],
    ['word env://WORD', 'word plain'],
    ['env://QUOTE', 'a "q" b'],
    ['env://EMPTY', ''],
    ['secrets://base', 'v7'],
    ['a secrets://base b', 'a v7 b'],
    ['http://host/secrets://base', 'http://host/v7'],
    ['secrets://base/secrets://dotted.name', 'v7/dot'],
    ['secrets://baseline', 'longer'],
    ['secrets://quote', 'say "hi" \\ there'],
    ['secrets://multi', 'line1\nline2'],
    ['file://word', 'from file'],
    ['file://sub/deep', 'deep'],
    ['secrets://base env://WORD', 'v7 plain'],
    ['env://NEXT', 'secrets://base'],
    ['$secret_conf.base', '$secret_conf.base'],
    ['https://host/path', 'https://host/path'],
  ])('%s → %s', (given, expected) => {
    expect(resolve(given)).toEqual({ value: expected, unresolved: [] });
  });

  it.each([
    'env://UNSET',
    'env://WORD tail',
    'secrets://none',
    'file://nothing',
    'file:///etc/hostname',
    'consul://depot',
    'vault://depot.key',
    '$kv{conf/depot}',
  ])('%s stays, with a problem', (given) => {
    expect(resolve(given)).toEqual({ value: given, unresolved: ['/value'] });
  });

  it('a reference in a key is replaced', () => {
    expect(resolveReferences('{"X-secrets://base":"v"}', sources).text).toBe('{"X-v7":"v"}');
  });

  it('a target falls back to TYK_SECRET_, other strings do not', () => {
    const { text, problems } = resolveReferences('{"proxy":{"target_url":"env://up","listen_path":"env://up"}}', sources);
    expect(JSON.parse(text)).toEqual({ proxy: { target_url: 'http://up', listen_path: 'env://up' } });
    expect(problems).toMatchObject([{ code: 'reference.unresolved', path: '/proxy/listen_path', message: '"env://up" leads nowhere and stays as it is' }]);
  });

  it('the problem says where and what to do', () => {
    const { problems } = resolveReferences('{"a":[{"b/c":"x secrets://none y"}]}', sources);
    expect(problems).toEqual([
      {
        code: 'reference.unresolved',
        path: '/a/0/b~1c',
        message: '"secrets://none" leads nowhere and stays as it is',
        hint: 'add the key to "secrets" in the configuration',
      },
    ]);
  });

  it('a text without references, or broken, comes back byte for byte', () => {
    expect(resolveReferences('{ "a" : 1.0 }', sources).text).toBe('{ "a" : 1.0 }');
    expect(resolveReferences('{ "a" : "secrets://base"', sources)).toEqual({ text: '{ "a" : "secrets://base"', problems: [] });
    expect(resolveReferences('{ "a" : "secrets://none" }', sources).text).toBe('{ "a" : "secrets://none" }');
  });
});

/** Name of the header that the suite's definitions set, and the value that the upstream of Tyk received. */
const HEADER = 'X-V';

function recordedSources({ conf, env, files = {} }: Suite): ReferenceSources {
  return {
    env: (name) => env?.[name],
    secrets: conf?.secrets ?? {},
    file: (name) => (name.includes('..') ? undefined : (files[`kv/${name}`] as string | undefined)?.replace(/\n+$/, '')),
  };
}

describe('references resolve as recorded (tls/secrets)', () => {
  const suite = readSuites('tls').find((one) => one.suite === 'tls/secrets');
  const rows = (suite?.cases ?? []).flatMap(({ name, steps }) =>
    steps.flatMap(({ path = '', want }) => {
      const api = suite?.apis?.find(({ api_id: id }) => path.startsWith(`/${String(id)}/`));
      if (api === undefined) return [];
      const text = JSON.stringify(api);
      const received = want?.upstream?.at(-1)?.headers[HEADER.toLowerCase()]?.[0];
      return received === undefined || text.includes('$secret') ? [] : [{ name, text, received }];
    }),
  );

  it('the suite holds some', () => expect(rows).toHaveLength(13));

  it.each(rows)('$name: $received', ({ text, received }) => {
    expect(resolveReferences(text, recordedSources(suite as Suite)).text).toContain(JSON.stringify({ [HEADER]: received }));
  });
});
