import { sameName } from './chars.ts';
import type { Fields } from './types.ts';

/** Value of the first field of that name (`lower` in lower case), or undefined. */
export function getField(fields: Fields, lower: string): string | undefined {
  for (let at = 0; at < fields.length; at += 2) if (sameName(fields[at] ?? '', lower)) return fields[at + 1];
  return undefined;
}

/** Values of all fields of that name, in order. */
export function getFields(fields: Fields, lower: string): string[] {
  const values: string[] = [];
  for (let at = 0; at < fields.length; at += 2) if (sameName(fields[at] ?? '', lower)) values.push(fields[at + 1] ?? '');
  return values;
}

export function hasField(fields: Fields, lower: string): boolean {
  return getField(fields, lower) !== undefined;
}

/** Removes every field of that name in place; answers how many there were. */
export function removeField(fields: Fields, lower: string): number {
  let kept = 0;
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    if (sameName(name, lower)) continue;
    fields[kept] = name;
    fields[kept + 1] = fields[at + 1] ?? '';
    kept += 2;
  }
  const removed = (fields.length - kept) / 2;
  fields.length = kept;
  return removed;
}

/** Sets a field in place: the first of that name gets the value, others go, a missing one is appended as `name` is spelt. */
export function setField(fields: Fields, name: string, value: string): void {
  const lower = name.toLowerCase();
  for (let at = 0; at < fields.length; at += 2) {
    if (!sameName(fields[at] ?? '', lower)) continue;
    const rest = fields.slice(at + 2);
    removeField(rest, lower);
    fields.splice(at, fields.length, name, value, ...rest);
    return;
  }
  fields.push(name, value);
}

/** Members of a comma-separated list over all fields of that name, lower case, without empty ones (RFC 9110 §5.6.1). */
export function listOf(fields: Fields, lower: string): string[] {
  const members: string[] = [];
  for (const value of getFields(fields, lower)) {
    for (const member of value.split(',')) if (member.trim() !== '') members.push(member.trim().toLowerCase());
  }
  return members;
}

/** Does the comma-separated list hold that member (lower case)? Cheap for the usual list of one. */
export function listHas(value: string, lower: string): boolean {
  if (sameName(value, lower)) return true;
  if (value.length <= lower.length) return false;
  return value.split(',').some((member) => sameName(member.trim(), lower));
}

/** Is this a field of framing or of the connection, which the engine alone writes? Chosen by length: every field of every message passes here. */
export function isFramingName(name: string): boolean {
  switch (name.length) {
    case 7:
      return sameName(name, 'upgrade');
    case 10:
      return sameName(name, 'connection') || sameName(name, 'keep-alive');
    case 14:
      return sameName(name, 'content-length');
    case 16:
      return sameName(name, 'proxy-connection');
    case 17:
      return sameName(name, 'transfer-encoding');
    default:
      return false;
  }
}

/**
 * Is this a field that belongs to one connection only (RFC 9110 §7.6.1), or that the engine sets itself (Content-Length)?
 * `TE` counts unless it is the bare token `trailers`.
 */
function isHopField(name: string, value: string): boolean {
  switch (name.length) {
    case 2:
      return sameName(name, 'te') && !sameName(value, 'trailers');
    case 18:
      return sameName(name, 'proxy-authenticate');
    case 19:
      return sameName(name, 'proxy-authorization');
    default:
      return isFramingName(name) || sameName(name, 'trailer');
  }
}

/**
 * A copy without hop-by-hop fields, without those that `Connection` names and without Content-Length: what may be forwarded.
 * `keepTrailer` keeps the `Trailer` field, which announces trailers that are relayed with a chunked body.
 */
export function endToEnd(fields: Fields, keepTrailer: boolean): Fields {
  const kept: Fields = [];
  let named: string[] | undefined;
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    const value = fields[at + 1] ?? '';
    if (!isHopField(name, value)) kept.push(name, value);
    else if (keepTrailer && sameName(name, 'trailer')) kept.push(name, value);
    else if (sameName(name, 'connection') && !isPlainConnection(value)) named = [...(named ?? []), ...listOf([name, value], 'connection')];
  }
  // Whether TE goes on is decided above: clients that may send `TE: trailers` must name it in Connection.
  for (const name of named ?? []) if (name !== 'te') removeField(kept, name);
  return kept;
}

/** The spellings of nearly all messages, which name no field. */
function isPlainConnection(value: string): boolean {
  return sameName(value, 'keep-alive') || sameName(value, 'close');
}
