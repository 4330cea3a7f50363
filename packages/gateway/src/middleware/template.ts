import { readFileSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { Exchange } from '../contract/exchange.ts';
import type { GatewayConfig } from '../config/types.ts';
import { escapeQuery } from '../routing/query.ts';
import { compileContextValue } from './context-values.ts';
import { stringify } from './stringify.ts';

/** A text of a definition with its variables, ready to be filled in for each request. */
export type Template = (x: Exchange) => string;

/** Names of secrets in files and stores may hold slashes, others not. */
const VARIABLE = /\$(?:(tyk_context|tyk_meta|secret_conf|secret_env)\.([\w.-]+)|(secret_file|secret_consul|secret_vault)\.([\w./-]+))/g;

export interface TemplateOptions {
  /** Query-escapes values of requests and keys, unless they begin with `http` (URL rewriting). */
  readonly escape: boolean;
}

type Part = string | Template;

/**
 * Compiles a text with `$tyk_context.…`, `$tyk_meta.…` and `$secret_….…` (spec/gateway/transforms-and-plugins.md §1). Names are read as far as
 * they go, unknown ones become empty; secrets are read once, now. What is filled in is never searched for variables again.
 */
export function compileTemplate(text: string, config: Pick<GatewayConfig, 'secrets' | 'kv'>, options: TemplateOptions = { escape: false }): Template {
  const parts = partsOf(text, config, options);
  const [only = '', ...more] = parts;
  if (more.length === 0) return typeof only === 'string' ? () => only : only;
  return (x) => parts.map((part) => (typeof part === 'string' ? part : part(x))).join('');
}

function partsOf(text: string, config: Pick<GatewayConfig, 'secrets' | 'kv'>, options: TemplateOptions): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(VARIABLE)) {
    parts.push(text.slice(from, match.index), partFor(match[1] ?? match[3] ?? '', match[2] ?? match[4] ?? '', config, options));
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return joinTexts(parts);
}

function joinTexts(parts: readonly Part[]): readonly Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part;
    else if (part !== '' || joined.length === 0) joined.push(part);
  }
  return joined.length > 1 && joined[0] === '' ? joined.slice(1) : joined;
}

function partFor(kind: string, name: string, config: Pick<GatewayConfig, 'secrets' | 'kv'>, { escape }: TemplateOptions): Part {
  switch (kind) {
    case 'tyk_context':
      return escaping(compileContextValue(name), escape);
    case 'tyk_meta':
      return escaping((x) => stringify(x.identity?.metaData[name]), escape);
    case 'secret_conf':
      return config.secrets[name] ?? '';
    case 'secret_env':
      return process.env[`TYK_SECRET_${name.toUpperCase()}`] ?? '';
    case 'secret_file':
      return secretFile(config.kv.file.base_path, name);
    default:
      return '';
  }
}

function escaping(value: Template, escape: boolean): Template {
  if (!escape) return value;
  return (x) => {
    const text = value(x);
    return text.startsWith('http') ? text : escapeQuery(text);
  };
}

/** Content of a file below `kv.file.base_path`, without the line break at its end; empty where there is none or the name leads out of the folder. */
function secretFile(folder: string, name: string): string {
  const path = resolve(folder, name);
  if (folder === '' || !path.startsWith(resolve(folder) + sep)) return '';
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch {
    return '';
  }
}
