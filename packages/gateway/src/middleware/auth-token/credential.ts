import { getField, getFields } from '@gatehouse/wire';
import type { Exchange } from '../../contract/exchange.ts';
import { queryValue } from '../../routing/query.ts';
import type { AuthTokenConfig } from './schema.ts';

/** Compiles the lookup of a credential: field, overruled by parameter, overruled by cookie; `''` where there is none (spec/gateway/auth.md §2). */
export function compileLookup(config: AuthTokenConfig): (x: Exchange) => string {
  const field = config.header.toLowerCase();
  const fromField = (x: Exchange): string => (field === '' ? '' : (getField(x.fields, field) ?? ''));
  if (config.query === '' && config.cookie === '') return fromField;
  return (x) => cookieValue(x, config.cookie) || (config.query !== '' && queryValue(x.query, config.query)) || fromField(x);
}

/** Without the scheme `Bearer` and its one blank, in any case. `Bearer` alone stays: it is a credential that nobody has. */
export function withoutBearer(credential: string): string {
  return /^bearer /i.test(credential) ? credential.slice(7) : credential;
}

function cookieValue(x: Exchange, name: string): string {
  if (name === '') return '';
  for (const line of getFields(x.fields, 'cookie')) {
    for (const pair of line.split(';')) {
      const equals = pair.indexOf('=');
      if (equals >= 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
    }
  }
  return '';
}

/** Takes one cookie out of all Cookie fields; a field that held nothing else goes. */
export function removeCookie(x: Exchange, name: string): void {
  if (!getFields(x.fields, 'cookie').some((line) => line.includes(name))) return;
  const fields = x.changeFields();
  for (let at = fields.length - 2; at >= 0; at -= 2) {
    if (fields[at]?.toLowerCase() !== 'cookie') continue;
    const kept = (fields[at + 1] ?? '').split(';').filter((pair) => (pair.split('=')[0] ?? '').trim() !== name);
    const value = kept.map((pair) => pair.trim()).join('; ');
    if (value === '') fields.splice(at, 2);
    else fields[at + 1] = value;
  }
}
