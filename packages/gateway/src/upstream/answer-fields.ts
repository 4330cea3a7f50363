import type { Fields } from '@gatehouse/wire';

/** Puts the gateway's own fields in place of the upstream's of the same name; `Vary` lines are kept beside them. */
export function overrideFields(fields: Fields, own: Fields): Fields {
  if (own.length === 0) return fields;
  const names = new Set<string>();
  for (let i = 0; i < own.length; i += 2) names.add((own[i] as string).toLowerCase());
  names.delete('vary');
  return [...own, ...fields.filter((_, i) => !names.has((fields[i - (i % 2)] as string).toLowerCase()))];
}
