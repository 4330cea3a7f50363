/** Query strings as Go's net/url reads and writes them: pairs by `&`, `+` is a blank, pairs with a broken escape or a `;` are dropped. */

/** Values of each name, in their order. */
export function parseQuery(query: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    const decoded = decodePair(pair);
    if (decoded === undefined) continue;
    const [name, value] = decoded;
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return values;
}

function decodePair(pair: string): readonly [string, string] | undefined {
  if (pair === '' || pair.includes(';')) return undefined;
  const equals = pair.indexOf('=');
  const name = unescapeQuery(equals < 0 ? pair : pair.slice(0, equals));
  const value = unescapeQuery(equals < 0 ? '' : pair.slice(equals + 1));
  return name === undefined || value === undefined ? undefined : [name, value];
}

/** Undefined where an escape is broken. */
export function unescapeQuery(text: string): string | undefined {
  const blanks = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!blanks.includes('%')) return blanks;
  if (/%(?![0-9A-Fa-f]{2})/.test(blanks)) return undefined;
  const bytes = Buffer.from(blanks, 'utf8')
    .toString('latin1')
    .replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** First value of a name, `''` where it has none. The text is looked at first, so that most requests parse nothing. */
export function queryValue(query: string, name: string): string {
  if (query === '' || (!query.includes(name) && !query.includes('%') && !query.includes('+'))) return '';
  return parseQuery(query).get(name)?.[0] ?? '';
}

/** The query without a name, written anew: names in alphabetical order, values escaped (`url.Values.Encode`). Unchanged where the name is not in it. */
export function withoutParameter(query: string, name: string): string {
  const values = parseQuery(query);
  return values.delete(name) ? encodeQuery(values) : query;
}

function encodeQuery(values: ReadonlyMap<string, readonly string[]>): string {
  const names = [...values.keys()].sort();
  return names.flatMap((name) => (values.get(name) ?? []).map((value) => `${escapeQuery(name)}=${escapeQuery(value)}`)).join('&');
}

/** Go's `url.QueryEscape`: everything but letters, digits and `-_.~`; a blank is `+`. */
export function escapeQuery(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text;
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
