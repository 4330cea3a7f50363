/**
 * Paths as Go's net/url understands them (spec/gateway/request-chain.md §2): matching works on the decoded path, the upstream gets
 * the client's own spelling as far as it still means the same.
 */

export interface RequestTarget {
  /** Percent-decoded path. */
  path: string;
  /** Path as received. */
  rawPath: string;
  /** Without `?`; `''` when there is none. */
  query: string;
}

/** Splits an origin-form or absolute-form target. Undefined: not a target that can be routed (no leading slash, broken escape). */
export function parseTarget(target: string): RequestTarget | undefined {
  const origin = target.charCodeAt(0) === SLASH ? target : originForm(target);
  if (origin === undefined) return undefined;
  const mark = origin.indexOf('?');
  const rawPath = mark < 0 ? origin : origin.slice(0, mark);
  const path = decodePath(rawPath);
  return path === undefined ? undefined : { path, rawPath, query: mark < 0 ? '' : origin.slice(mark + 1) };
}

const SLASH = 0x2f;

function originForm(target: string): string | undefined {
  const scheme = /^https?:\/\/[^/?]*/i.exec(target);
  if (!scheme) return undefined;
  const rest = target.slice(scheme[0].length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Decodes percent escapes; bytes that are no UTF-8 become U+FFFD. Undefined where an escape is broken. */
export function decodePath(raw: string): string | undefined {
  if (!raw.includes('%')) return raw;
  if (/%(?![0-9a-fA-F]{2})/.test(raw)) return undefined;
  try {
    return decodeURIComponent(raw);
  } catch {
    return Buffer.from(
      raw.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    ).toString('utf8');
  }
}

/** Escapes a decoded path the way Go does: everything but letters, digits and `-_.~$&+,/:;=@`. */
export function encodePath(path: string): string {
  if (!NEEDS_ESCAPE.test(path)) return path;
  return encodeURI(toWellFormed(path))
    .replace(/[!'()*?#]/g, percent)
    .replace(/%5B|%5D/gi, (s) => s.toUpperCase());
}

const NEEDS_ESCAPE = /[^A-Za-z0-9\-_.~$&+,/:;=@]/;
const percent = (c: string): string => `%${c.charCodeAt(0).toString(16).toUpperCase()}`;
const toWellFormed = (s: string): string => s.toWellFormed();

/**
 * The spelling of `path` to send: the client's (`raw`) where it holds escapes and still decodes to `path`, Go's own otherwise.
 */
export function spellPath(path: string, raw: string): string {
  return raw.includes('%') && decodePath(raw) === path ? raw : encodePath(path);
}

/** True where a path has to be cleaned before routing: empty segments, `.` or `..`. */
export function isUnclean(path: string): boolean {
  return path.includes('//') || (path.includes('/.') && /\/\.\.?(?:\/|$)/.test(path));
}

/** Go's path.Clean with the trailing slash kept. */
export function cleanPath(path: string): string {
  const out: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') out.pop();
    else if (segment !== '' && segment !== '.') out.push(segment);
  }
  const cleaned = `/${out.join('/')}`;
  return path.endsWith('/') && cleaned !== '/' ? `${cleaned}/` : cleaned;
}
