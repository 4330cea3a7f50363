import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from './stringify.ts';
import { compileTemplate } from './template.ts';
import { makeExchange, makeIdentity, makeSite } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
writeFileSync(join(folder, 'token'), 'file-token\n');
process.env['TYK_SECRET_TEMPLATETEST'] = 'from-env';
afterAll(() => {
  rmSync(folder, { recursive: true });
  delete process.env['TYK_SECRET_TEMPLATETEST'];
});

const { config } = makeSite({
  config: { secrets: { alpha: 'conf-alpha', 'with-dash.and_dot': 'odd', points: '$secret_conf.alpha' }, kv: { file: { base_path: folder } } },
}).use;

const META = {
  text: 'plain & <b>',
  num: 12,
  frac: 0.125,
  big: 12345678901234,
  bool: true,
  obj: { a: 1 },
  list: ['x y', 2, true],
  null: null,
  'a.b': 'dotted',
  var: '$tyk_meta.text',
};

function fill(text: string, escape = false): string {
  const x = makeExchange('GET /api/x', { fields: ['X-In', '$tyk_meta.text', 'X-Url', 'http://up/a b'] });
  x.context = new Map();
  x.identity = makeIdentity({ metaData: META });
  return compileTemplate(text, config, { escape })(x);
}

describe('transforms §1 variables', () => {
  it.each([
    ['plain text', 'plain text'],
    ['$1 $$ $ $tyk_other.x', '$1 $$ $ $tyk_other.x'],
    ['a $tyk_meta.text z', 'a plain & <b> z'],
    ['$tyk_meta.num/$tyk_meta.frac/$tyk_meta.big', '12/0.125/12345678901234'],
    ['[$tyk_meta.bool][$tyk_meta.obj][$tyk_meta.null][$tyk_meta.none]', '[][][][]'],
    ['$tyk_meta.list', 'x+y,2'],
    ['$tyk_meta.a.b', 'dotted'],
    ['$tyk_meta.texts', ''],
    ['$secret_conf.alpha+$secret_conf.none', 'conf-alpha+'],
    ['$secret_conf.with-dash.and_dot', 'odd'],
    ['$secret_env.templatetest $secret_env.TEMPLATETEST [$secret_env.none]', 'from-env from-env []'],
    ['[$secret_file.token][$secret_file.none][$secret_file../etc/hostname]', '[file-token][][]'],
    ['[$secret_consul.a/b][$secret_vault.a.b]', '[][]'],
  ])('%s', (text, expected) => {
    expect(fill(text)).toBe(expected);
  });

  it('what is filled in is never searched again', () => {
    expect(fill('$tyk_context.headers_X_In $tyk_meta.var $secret_conf.points')).toBe('$tyk_meta.text $tyk_meta.text $secret_conf.alpha');
  });

  it('escapes values of requests and keys on demand, but no URLs', () => {
    expect(fill('/a?b=$tyk_meta.text&c=$tyk_context.headers_X_Url&d=$secret_conf.alpha', true)).toBe('/a?b=plain+%26+%3Cb%3E&c=http://up/a b&d=conf-alpha');
  });
});

it.each([
  ['text', 'text'],
  [1e21, '1e+21'],
  [false, ''],
  [{}, ''],
  [undefined, ''],
  [[['deep'], 'a/b'], 'a%2Fb'],
])('%j as text', (value, expected) => {
  expect(stringify(value)).toBe(expected);
});
