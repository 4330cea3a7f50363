import { type EnvironmentEntry, environmentEntries } from '../config/environment.ts';
import type { Field, FieldTable } from '../config/field.ts';
import { CONFIG_TABLE } from '../config/table.ts';
import { json, notFound, refusal } from './answers.ts';
import type { AdminAnswer, AdminContext, AdminRequest } from './context.ts';
import { A } from './errors.ts';
import { sameSecret, SECRET_HEADER } from './secret.ts';

const MASK = '*REDACTED*';
const TABLE: FieldTable = CONFIG_TABLE;

interface Shown {
  readonly config_field: string;
  readonly env: string;
  /** As an environment variable would have it. */
  readonly value: string;
  readonly obfuscated: boolean;
}

/**
 * `/config` and `/env`: the configuration as it is in force, where `enable_config_inspection` is on (spec/control/gateway-api.md §12). Secrets are
 * masked, and so is every value of free form, which may hold one. Undefined for every other path.
 */
export function answerInspection(context: AdminContext, request: AdminRequest): AdminAnswer | undefined {
  const { enable_config_inspection: isOn, control_api_hostname: host, secret } = context.config;
  if (request.path !== '/config' && request.path !== '/env') return undefined;
  if (!isOn || (host !== '' && host.toLowerCase() !== request.host)) return notFound();
  if (!sameSecret(request.headers.get(SECRET_HEADER), secret)) return refusal(A.SECRET_WRONG);
  if (request.method !== 'GET') return refusal(A.METHOD_NOT_SUPPORTED);
  return request.path === '/config' ? config(context, request.query.get('field')) : environment(context, request.query.get('env'));
}

function config(context: AdminContext, field: string | null): AdminAnswer {
  if (field === null) return json(200, masked({ kind: 'section', about: '', fields: TABLE }, context.config));
  const found = settings(context).find((one) => one.config_field === field);
  return found === undefined ? json(404, { error: 'field not found' }) : json(200, found);
}

function environment(context: AdminContext, variable: string | null): AdminAnswer {
  const all = settings(context);
  if (variable === null) return json(200, all);
  const found = all.find((one) => one.env === variable);
  return found === undefined ? json(404, { error: 'environment variable not found' }) : json(200, found);
}

function settings(context: AdminContext): Shown[] {
  return environmentEntries(TABLE).map((entry) => shown(entry, context.config));
}

function shown({ name, keys, field }: EnvironmentEntry, values: object): Shown {
  const value = keys.reduce<unknown>((inner, key) => (inner as Readonly<Record<string, unknown>>)[key], values);
  return { config_field: keys.join('.'), env: `TYK_GW_${name}`, value: asText(masked(field, value)), obfuscated: isHidden(field) };
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const isHidden = (field: Field): boolean => field.kind === 'any' || field.kind === 'map' || (field.kind !== 'section' && field.secret === true);

function masked(field: Field, value: unknown): unknown {
  if (isHidden(field)) return MASK;
  if (field.kind === 'items') return (value as unknown[]).map((item) => maskedFields(field.fields, item));
  return field.kind === 'section' ? maskedFields(field.fields, value) : value;
}

function maskedFields(table: FieldTable, values: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(table).map(([key, field]) => [key, masked(field, (values as Readonly<Record<string, unknown>>)[key])]));
}
