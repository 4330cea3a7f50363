import type { GoKind, StructKind } from './kinds.ts';

type Fields = StructKind['fields'];

const indexes = new WeakMap<Fields, Map<string, string | undefined>>();

/** Where in the document a key belongs that was put at the wrong place: the one path of a field of that name, with `*` for items; none if several. */
export function placeOf(root: Fields, key: string): string | undefined {
  let index = indexes.get(root);
  if (index === undefined) {
    index = indexNames(root);
    indexes.set(root, index);
  }
  return index.get(key.toLowerCase());
}

/** Lower-case name → path, `undefined` where several structs have the name. A struct that is used in several places counts once. */
function indexNames(root: Fields): Map<string, string | undefined> {
  const index = new Map<string, string | undefined>();
  const seen = new Set<Fields>();
  const queue: [Fields, string][] = [[root, '']];
  for (const [fields, path] of queue) {
    if (seen.has(fields)) continue;
    seen.add(fields);
    for (const [name, kind] of Object.entries(fields)) {
      const key = name.toLowerCase();
      index.set(key, index.has(key) ? undefined : `${path}/${name}`);
      const [inner, suffix] = innerStruct(kind);
      if (inner !== undefined) queue.push([inner, `${path}/${name}${suffix}`]);
    }
  }
  return index;
}

/** The struct inside a kind, and the path below the field that leads to it. */
function innerStruct(kind: GoKind<unknown>): [fields: Fields | undefined, suffix: string] {
  if (kind.kind === 'struct') return [kind.fields, ''];
  if (kind.kind !== 'list' && kind.kind !== 'map' && kind.kind !== 'pointer') return [undefined, ''];
  const [fields, suffix] = innerStruct(kind.item);
  return [fields, kind.kind === 'pointer' ? suffix : `/*${suffix}`];
}
