import { readFileSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import type { Environment } from './environment.ts';
import type { Field, FieldTable, TextMap } from './field.ts';

/** What value references in the configuration itself are resolved with. */
interface ReferenceSources {
  readonly env: Environment;
  readonly secrets: TextMap;
  /** `kv.file.base_path`; empty allows no file. */
  readonly basePath: string;
}

type Values = Readonly<Record<string, unknown>>;

/** Replaces references in all settings that may hold a secret. What cannot be resolved stays as it stands. */
export function resolveReferences(table: FieldTable, values: Values, sources: ReferenceSources): Values {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const field = table[key];
      return [key, field === undefined ? value : resolveField(field, value, sources)];
    }),
  );
}

function resolveField(field: Field, value: unknown, sources: ReferenceSources): unknown {
  if (field.kind === 'section') return resolveReferences(field.fields, value as Values, sources);
  return field.kind === 'text' && field.secret === true && typeof value === 'string' ? resolveReference(value, sources) : value;
}

/**
 * One reference (spec/gateway/tls.md §7): `env://NAME` reads the variable TYK_SECRET_NAME, `secrets://key` the map of the
 * configuration, `file://name` a file below the base folder without its last line ends.
 */
function resolveReference(value: string, sources: ReferenceSources): string {
  const [, scheme, name] = /^(env|secrets|file):\/\/(.+)$/.exec(value) ?? [];
  if (scheme === undefined || name === undefined) return value;
  if (scheme === 'env') return sources.env[`TYK_SECRET_${name.toUpperCase()}`] ?? value;
  if (scheme === 'secrets') return sources.secrets[name] ?? value;
  return readSecretFile(name, sources.basePath) ?? value;
}

function readSecretFile(name: string, basePath: string): string | undefined {
  const inside = normalize(name);
  if (!isAbsolute(basePath) || isAbsolute(inside) || inside.startsWith('..')) return undefined;
  try {
    return readFileSync(join(basePath, inside), 'utf8').replace(/[\r\n]+$/, '');
  } catch {
    return undefined;
  }
}
