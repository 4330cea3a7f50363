import { readFileSync } from 'node:fs';
import type { Problem } from '../schema/problem.ts';
import { type DefaultMode, defaultsOf } from './defaults.ts';
import { type Environment, environmentEntries, type EnvironmentValue, parseBoolean, readEnvironment } from './environment.ts';
import type { FieldTable } from './field.ts';
import { parseConfig } from './parse.ts';
import { readField, type Reading, readTable } from './read.ts';
import { resolveReferences } from './references.ts';
import { newReport, type Report } from './report.ts';
import { CONFIG_TABLE } from './table.ts';
import type { GatewayConfig } from './types.ts';

export interface ConfigOptions {
  /** Candidates; the first that exists is read. */
  readonly files?: readonly string[];
  /** The user named these files: it is an error when none exists. */
  readonly required?: boolean;
  readonly env?: Environment;
  /** Values of what nobody set; without it `initial` where there is no file, else `zero`. */
  readonly defaults?: DefaultMode;
  /** Unknown keys are warnings instead of errors. */
  readonly compat?: boolean;
}

export interface LoadedConfig {
  readonly config: GatewayConfig;
  /** What forbids a start. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** JSON pointer of each setting that is set → the file or variable that set it last. */
  readonly sources: ReadonlyMap<string, string>;
  /** The file that was read. */
  readonly file: string | undefined;
}

type Values = Readonly<Record<string, unknown>>;

const TABLE: FieldTable = CONFIG_TABLE;

/**
 * Reads the gateway configuration: defaults, then one file, then `TYK_GW_*`, then `GATEHOUSE_*`
 * (spec/gateway/defaults-and-config.md). Never throws for what a user wrote; the configuration that comes with problems holds
 * the defaults at their places.
 */
export function loadConfig(options: ConfigOptions = {}): LoadedConfig {
  const { env = {}, compat = false } = options;
  const report = newReport(compat);
  const sources = new Map<string, string>();
  const omit = parseBoolean(env['TYK_GW_OMITCONFIGFILE'] ?? env['GATEHOUSE_OMITCONFIGFILE'] ?? '') === true;
  const found = omit ? undefined : readFirst(options, report);
  const given = found === undefined ? {} : parseConfig(found.text, found.file, report);
  let values: Values = { ...defaultsOf(options.defaults ?? (found === undefined && !omit ? 'initial' : 'zero')) };
  values = readTable(TABLE, values, given, '', { report, set: (place) => sources.set(place, found?.file ?? '') });
  for (const entry of readEnvironment(env, environmentEntries(TABLE), report)) {
    values = setValue(TABLE, values, entry, '', { report, set: (place) => sources.set(place, entry.variable) });
  }
  const config = resolveReferences(TABLE, values, referenceSources(values, env)) as unknown as GatewayConfig;
  return { config, problems: report.errors, warnings: report.warnings, sources, file: found?.file };
}

/** Lays the value of one variable over the configuration, at the place that its keys name. */
function setValue(table: FieldTable, values: Values, entry: EnvironmentValue, place: string, reading: Reading): Values {
  const [key = '', ...rest] = entry.keys;
  const here = `${place}/${key}`;
  const field = table[key];
  if (field?.kind === 'section' && rest.length > 0) {
    return { ...values, [key]: setValue(field.fields, values[key] as Values, { ...entry, keys: rest }, here, reading) };
  }
  return { ...values, [key]: readField(entry.field, values[key], entry.value, here, reading) };
}

function referenceSources(values: Values, env: Environment): Parameters<typeof resolveReferences>[2] {
  const { secrets, kv } = values as unknown as GatewayConfig;
  return { env, secrets, basePath: kv.file.base_path };
}

interface Found {
  readonly file: string;
  readonly text: string;
}

function readFirst(options: ConfigOptions, report: Report): Found | undefined {
  const { files = [], required = false } = options;
  for (const file of files) {
    try {
      return { file, text: readFileSync(file, 'utf8') };
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') {
        report.errors.push({
          code: 'config.unreadable',
          path: '',
          message: `${file} cannot be read: ${codeOf(error)}`,
          hint: 'check the path and its permissions',
        });
        return undefined;
      }
    }
  }
  if (required)
    report.errors.push({ code: 'config.not_found', path: '', message: `no configuration file ${files.join(', ')}`, hint: 'check the path after --conf' });
  return undefined;
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : String(error));
