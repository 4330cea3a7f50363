import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { environmentEntries } from './environment.ts';
import type { Field, FieldTable } from './field.ts';
import { configurationPage } from './reference.ts';
import { CONFIG_GROUPS, CONFIG_TABLE } from './table.ts';

const leaves = (table: FieldTable): readonly Exclude<Field, { kind: 'section' }>[] =>
  Object.values(table).flatMap((field) => (field.kind === 'section' ? leaves(field.fields) : [field]));

describe('the table of settings', () => {
  it('every setting belongs to one group', () => {
    const grouped = CONFIG_GROUPS.flatMap(([, table]) => Object.keys(table));
    expect(grouped.toSorted()).toEqual(Object.keys(CONFIG_TABLE).toSorted());
  });

  it('no two settings have one environment name', () => {
    const names = environmentEntries(CONFIG_TABLE).map(({ name }) => name);
    expect(names).toHaveLength(new Set(names).size);
    expect(names.length).toBeGreaterThan(300);
  });

  it('every setting is described in a sentence', () => {
    expect(leaves(CONFIG_TABLE).filter(({ about }) => !about.endsWith('.'))).toEqual([]);
  });

  it('defaults are among the allowed values', () => {
    const wrong = leaves(CONFIG_TABLE).filter(({ oneOf, initial, zero, product }) =>
      [initial, zero, product].some((value) => typeof value === 'string' && value !== '' && oneOf !== undefined && !oneOf.includes(value)),
    );
    expect(wrong).toEqual([]);
  });

  it('the reference page is made from it', () => {
    const page = new URL('../../../../docs/reference/configuration.md', import.meta.url);
    expect(readFileSync(page, 'utf8')).toBe(configurationPage());
  });
});
