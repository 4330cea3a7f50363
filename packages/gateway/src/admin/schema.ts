import type { Schema, SchemaReference } from '../definition/oas/schema/types.ts';
import { schemaOfVersion } from '../definition/oas/schema/openapi.ts';
import { json } from './answers.ts';
import type { AdminAnswer } from './context.ts';
import type { Call, Routes } from './router.ts';

type Json = Record<string, unknown>;

/** `/tyk/schema`: what an OAS document must be, for editors and pipelines (spec/control/gateway-api.md §13). */
export const schemaRoutes: Routes = {
  'GET /tyk/schema': ({ request }: Call): AdminAnswer => {
    const version = request.query.get('oasVersion') ?? '';
    const schema = schemaOfVersion(version);
    if (schema === undefined) return json(404, { status: 'Failed', message: `Schema not found for version "${version}"` });
    return json(200, { status: 'Success', message: '', schema: jsonSchema(schema) });
  },
};

/**
 * Our schema as JSON Schema draft 7. Parts that are referred to, or stand in several places, become definitions. A rule that depends on another value
 * cannot be said so, and is left out: the schema lets through a little more than the control API does.
 */
function jsonSchema(root: Schema): Json {
  const definitions = new Definitions();
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...definitions.convert(root), definitions: definitions.all };
}

class Definitions {
  readonly all: Json = {};
  private readonly names = new Map<SchemaReference, string>();

  convert(schema: Schema): Json {
    const orReference = alternative(schema);
    if (orReference !== undefined) return { anyOf: [{ type: 'object', required: ['$ref'] }, this.refer(orReference)] };
    return withoutUndefined({
      type: schema.type,
      enum: schema.oneOf,
      pattern: schema.pattern?.source,
      not: schema.except && { pattern: schema.except.source },
      minimum: schema.minimum,
      maximum: schema.maximum,
      minItems: schema.minItems,
      minProperties: schema.minProperties,
      uniqueItems: schema.unique,
      items: schema.items && this.refer(schema.items),
      anyOf: schema.anyOf?.map((one) => this.refer(one)),
      required: requiredOf(schema),
      properties: schema.properties && this.referAll(Object.entries(schema.properties)),
      patternProperties: schema.named && this.referAll(schema.named.map(([name, one]) => [name.source, one])),
      additionalProperties: schema.others === undefined || schema.others === false ? schema.others : this.refer(schema.others),
    });
  }

  private referAll(entries: readonly (readonly [string, SchemaReference])[]): Json {
    return Object.fromEntries(entries.map(([name, one]) => [name, this.refer(one)]));
  }

  /** Small schemas stand where they are used, others are written once. */
  private refer(reference: SchemaReference): Json {
    const schema = typeof reference === 'function' ? reference() : reference;
    if (schema.properties === undefined && schema.also === undefined) return this.convert(schema);
    const known = this.names.get(schema);
    if (known !== undefined) return { $ref: `#/definitions/${known}` };
    const name = `part${this.names.size + 1}`;
    this.names.set(schema, name);
    this.all[name] = this.convert(schema);
    return { $ref: `#/definitions/${name}` };
  }
}

/** The schema that a `$ref` may stand in for. */
function alternative(schema: Schema): SchemaReference | undefined {
  return schema.also?.({ $ref: '#' }) === undefined ? schema.also?.({}) : undefined;
}

function requiredOf({ required = [], mustBe = [] }: Schema): readonly string[] | undefined {
  return required.length + mustBe.length > 0 ? [...mustBe, ...required] : undefined;
}

const withoutUndefined = (object: Json): Json => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
