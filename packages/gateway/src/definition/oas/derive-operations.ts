import type { DeriveOptions } from './derive-options.ts';
import { isObject, isOn, type JsonObject, list, object } from './json.ts';
import { dereference } from './local-references.ts';
import { METHODS, type OasOperation, operationsOf } from './operations.ts';
import type { OasDocument } from './types.ts';

/** Gives every operation without an id the one that Tyk would: path without its first slash, then the method. */
export function withOperationIds(document: OasDocument): OasDocument {
  const paths = Object.entries(object(document['paths'])).map(([path, item]) => [path, nameOperations(path, item)] as const);
  return document['paths'] === undefined ? document : { ...document, paths: Object.fromEntries(paths) };
}

function nameOperations(path: string, item: unknown): unknown {
  if (!isObject(item)) return item;
  const entries = Object.entries(item).map(([key, operation]) => {
    const method = key.toUpperCase();
    const nameless = METHODS.includes(method) && isObject(operation) && (operation['operationId'] ?? '') === '';
    return [key, nameless ? { ...operation, operationId: path.replace(/^\//, '') + method } : operation] as const;
  });
  return Object.fromEntries(entries);
}

/** `middleware.operations` after a derivation: operations that the document lost are gone, the switches are set. */
export function deriveOperations(document: OasDocument, existing: JsonObject, options: DeriveOptions): JsonObject {
  const result: Record<string, unknown> = {};
  for (const operation of operationsOf(document)) {
    const before = object(existing[operation.operationId]);
    const after = { ...before, ...switches(document, operation, before, options) };
    if (Object.keys(after).length > 0) result[operation.operationId] = after;
  }
  return result;
}

function switches(document: OasDocument, operation: OasOperation, before: JsonObject, options: DeriveOptions): JsonObject {
  const { allowList, validateRequest, mockResponse } = options;
  return {
    ...(allowList !== undefined && { allow: { ...object(before['allow']), enabled: allowList } }),
    ...(allowList === true && isOn(before['block']) && { block: { ...object(before['block']), enabled: false } }),
    ...(validateRequest !== undefined &&
      canValidate(document, operation) && { validateRequest: validation(object(before['validateRequest']), validateRequest) }),
    ...(mockResponse !== undefined && canMock(document, operation) && { mockResponse: mock(object(before['mockResponse']), mockResponse) }),
  };
}

const validation = (before: JsonObject, enabled: boolean): JsonObject => ({ errorResponseCode: 422, ...before, enabled });

const mock = (before: JsonObject, enabled: boolean): JsonObject => ({
  ...before,
  enabled,
  fromOASExamples: { ...object(before['fromOASExamples']), enabled },
});

/** There is something to check: a parameter, or a JSON body. */
function canValidate(document: OasDocument, { operation, pathParameters }: OasOperation): boolean {
  const body = dereference(document, operation['requestBody']);
  return pathParameters.length > 0 || list(operation['parameters']).length > 0 || object(body['content'])['application/json'] !== undefined;
}

/** There is something to answer: an example, or a schema to make one from. */
function canMock(document: OasDocument, { operation }: OasOperation): boolean {
  const responses = Object.values(object(operation['responses'])).map((response) => dereference(document, response));
  const contents = responses.flatMap((response) => Object.values(object(response['content'])));
  return contents.some((media) => ['example', 'examples', 'schema'].some((key) => object(media)[key] !== undefined));
}
