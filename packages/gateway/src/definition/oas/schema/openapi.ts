import { extension, extensionOfProxy } from './extension.ts';
import { anyObject, array, boolean, choice, object, record, type Schema, string } from './types.ts';

// What OpenAPI 3.0.4 and 3.1.1 demand of a document, written from those specifications. Unknown properties are let through
// everywhere but in `paths`; what only one of the two versions has is described for both.

const reference = (value: Readonly<Record<string, unknown>>): boolean => typeof value['$ref'] === 'string';

/** A schema that a `$ref` may stand in for. */
const orReference = (schema: Schema): Schema => ({ type: 'object', also: (value) => (reference(value) ? undefined : schema) });

const contact: Schema = object({ name: string, url: string, email: string });
const license: Schema = object({ name: string, url: string }, ['name']);
const info: Schema = object({ title: string, version: string, description: string, termsOfService: string, contact, license });

const variable: Schema = object({ enum: array(string), default: string, description: string }, ['default']);
const server: Schema = object({ url: string, description: string, variables: record(variable) }, ['url']);

const securityRequirement: Schema = record(array(string));
const externalDocs: Schema = object({ description: string, url: string }, ['url']);
const tag: Schema = object({ name: string, description: string, externalDocs }, ['name']);

const schemaObject: Schema = { type: ['object', 'boolean'] };
const mediaType: Schema = object({ schema: schemaObject, examples: anyObject, encoding: anyObject });
const content: Schema = record(mediaType);

const header: Schema = object({ description: string, required: boolean, deprecated: boolean, schema: schemaObject, content });

const parameter: Schema = object(
  {
    name: string,
    in: choice('path', 'query', 'header', 'cookie'),
    description: string,
    required: boolean,
    deprecated: boolean,
    allowEmptyValue: boolean,
    style: string,
    explode: boolean,
    allowReserved: boolean,
    schema: schemaObject,
    content,
    examples: anyObject,
  },
  ['name', 'in'],
);

const requestBody: Schema = object({ description: string, content, required: boolean }, ['content']);

const response: Schema = object({ description: string, headers: record(orReference(header)), content, links: anyObject }, ['description']);

const responses: Schema = {
  type: 'object',
  minProperties: 1,
  named: [[/^[1-5](?:\d{2}|XX)$|^default$/, orReference(response)]],
};

const callback: Schema = orReference({ type: 'object', others: () => pathItem });

const operation: Schema = {
  ...object({
    tags: array(string),
    summary: string,
    description: string,
    externalDocs,
    operationId: string,
    parameters: array(orReference(parameter)),
    requestBody: orReference(requestBody),
    responses,
    callbacks: record(callback),
    deprecated: boolean,
    security: array(securityRequirement),
    servers: array(server),
  }),
  mustBe: ['responses'],
};

const pathItem: Schema = {
  ...object({ $ref: string, summary: string, description: string, servers: array(server), parameters: array(orReference(parameter)) }),
  named: [[/^(get|put|post|delete|options|head|patch|trace|connect)$/, operation]],
};

const paths: Schema = {
  type: 'object',
  named: [
    [/^\//, pathItem],
    [/^x-/, {}],
  ],
  others: false,
};

const FLOWS = {
  implicit: object({ authorizationUrl: string, scopes: anyObject }, ['authorizationUrl', 'scopes']),
  password: object({ tokenUrl: string, scopes: anyObject }, ['tokenUrl', 'scopes']),
  clientCredentials: object({ tokenUrl: string, scopes: anyObject }, ['tokenUrl', 'scopes']),
  authorizationCode: object({ authorizationUrl: string, tokenUrl: string, scopes: anyObject }, ['authorizationUrl', 'tokenUrl', 'scopes']),
} as const;

const SCHEMES: Readonly<Record<string, Schema>> = {
  apiKey: object({ name: string, in: choice('header', 'query', 'cookie') }, ['name', 'in']),
  http: object({ scheme: string, bearerFormat: string }, ['scheme']),
  oauth2: object({ flows: object(FLOWS) }, ['flows']),
  openIdConnect: object({ openIdConnectUrl: string }, ['openIdConnectUrl']),
};

const securityScheme: Schema = orReference({
  ...object({ type: choice('apiKey', 'http', 'oauth2', 'openIdConnect', 'mutualTLS') }, ['type']),
  also: ({ type }) => (typeof type === 'string' ? SCHEMES[type] : undefined),
});

const components: Schema = object({
  schemas: record(schemaObject),
  responses: record(orReference(response)),
  parameters: record(orReference(parameter)),
  examples: anyObject,
  requestBodies: record(orReference(requestBody)),
  headers: record(orReference(header)),
  securitySchemes: record(securityScheme),
  links: anyObject,
  callbacks: record(callback),
  pathItems: record(pathItem),
});

const VERSIONS: Readonly<Record<string, RegExp>> = { '3.0': /^3\.0\.\d(-.+)?$/, '3.1': /^3\.1\.\d+(-.+)?$/ };

function documentSchema(pattern: RegExp): Schema {
  const properties = {
    openapi: { type: 'string', pattern },
    info,
    externalDocs,
    servers: array(server),
    security: array(securityRequirement),
    tags: { ...array(tag), unique: true },
    paths,
    components,
    'x-tyk-api-gateway': extension,
  } as const;
  return { ...object(properties), mustBe: ['paths', 'info'], also: (document) => (document['x-tyk-streaming'] === undefined ? proxyDocument : undefined) };
}

const proxyDocument: Schema = object({ 'x-tyk-api-gateway': extensionOfProxy });

const SCHEMAS: ReadonlyMap<string, Schema> = new Map(Object.entries(VERSIONS).map(([version, pattern]) => [version, documentSchema(pattern)]));

/** The schema for an `openapi` version by its first two numbers; no version counts as 3.0. Undefined for others. */
export function schemaOfVersion(version: string): Schema | undefined {
  return SCHEMAS.get(version === '' ? '3.0' : version.split('.').slice(0, 2).join('.'));
}

/** What the extension must be, in a document of any version. */
export const extensionAlone: Schema = object({ 'x-tyk-api-gateway': extension });
