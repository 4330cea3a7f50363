import type { Fields } from '@gatehouse/wire';
import { NameTable } from './name-table.ts';

const HOP_BY_HOP = [
  'connection',
  'proxy-connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'content-length',
  'upgrade',
];

const hopByHop = new NameTable(HOP_BY_HOP.map((name) => [name, true]));

const isDropped = (name: string): boolean => hopByHop.get(name) === true;

/** Fields of an upstream's answer for the client: hop-by-hop and framing fields out (spec/gateway/request-chain.md §2, §4). */
export function clientFields(fields: Fields): Fields {
  const out: Fields = [];
  let connection = '';
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string;
    if (!isDropped(name)) out.push(name, fields[i + 1] as string);
    else if (name.length === 10 && name.toLowerCase() === 'connection') connection = fields[i + 1] as string;
  }
  return connection === '' || connection === 'keep-alive' || connection === 'close' ? out : withoutNamed(out, connection);
}

function withoutNamed(fields: Fields, connection: string): Fields {
  const named = new Set(
    connection
      .toLowerCase()
      .split(',')
      .map((n) => n.trim()),
  );
  return fields.filter((_, i) => !named.has((fields[i - (i % 2)] as string).toLowerCase()));
}

/** Puts the gateway's own fields in place of the upstream's of the same name; `Vary` lines are kept beside them. */
export function overrideFields(fields: Fields, own: Fields): Fields {
  if (own.length === 0) return fields;
  const names = new Set<string>();
  for (let i = 0; i < own.length; i += 2) names.add((own[i] as string).toLowerCase());
  names.delete('vary');
  return [...own, ...fields.filter((_, i) => !names.has((fields[i - (i % 2)] as string).toLowerCase()))];
}
