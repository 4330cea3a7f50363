import { pointer, type Problem } from '../schema/problem.ts';

/** Where references lead. Each answers `undefined` for a name that it does not have. */
export interface ReferenceSources {
  /** A variable of the process's environment. */
  env(name: string): string | undefined;
  /** The configuration's `secrets` map. */
  readonly secrets: Readonly<Record<string, string>>;
  /** A file below the configuration's `kv.file.base_path`, without its trailing line ends; the source refuses names that lead out of it. */
  file(name: string): string | undefined;
}

export interface ResolvedText {
  readonly text: string;
  /** References that lead nowhere; they stay in the text as they are. */
  readonly problems: Problem[];
}

const ANY_REFERENCE = /(?:env|secrets|file|consul|vault|kv):\/\/|\$kv\{/;

/**
 * Replaces the value references in the text of a definition, in any string and in object keys, before it is read (spec/gateway/tls.md §7). A value may
 * hold any character: it is put into the parsed string, so it cannot change the document's structure. What is put in is not searched again.
 * `$secret_…` and `$tyk_…` are variables of the request and stay.
 */
export function resolveReferences(text: string, sources: ReferenceSources): ResolvedText {
  if (!ANY_REFERENCE.test(text)) return { text, problems: [] };
  const json = parse(text);
  if (json === undefined) return { text, problems: [] };
  const walk: Walk = { sources, problems: [], changed: false };
  const resolved = resolveValue(json, '', walk);
  return { text: walk.changed ? JSON.stringify(resolved) : text, problems: walk.problems };
}

/** Undefined for broken JSON, which is reported by who reads the text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

interface Walk {
  readonly sources: ReferenceSources;
  readonly problems: Problem[];
  changed: boolean;
}

function resolveValue(json: unknown, at: string, walk: Walk): unknown {
  if (typeof json === 'string') return resolveString(json, at, walk);
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((item, index) => resolveValue(item, pointer(at, index), walk));
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [resolveString(key, at, walk), resolveValue(item, pointer(at, key), walk)]));
}

function resolveString(given: string, at: string, walk: Walk): string {
  if (!ANY_REFERENCE.test(given)) return given;
  const resolved = resolveToEnd(given, at, walk) ?? resolveSecrets(given, at, walk);
  if (resolved !== given) walk.changed = true;
  return resolved;
}

/** `env://` and `file://`: the name is all that follows up to the end of the string. */
function resolveToEnd(given: string, at: string, walk: Walk): string | undefined {
  const found = /(env|file):\/\//.exec(given);
  if (found === null) return undefined;
  const name = given.slice(found.index + found[0].length);
  const value = found[1] === 'file' ? walk.sources.file(name) : (walk.sources.env(name) ?? fallback(given, name, at, walk.sources));
  if (value !== undefined) return resolveSecrets(given.slice(0, found.index), at, walk) + value;
  report(given.slice(found.index), at, walk);
  return undefined;
}

/** A target that is one reference as a whole is read from `TYK_SECRET_<NAME>` too. */
function fallback(given: string, name: string, at: string, sources: ReferenceSources): string | undefined {
  const isTarget = at.endsWith('/proxy/target_url') || at.endsWith('/upstream/url');
  return isTarget && given.startsWith('env://') ? sources.env(`TYK_SECRET_${name.toUpperCase()}`) : undefined;
}

/** `secrets://key` is replaced wherever it stands; the longest key that fits is meant. */
function resolveSecrets(given: string, at: string, walk: Walk): string {
  const [before = '', ...parts] = given.split('secrets://');
  reportRemote(given, at, walk);
  return parts.reduce((text, part) => text + secretAt(part, at, walk), before);
}

function secretAt(part: string, at: string, walk: Walk): string {
  const fitting = Object.keys(walk.sources.secrets).filter((key) => key !== '' && part.startsWith(key));
  const key = fitting.reduce((longest, next) => (next.length > longest.length ? next : longest), '');
  const value = walk.sources.secrets[key];
  if (key !== '' && value !== undefined) return value + part.slice(key.length);
  report(`secrets://${/^[\w.-]*/.exec(part)?.[0] ?? ''}`, at, walk);
  return `secrets://${part}`;
}

function reportRemote(given: string, at: string, walk: Walk): void {
  for (const [reference] of given.matchAll(/(?:consul|vault|kv):\/\/[^\s"]*|\$kv\{[^}]*\}/g)) report(reference, at, walk);
}

const REMEDIES: Readonly<Record<string, string>> = {
  env: 'set the variable in the environment of the gateway',
  secrets: 'add the key to "secrets" in the configuration',
  file: 'put the file below "kv.file.base_path" of the configuration',
};

function report(reference: string, path: string, walk: Walk): void {
  const hint = REMEDIES[reference.slice(0, reference.indexOf(':'))] ?? 'use env://, secrets:// or file://; this store is not connected';
  walk.problems.push({ code: 'reference.unresolved', path, message: `"${reference}" leads nowhere and stays as it is`, hint });
}
