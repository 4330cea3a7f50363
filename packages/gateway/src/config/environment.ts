import { parseDuration } from '../definition/go-json.ts';
import { nearestName } from '../definition/go-json/nearest.ts';
import type { Field, FieldTable } from './field.ts';
import type { Report } from './report.ts';

/** A setting that one environment variable sets. */
export interface EnvironmentEntry {
  /** Name without prefix: `HTTPSERVEROPTIONS_USESSL`. */
  readonly name: string;
  /** Keys from the top of the configuration. */
  readonly keys: readonly string[];
  readonly field: Field;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Later prefixes win. */
const PREFIXES: readonly string[] = ['TYK_GW_', 'GATEHOUSE_'];

/** Names with a meaning that is no setting of the table. */
const OTHERS: ReadonlySet<string> = new Set(['OMITCONFIGFILE', 'LICENSEKEY']);

/** What Kubernetes sets for a service that happens to be called `tyk-gw` or `gatehouse`. */
const SERVICE_LINK = /(^|_)(SERVICE_(HOST|PORT)|PORT)(_|$)/;

/** All environment names of a table: the Go field names of the path, each the key without underscores unless the table says another. */
export function environmentEntries(table: FieldTable, prefix = '', above: readonly string[] = []): readonly EnvironmentEntry[] {
  return Object.entries(table).flatMap(([key, field]) => {
    const name = prefix + (field.env ?? key.replaceAll('_', '').toUpperCase());
    const keys = [...above, key];
    return field.kind === 'section' && field.json !== true ? environmentEntries(field.fields, `${name}_`, keys) : [{ name, keys, field }];
  });
}

export interface EnvironmentValue extends EnvironmentEntry {
  /** Full name of the variable. */
  readonly variable: string;
  readonly value: unknown;
}

/** The settings that the environment holds, as values of the field's kind. */
export function readEnvironment(env: Environment, entries: readonly EnvironmentEntry[], report: Report): readonly EnvironmentValue[] {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  return PREFIXES.flatMap((prefix) =>
    Object.entries(env).flatMap(([variable, given]) => {
      if (given === undefined || !variable.startsWith(prefix)) return [];
      const entry = byName.get(variable.slice(prefix.length));
      if (entry === undefined) warnUnknown(variable, prefix, byName, report);
      return entry === undefined ? [] : readVariable(variable, given, entry, report);
    }),
  );
}

function warnUnknown(variable: string, prefix: string, byName: ReadonlyMap<string, EnvironmentEntry>, report: Report): void {
  const name = variable.slice(prefix.length);
  if (OTHERS.has(name) || SERVICE_LINK.test(name)) return;
  const nearest = nearestName(name, byName.keys());
  const hint = nearest === undefined ? 'it has no effect' : `did you mean ${prefix}${nearest}?`;
  report.warnings.push({ code: 'config.unknown_variable', path: variable, message: `unknown environment variable ${variable}`, hint });
}

function readVariable(variable: string, given: string, entry: EnvironmentEntry, report: Report): readonly EnvironmentValue[] {
  const value = PARSERS[entry.field.kind](given);
  if (value !== undefined) return [{ ...entry, variable, value }];
  const message = `${variable} must be ${WANTED[entry.field.kind]}, not ${JSON.stringify(given.slice(0, 40))}`;
  report.errors.push({ code: 'config.wrong_variable', path: variable, message, hint: 'correct the variable, or unset it' });
  return [];
}

const WANTED: Readonly<Record<Field['kind'], string>> = {
  boolean: 'true or false',
  integer: 'a whole number',
  decimal: 'a number',
  duration: 'a duration such as 10s',
  text: 'a text',
  texts: 'texts with commas between',
  integers: 'whole numbers with commas between',
  map: 'name:value pairs with commas between',
  any: 'a JSON object',
  items: 'a JSON list',
  section: 'a JSON object',
};

const BOOLEANS: Readonly<Record<string, boolean>> = {
  1: true,
  t: true,
  T: true,
  true: true,
  TRUE: true,
  True: true,
  0: false,
  f: false,
  F: false,
  false: false,
  FALSE: false,
  False: false,
};

/** A boolean as Go's `strconv.ParseBool` reads it; undefined for anything else. */
export const parseBoolean = (text: string): boolean | undefined => (Object.hasOwn(BOOLEANS, text) ? BOOLEANS[text] : undefined);

const parts = (text: string): readonly string[] => (text === '' ? [] : text.split(',').map((part) => part.trim()));

const integer = (text: string): number | undefined => (/^[-+]?\d+$/.test(text) ? Number(text) : undefined);

/** A value of each kind from the text of a variable; undefined where the text cannot be one. */
const PARSERS: Readonly<Record<Field['kind'], (text: string) => unknown>> = {
  text: (text) => text,
  boolean: parseBoolean,
  integer,
  decimal: (text) => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined),
  duration: parseDuration,
  texts: parts,
  integers: (text) => (parts(text).every((part) => integer(part) !== undefined) ? parts(text).map(Number) : undefined),
  map: parseMap,
  any: parseJson,
  items: parseJson,
  section: parseJson,
};

function parseMap(text: string): Readonly<Record<string, string>> | undefined {
  const pairs = parts(text).map((part) => [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)] as const);
  return parts(text).every((part) => part.includes(':')) ? Object.fromEntries(pairs) : undefined;
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
