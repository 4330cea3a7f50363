import type { Problem } from '../../schema/problem.ts';
import { pointer } from '../../schema/problem.ts';
import { isObject, type JsonObject, list, object, text } from './json.ts';
import { dereference } from './local-references.ts';
import { type OasOperation, operationsOf } from './operations.ts';

/** A rule of OpenAPI that no JSON Schema can tell. `message` is Tyk's text. */
const problem = (code: string, path: string, message: string, hint: string): Problem => ({ code: `oas.${code}`, path, message, hint });

/** What OpenAPI demands of a document beyond its schema, in the order in which Tyk would tell it. */
export function checkSemantics(document: JsonObject): readonly Problem[] {
  return [
    ...checkSchemas(document),
    ...checkInfo(document),
    ...checkOperationIds(document),
    ...operationsOf(document).flatMap((operation) => checkOperation(document, operation)),
  ];
}

function checkInfo(document: JsonObject): readonly Problem[] {
  const info = object(document['info']);
  const missing = ['title', 'version'].filter((key) => info[key] === undefined || info[key] === '');
  return missing.map((key) => problem('info', `/info/${key}`, `invalid info: value of ${key} must be a non-empty string`, `write a ${key}`));
}

function checkOperationIds(document: JsonObject): readonly Problem[] {
  const seen = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { path, method, operationId } of operationsOf(document).toSorted(byPathAndMethod)) {
    const here = `${method} ${path}`;
    const twin = seen.get(operationId);
    if (operationId === '') continue;
    seen.set(operationId, here);
    if (twin === undefined) continue;
    const message = `invalid paths: operations "${twin}" and "${here}" have the same operation id "${operationId}"`;
    problems.push(problem('operation_id', operationPointer(path, method), message, 'give each operation an id of its own'));
  }
  return problems;
}

const byPathAndMethod = (left: OasOperation, right: OasOperation): number => compare(left.path, right.path) || compare(left.method, right.method);

const compare = (left: string, right: string): number => Number(left > right) - Number(left < right);

const operationPointer = (path: string, method: string): string => `${pointer('/paths', path)}/${method.toLowerCase()}`;

function checkOperation(document: JsonObject, operation: OasOperation): readonly Problem[] {
  const { path, method } = operation;
  const prefix = `invalid paths: invalid path ${path}: invalid operation ${method}: `;
  return [...checkParameters(document, operation), ...checkParts(document, operation.operation, operationPointer(path, method), prefix)];
}

/** The parameters of a path template must be exactly those that are declared. */
function checkParameters(document: JsonObject, operation: OasOperation): readonly Problem[] {
  const { path, method } = operation;
  const declared = pathParameters(document, operation);
  const used = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? '');
  const missing = used.filter((name) => !declared.includes(name));
  const extra = declared.filter((name) => !used.includes(name));
  if (missing.length + extra.length === 0) return [];
  const wrong = missing.length > 0 ? `(missing: [${missing.join(' ')}])` : `(extra: [${extra.join(' ')}])`;
  const message = `invalid paths: operation ${method} ${path} must define exactly all path parameters ${wrong}`;
  return [problem('path_parameters', operationPointer(path, method), message, 'declare each {parameter} of the path once, with "in": "path"')];
}

function pathParameters(document: JsonObject, operation: OasOperation): readonly string[] {
  const all = [...operation.pathParameters, ...list(operation.operation['parameters'])].map((parameter) => dereference(document, parameter));
  return [...new Set(all.filter((parameter) => parameter['in'] === 'path').map((parameter) => text(parameter['name'])))];
}

function checkSchemas(document: JsonObject): readonly Problem[] {
  const schemas = object(object(document['components'])['schemas']);
  return Object.entries(schemas).flatMap(([name, schema]) =>
    checkParts(document, schema, pointer('/components/schemas', name), `invalid components: schema "${name}": `),
  );
}

/** Keys below which the rules do not apply, as everything there is data. */
const DATA: ReadonlySet<string> = new Set(['example', 'examples', 'default', 'enum', 'const']);

/** Walks over everything below a value and finds lists without items and examples given twice. */
function checkParts(document: JsonObject, value: unknown, path: string, prefix: string): readonly Problem[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => checkParts(document, item, pointer(path, index), prefix));
  if (!isObject(value)) return [];
  const keys = Object.keys(value).filter((key) => !DATA.has(key) && !key.startsWith('x-'));
  return [...checkPart(document, value, path, prefix), ...keys.flatMap((key) => checkParts(document, value[key], pointer(path, key), prefix))];
}

function checkPart(document: JsonObject, value: JsonObject, path: string, prefix: string): readonly Problem[] {
  if (value['type'] === 'array' && value['items'] === undefined && text(document['openapi']).startsWith('3.0')) {
    const message = `${prefix}when schema type is 'array', schema 'items' must be non-null`;
    return [problem('array_items', path, message, 'describe the items of the list')];
  }
  if (value['example'] !== undefined && isObject(value['examples'])) {
    return [problem('examples', path, `${prefix}example and examples are mutually exclusive`, 'keep one of the two')];
  }
  return [];
}
