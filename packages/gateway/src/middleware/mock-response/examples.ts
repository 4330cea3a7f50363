import { isObject, type JsonObject, object } from '../../definition/oas/json.ts';

/** Payloads of one media type of one status. */
export interface Payloads {
  /** The example that wins over everything, or the first by name, or one made from the schema. */
  readonly usual: unknown;
  /** Named examples; a name is looked at only where there is no single `example`. */
  readonly named: ReadonlyMap<string, unknown> | undefined;
}

/** What the answers of an operation can be made of. */
export interface Examples {
  /** Status → media type → payloads; a status without content has none. */
  readonly byCode: ReadonlyMap<string, { readonly types: ReadonlyMap<string, Payloads>; readonly fields: readonly string[] }>;
}

/** Gathers the examples of an operation once, at load (spec/gateway/api-definition-oas.md §8). */
export function collectExamples(operation: JsonObject, document: JsonObject): Examples {
  const responses = Object.entries(object(operation['responses'])).map(([code, response]) => {
    const { content, headers } = object(resolve(response, document));
    const types = Object.entries(object(content)).map(([type, media]) => [type, payloadsOf(object(media), document)] as const);
    return [code, { types: new Map(types), fields: fieldsOf(object(headers), document) }] as const;
  });
  return { byCode: new Map(responses) };
}

function payloadsOf(media: JsonObject, document: JsonObject): Payloads {
  if (media['example'] !== undefined) return { usual: media['example'], named: undefined };
  const examples = Object.entries(object(media['examples'])).map(([name, example]) => [name, object(resolve(example, document))['value']] as const);
  const named = new Map(examples.sort(([a], [b]) => (a < b ? -1 : 1)));
  if (named.size > 0) return { usual: [...named.values()][0], named };
  return { usual: exampleOf(media['schema'], document, 0), named: undefined };
}

/** Answer fields made from the schemas of the response's headers. */
function fieldsOf(headers: JsonObject, document: JsonObject): string[] {
  return Object.entries(headers).flatMap(([name, header]) => {
    const value = exampleOf(object(resolve(header, document))['schema'], document, 0);
    return [name, typeof value === 'string' ? value : JSON.stringify(value)];
  });
}

const DEEPEST = 20;
const BY_TYPE: Readonly<Record<string, unknown>> = { string: 'string', integer: 0, number: 0, boolean: true };

/** A value that fits a schema: its own example, the first of an enum, else one by type. Where there is no type the value is null. */
function exampleOf(schema: unknown, document: JsonObject, depth: number): unknown {
  const { example, enum: values, type, properties, items } = object(resolve(schema, document));
  if (example !== undefined) return example;
  if (Array.isArray(values) && values.length > 0) return values[0];
  if (depth >= DEEPEST) return null;
  if (type === 'array') return [exampleOf(items, document, depth + 1)];
  if (type !== 'object') return (typeof type === 'string' ? BY_TYPE[type] : undefined) ?? null;
  const members = Object.entries(object(properties)).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, exampleOf(member, document, depth + 1)]));
}

/** Follows references inside the document; one that leads nowhere or in a circle is an empty object. */
function resolve(value: unknown, document: JsonObject): unknown {
  let target = value;
  for (let hops = 0; hops < DEEPEST; hops++) {
    const reference = isObject(target) ? target['$ref'] : undefined;
    if (typeof reference !== 'string') return target;
    target = at(document, reference);
  }
  return {};
}

function at(document: JsonObject, reference: string): unknown {
  if (!reference.startsWith('#/')) return {};
  const tokens = reference
    .slice(2)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  return tokens.reduce<unknown>((value, token) => object(value)[token], document);
}
