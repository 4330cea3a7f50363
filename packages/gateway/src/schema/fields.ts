/**
 * The kit that middlewares describe their sections with: what a field holds, what it means, what it is without one. Forms, reference pages
 * and checks are made from these descriptions, so they say everything a user has to know. Runs everywhere.
 */

interface Description {
  /** One or two sentences. */
  readonly description: string;
  /** Value where none is given. */
  readonly initial?: unknown;
  readonly example?: unknown;
  /** `bytes`, `ms`, `s`, … */
  readonly unit?: string;
}

export interface SimpleField extends Description {
  /** `regex`: RE2 syntax. `template`: text with `$tyk_…` and `$secret_…` variables. `address`: an IP address or a network in CIDR form. */
  readonly kind: 'text' | 'flag' | 'integer' | 'number' | 'regex' | 'template' | 'fieldName' | 'method' | 'path' | 'address' | 'date';
}

export interface ChoiceField extends Description {
  readonly kind: 'choice';
  readonly values: readonly string[];
}

export interface ListField extends Description {
  readonly kind: 'list' | 'map';
  readonly of: AnyField;
}

export interface GroupField extends Description {
  readonly kind: 'group';
  readonly fields: Readonly<Record<string, AnyField>>;
}

export type AnyField = SimpleField | ChoiceField | ListField | GroupField;

/** Describes a value of type `Value`; the type alone keeps descriptions and configurations together. */
export type Field<Value> = AnyField & { readonly holds?: (value: Value) => void };

/** A section: one field for each of the configuration's. */
export type Section<Config> = { readonly [Name in keyof Config]-?: Field<NonNullable<Config[Name]>> };

type Options = Omit<Description, 'description'>;

const simple =
  <Value>(kind: SimpleField['kind']) =>
  (description: string, options: Options = {}): Field<Value> => ({ kind, description, ...options });

type Make<Value> = (description: string, options?: Options) => Field<Value>;

export const text: Make<string> = simple('text');
export const flag: Make<boolean> = simple('flag');
export const integer: Make<number> = simple('integer');
export const number: Make<number> = simple('number');
export const regex: Make<string> = simple('regex');
export const template: Make<string> = simple('template');
export const fieldName: Make<string> = simple('fieldName');
export const method: Make<string> = simple('method');
const path: Make<string> = simple('path');
export const address: Make<string> = simple('address');
export const date: Make<string> = simple('date');

export function choice<Value extends string>(values: readonly Value[], description: string, options: Options = {}): Field<Value> {
  return { kind: 'choice', values, description, ...options };
}

export function list<Value>(of: Field<Value>, description: string, options: Options = {}): Field<readonly Value[]> {
  return { kind: 'list', of, description, ...options };
}

/** Names that the user chooses, each with a value. */
export function map<Value>(of: Field<Value>, description: string, options: Options = {}): Field<Readonly<Record<string, Value>>> {
  return { kind: 'map', of, description, ...options };
}

export function group<Value>(fields: Section<Value>, description: string, options: Options = {}): Field<Value> {
  return { kind: 'group', fields, description, ...options };
}

/** What every entry of an endpoint list begins with. */
export interface EndpointConfig {
  readonly path: string;
  readonly method: string;
  readonly ignoreCase: boolean;
}

export const endpoint: Section<EndpointConfig> = {
  path: path('Path relative to the listen path; `{name}` is one segment, `*` a wildcard', { example: '/users/{id}' }),
  method: method('Method of the request; in the lists of allowed, blocked and ignored endpoints nothing means every method', { example: 'GET' }),
  ignoreCase: flag('Upper and lower case are the same in the path', { initial: false }),
};
