export type JsonType = 'string' | 'boolean' | 'integer' | 'number' | 'object' | 'array' | 'null';

/** The part of JSON Schema that our schemas use. References between schemas are functions, so that a schema may hold itself. */
export interface Schema {
  readonly type?: JsonType | readonly JsonType[];
  readonly required?: readonly string[];
  /** Like `required`, but an absent property is told as `null` of the wrong kind: so says Tyk, which fills these in before it looks. */
  readonly mustBe?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaReference>>;
  /** Properties whose name fits the expression. */
  readonly named?: readonly (readonly [name: RegExp, schema: SchemaReference])[];
  /** False forbids, a schema describes the properties that the others leave. */
  readonly others?: SchemaReference | false;
  readonly items?: SchemaReference;
  readonly unique?: boolean;
  readonly minItems?: number;
  readonly minProperties?: number;
  readonly oneOf?: readonly string[];
  readonly pattern?: RegExp;
  /** The text must not fit. */
  readonly except?: RegExp;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly SchemaReference[];
  /** Chooses the schema that counts beside this one by the value itself. */
  readonly also?: (value: Readonly<Record<string, unknown>>) => SchemaReference | undefined;
}

export type SchemaReference = Schema | (() => Schema);

type Properties = Readonly<Record<string, SchemaReference>>;

export const string: Schema = { type: 'string' };
export const boolean: Schema = { type: 'boolean' };
export const integer: Schema = { type: 'integer' };
export const number: Schema = { type: 'number' };
export const anyObject: Schema = { type: 'object' };
export const natural: Schema = { type: 'integer', minimum: 0 };
/** Holds at least one character that is no space. */
export const filled: Schema = { type: 'string', pattern: /\S+/ };
export const choice = (...oneOf: readonly string[]): Schema => ({ type: 'string', oneOf });
export const array = (items: SchemaReference): Schema => ({ type: 'array', items });
export const strings: Schema = array(string);
export const record = (others: SchemaReference): Schema => ({ type: 'object', others });
export const object = (properties: Properties, required: readonly string[] = []): Schema => ({ type: 'object', properties, required });
/** A block with the switch that nearly every one must have. */
export const block = (properties: Properties = {}, required: readonly string[] = []): Schema =>
  object({ enabled: boolean, ...properties }, ['enabled', ...required]);
/** `1h2m3s`, in whole units and this order. */
export const period: Schema = { type: 'string', pattern: /^(\d+h)?(\d+m)?(\d+s)?$/ };
/** The same, and not zero. */
export const somePeriod: Schema = { ...period, except: /^(0h)?(0m)?(0s)?$/ };
