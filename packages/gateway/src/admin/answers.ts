import type { AdminAnswer } from './context.ts';
import type { AdminError } from './errors.ts';

type Fields = AdminAnswer['headers'];

const TEXT = ['Content-Type', 'text/plain; charset=utf-8'] as const;

/** JSON as Go's encoder writes it: no spaces, characters that HTML gives a meaning to are escaped, a line feed at the end. */
export function goJson(value: unknown): string {
  return `${JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, escape)}\n`;
}

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

export function json(status: number, value: unknown, fields: Fields = []): AdminAnswer {
  return { status, headers: [['Content-Type', 'application/json'], ...fields], body: goJson(value) };
}

export function refusal(error: AdminError, detail = ''): AdminAnswer {
  // A function as replacement: a detail may hold `$&`.
  return json(error.status, { status: 'error', message: error.text.replace('%s', () => detail) });
}

/** Answer of calls that change nothing that has an id. */
export function ok(message = ''): AdminAnswer {
  return json(200, { status: 'ok', message });
}

/** Answer of every change. */
export function changed(key: string, action: 'added' | 'modified' | 'deleted' | 'updated', keyHash?: string): AdminAnswer {
  return json(200, { key, status: 'ok', action, ...(keyHash === undefined ? {} : { key_hash: keyHash }) });
}

/** What Go's router answers below `/tyk/`. */
export function pageNotFound(): AdminAnswer {
  return { status: 404, headers: [TEXT, ['X-Content-Type-Options', 'nosniff']], body: '404 page not found\n' };
}

/** What the gateway answers on any other path that leads nowhere. */
export function notFound(): AdminAnswer {
  return { status: 404, headers: [TEXT], body: 'Not Found' };
}

/** A JSON document to be saved under a name. */
export function attachment(filename: string, value: unknown): AdminAnswer {
  const fields: Fields = [
    ['Content-Type', 'application/octet-stream'],
    ['Content-Disposition', `attachment;filename="${filename}"`],
  ];
  return { status: 200, headers: fields, body: goJson(value) };
}
