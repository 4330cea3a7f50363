import { randomUUID } from 'node:crypto';
import { type Fields, getField, getFields } from '@gatehouse/wire';
import type { Exchange, LimitFields } from '../contract/exchange.ts';
import { fullPathOf } from '../routing/candidates.ts';
import { parseQuery } from '../routing/query.ts';

/** Value of a `$tyk_context` variable for a request. */
export type ContextValue = (x: Exchange) => string;

/**
 * Compiles the name of a context variable (spec/gateway/transforms-and-plugins.md §1). Values are read from the request as it came in, when a
 * template asks for them; what steps collect (captures of triggers, limits) stands in `x.context`. Without `enable_context_vars` all are empty.
 */
export function compileContextValue(name: string): ContextValue {
  const computed = computedValue(name);
  return (x) => (x.context === undefined ? '' : (x.context.get(name) ?? computed?.(x) ?? ''));
}

function computedValue(name: string): ContextValue | undefined {
  const simple = Object.hasOwn(SIMPLE, name) ? SIMPLE[name] : undefined;
  if (simple !== undefined) return simple;
  const [, family, rest = ''] = /^(headers|cookies|request_data)_(.+)$/.exec(name) ?? [];
  if (family === 'headers') return (x) => headerValue(x, rest);
  if (family === 'cookies') return (x) => cookieValue(x.head.fields, rest);
  return family === 'request_data' ? (x) => parameterValue(x, rest) : undefined;
}

const SIMPLE: Readonly<Record<string, ContextValue>> = {
  path: fullPathOf,
  path_parts: (x) =>
    fullPathOf(x)
      .split('/')
      .filter((part) => part !== '')
      .join(','),
  remote_addr: (x) => x.clientIp,
  request_id: requestId,
  token: (x) => x.identity?.token ?? '',
  request_data: allParameters,
};

/** Made at the first use and the same for the rest of the request. */
function requestId(x: Exchange): string {
  const id = randomUUID();
  x.context?.set('request_id', id);
  return id;
}

/** First value of a field by its canonical name with `_` for `-`; other spellings of the name find nothing. */
function headerValue(x: Exchange, name: string): string {
  if (name === 'Host') return x.head.authority;
  const { fields } = x.head;
  for (let at = 0; at < fields.length; at += 2) {
    const field = fields[at] ?? '';
    if (field.length === name.length && canonicalName(field).replaceAll('-', '_') === name) return fields[at + 1] ?? '';
  }
  return '';
}

/** A field name as Go writes it: each part between hyphens begins with a capital, the rest is small. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}

function cookieValue(fields: Fields, name: string): string {
  for (const line of getFields(fields, 'cookie')) {
    for (const pair of line.split(';')) {
      const equals = pair.indexOf('=');
      if (equals >= 0 && pair.slice(0, equals).trim().replaceAll('-', '_') === name) return unquote(pair.slice(equals + 1).trim());
    }
  }
  return '';
}

const unquote = (value: string): string => (value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value);

function parameterValue(x: Exchange, name: string): string {
  for (const [key, values] of parametersOf(x)) if (key.replaceAll('-', '_') === name) return values[0] ?? '';
  return '';
}

function allParameters(x: Exchange): string {
  return [...parametersOf(x)].map(([key, values]) => `${key}:${values.join(',')}`).join(';');
}

/** Fields of a form in the body, where it was read, before those of the query. */
function parametersOf(x: Exchange): Map<string, string[]> {
  if (x.body === undefined || !isForm(x)) return parseQuery(x.query);
  const all = parseQuery(x.body.toString('utf8'));
  for (const [key, values] of parseQuery(x.query)) all.set(key, [...(all.get(key) ?? []), ...values]);
  return all;
}

export function isForm(x: Exchange): boolean {
  return getField(x.head.fields, 'content-type')?.toLowerCase().startsWith('application/x-www-form-urlencoded') === true;
}

/** Puts the state of a limit where `$tyk_context.<prefix>_limit`, `_remaining` and `_reset` find it. */
export function keepLimit(x: Exchange, prefix: 'quota' | 'rate_limit', state: LimitFields): void {
  x.context?.set(`${prefix}_limit`, String(state.limit)).set(`${prefix}_remaining`, String(state.remaining)).set(`${prefix}_reset`, String(state.reset));
}
