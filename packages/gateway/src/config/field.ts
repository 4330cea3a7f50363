/** Values of any shape under any name, for parts whose names the user chooses. */
export type AnyMap = Readonly<Record<string, unknown>>;
export type TextMap = Readonly<Record<string, string>>;

/** What every setting says about itself, whatever its kind. */
export interface FieldOptions<Value> {
  /** Value where there is no configuration file at all. Otherwise an absent key has the zero value of its kind. */
  readonly initial?: Value;
  /** What is used instead of the zero value. */
  readonly zero?: Value;
  /** Value of `gatehouse up`. */
  readonly product?: Value;
  /** Segment of the environment name, where it is not the key without its underscores. */
  readonly env?: string;
  /** The allowed values; empty text is always one of them. */
  readonly oneOf?: readonly string[];
  /** The value may be a reference such as `env://NAME`, and is never printed. */
  readonly secret?: boolean;
  /** Taken without any effect. */
  readonly unused?: boolean;
}

interface FieldOf<Kind extends string, Value> extends FieldOptions<Value> {
  readonly kind: Kind;
  /** One or two sentences: what it does, with its unit. */
  readonly about: string;
}

export type BooleanField = FieldOf<'boolean', boolean>;
export type IntegerField = FieldOf<'integer', number>;
export type DecimalField = FieldOf<'decimal', number>;
/** Whole seconds in memory; nanoseconds in a file, a text such as `10s` in the environment. */
export type DurationField = FieldOf<'duration', number>;
export type TextField = FieldOf<'text', string>;
export type TextsField = FieldOf<'texts', readonly string[]>;
export type IntegersField = FieldOf<'integers', readonly number[]>;
export type TextMapField = FieldOf<'map', TextMap>;
export type AnyField = FieldOf<'any', AnyMap>;
/** A list of items that are described as a section is; JSON text in the environment. */
export interface ItemsOf<Fields> extends FieldOptions<never> {
  readonly kind: 'items';
  readonly about: string;
  readonly fields: Fields;
}

export interface SectionOf<Fields> extends SectionOptions {
  readonly kind: 'section';
  readonly about: string;
  readonly fields: Fields;
}

interface SectionOptions {
  readonly env?: string;
  /** The environment form is the whole section as JSON text. */
  readonly json?: boolean;
}

export type ItemsField<Item> = ItemsOf<Table<Item>>;
export type SectionField<Value> = SectionOf<Table<Value>>;

/** The kind of field that a type of value wants, so that the tables and the types cannot drift apart. */
export type FieldFor<Value> = [Value] extends [boolean]
  ? BooleanField
  : [Value] extends [number]
    ? IntegerField | DecimalField | DurationField
    : [Value] extends [string]
      ? TextField
      : [Value] extends [readonly string[]]
        ? TextsField
        : [Value] extends [readonly number[]]
          ? IntegersField
          : [Value] extends [readonly (infer Item)[]]
            ? ItemsField<Item>
            : string extends keyof Value
              ? [Value] extends [TextMap]
                ? TextMapField
                : AnyField
              : SectionField<Value>;

export type Table<Value> = { readonly [Key in keyof Value]-?: FieldFor<Value[Key]> };

/** Any field, for code that walks over tables. */
export type Field =
  | BooleanField
  | IntegerField
  | DecimalField
  | DurationField
  | TextField
  | TextsField
  | IntegersField
  | TextMapField
  | AnyField
  | ItemsOf<FieldTable>
  | SectionOf<FieldTable>;

export interface FieldTable {
  readonly [key: string]: Field;
}

export const boolean = (about: string, options: FieldOptions<boolean> = {}): BooleanField => ({ kind: 'boolean', about, ...options });
export const integer = (about: string, options: FieldOptions<number> = {}): IntegerField => ({ kind: 'integer', about, ...options });
export const decimal = (about: string, options: FieldOptions<number> = {}): DecimalField => ({ kind: 'decimal', about, ...options });
export const duration = (about: string, options: FieldOptions<number> = {}): DurationField => ({ kind: 'duration', about, ...options });
export const text = (about: string, options: FieldOptions<string> = {}): TextField => ({ kind: 'text', about, ...options });
export const texts = (about: string, options: FieldOptions<readonly string[]> = {}): TextsField => ({ kind: 'texts', about, ...options });
export const integers = (about: string, options: FieldOptions<readonly number[]> = {}): IntegersField => ({ kind: 'integers', about, ...options });
export const map = (about: string, options: FieldOptions<TextMap> = {}): TextMapField => ({ kind: 'map', about, ...options });
export const anything = (about: string, options: FieldOptions<AnyMap> = {}): AnyField => ({ kind: 'any', about, ...options });
export const items = <Fields extends object>(about: string, fields: Fields): ItemsOf<Fields> => ({ kind: 'items', about, fields });
export const section = <Fields extends object>(about: string, fields: Fields, options: SectionOptions = {}): SectionOf<Fields> => ({
  kind: 'section',
  about,
  fields,
  ...options,
});
