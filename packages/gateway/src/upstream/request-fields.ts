import type { Fields } from '@gatehouse/wire';
import { NameTable } from './name-table.ts';

/** What becomes of a request field towards the upstream; all others pass. */
type Action = 'drop' | 'te' | 'trailer' | 'forwarded' | 'agent' | 'connection';

const ACTIONS = new NameTable<Action>([
  ['host', 'drop'],
  ['connection', 'connection'],
  ['proxy-connection', 'drop'],
  ['keep-alive', 'drop'],
  ['proxy-authenticate', 'drop'],
  ['proxy-authorization', 'drop'],
  ['te', 'te'],
  ['trailer', 'trailer'],
  ['transfer-encoding', 'drop'],
  ['content-length', 'drop'],
  ['upgrade', 'drop'],
  ['x-forwarded-for', 'forwarded'],
  ['user-agent', 'agent'],
  // Ours: the control secret and the mark of in-process calls never leave the gateway.
  ['x-tyk-authorization', 'drop'],
  ['x-tyk-internal', 'drop'],
]);

export interface FieldOptions {
  /** Value of the Host field towards the upstream. */
  readonly host: string;
  /** Address of the peer, for X-Forwarded-For. */
  readonly peer: string;
  /** Header rules removed X-Forwarded-For: none is sent. */
  readonly noForwardedFor: boolean;
  readonly userAgent: string;
  /** The body is chunked, so that trailers may follow: their announcement goes along. */
  readonly trailers: boolean;
}

/**
 * Request fields for the upstream (spec/gateway/request-chain.md §2): hop-by-hop fields out, Host first, X-Forwarded-For continued,
 * the gateway's User-Agent where none is left.
 */
export function upstreamFields(fields: Fields, options: FieldOptions): Fields {
  const out: Fields = ['Host', options.host];
  let forwarded = '';
  let agent = false;
  let named: Set<string> | undefined;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string;
    const value = fields[i + 1] as string;
    const action = ACTIONS.get(name);
    if (action === undefined) out.push(name, value);
    else if (action === 'connection') named = namedFields(value, named);
    else if (action === 'forwarded') forwarded = forwarded === '' ? value : `${forwarded}, ${value}`;
    else if (action === 'agent') {
      agent = true;
      if (value !== '') out.push(name, value);
    } else if (action === 'te' && value.toLowerCase() === 'trailers') out.push(name, value);
    else if (action === 'trailer' && options.trailers) out.push(name, value);
  }
  if (!agent) out.push('User-Agent', options.userAgent);
  if (!options.noForwardedFor) out.push('X-Forwarded-For', forwarded === '' ? options.peer : `${forwarded}, ${options.peer}`);
  return named ? withoutNamed(out, named) : out;
}

/** Names that a Connection field declares hop-by-hop, lower case; undefined for the usual `keep-alive`, `close`, `upgrade`. */
function namedFields(value: string, before: Set<string> | undefined): Set<string> | undefined {
  if (value === 'keep-alive' || value === 'close' || value === 'Keep-Alive' || value === '') return before;
  const names = value
    .toLowerCase()
    .split(',')
    .map((n) => n.trim());
  const others = names.filter((n) => n !== '' && n !== 'keep-alive' && n !== 'close' && n !== 'upgrade');
  return others.length === 0 ? before : new Set([...(before ?? []), ...others]);
}

function withoutNamed(fields: Fields, named: Set<string>): Fields {
  const out: Fields = [];
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string;
    if (i === 0 || !named.has(name.toLowerCase())) out.push(name, fields[i + 1] as string);
  }
  return out;
}
