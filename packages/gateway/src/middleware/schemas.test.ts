import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AnyField } from '../schema/fields.ts';
import { chainRows, responseRows } from './chain.ts';
import { schemas } from './schemas.ts';

const used = [...chainRows, ...responseRows].flatMap(({ use }) => (use === undefined ? [] : [use.id]));

function fieldsBelow(name: string, field: AnyField): (readonly [string, AnyField])[] {
  if (field.kind === 'group') return [[name, field], ...Object.entries(field.fields).flatMap(([key, inner]) => fieldsBelow(`${name}.${key}`, inner))];
  return field.kind === 'list' || field.kind === 'map' ? [[name, field], ...fieldsBelow(`${name}[]`, field.of)] : [[name, field]];
}

const all = Object.entries(schemas).flatMap(([id, schema]) => Object.entries(schema).flatMap(([name, field]) => fieldsBelow(`${id}: ${name}`, field)));

describe('every field of a section', () => {
  it.each(all)('%s says what it is', (_name, field) => {
    expect(field.description).toMatch(/^.{6,}[^.]$/s);
  });

  it.each(all.filter(([name]) => /(?:size|limit|maxAge|timeoutMs|perSeconds)$/i.test(name) && !name.endsWith('[]')))('%s has a unit', (_name, field) => {
    expect(field.unit === undefined && (field.kind === 'integer' || field.kind === 'number')).toBe(false);
  });
});

it('every section belongs to a middleware of the chain', () => {
  expect(Object.keys(schemas).filter((id) => !used.includes(id))).toEqual([]);
});

describe('every folder', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

  it.each(folders)('%s is a middleware of the chain, with a page and a test', (folder) => {
    const id = folder.replaceAll('-', '.');
    expect(used.some((known) => known === id || known.startsWith(`${id}.`))).toBe(true);
    for (const file of ['README.md', 'compile.ts', `${folder}.test.ts`]) expect(existsSync(`${import.meta.dirname}/${folder}/${file}`), file).toBe(true);
  });
});
