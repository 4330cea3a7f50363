import { isOn, type JsonObject, list, object, text } from './json.ts';
import { comparePaths } from './paths.ts';

/** An operation of the document's `paths`. */
export interface OasOperation {
  readonly path: string;
  /** Upper case. */
  readonly method: string;
  /** Empty where the document gives none. */
  readonly operationId: string;
  /** The OpenAPI operation as it stands in the document. */
  readonly operation: JsonObject;
  /** Parameters of the path item, which every operation of it inherits. */
  readonly pathParameters: readonly unknown[];
}

/** An operation with the extension's block for one of its features, for what Classic has no place for. */
export interface OasEndpoint extends OasOperation {
  readonly settings: JsonObject;
}

export const METHODS: readonly string[] = ['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'];

/** All operations, in the order of matching. */
export function operationsOf(document: JsonObject): readonly OasOperation[] {
  const paths = object(document['paths']);
  return Object.keys(paths)
    .sort(comparePaths)
    .flatMap((path) => operationsOfPath(path, object(paths[path])));
}

function operationsOfPath(path: string, item: JsonObject): readonly OasOperation[] {
  const methods = Object.keys(item).filter((key) => METHODS.includes(key.toUpperCase()));
  return methods.map((key) => {
    const operation = object(item[key]);
    const operationId = text(operation['operationId']);
    return { path, method: key.toUpperCase(), operationId, operation, pathParameters: list(item['parameters']) };
  });
}

/** Operations whose extension block of this name is switched on, with that block. */
function endpointsWith(document: JsonObject, feature: string): readonly OasEndpoint[] {
  const settings = operationSettings(document);
  return operationsOf(document).flatMap((operation) => {
    const block = operation.operationId === '' ? undefined : object(settings[operation.operationId])[feature];
    return isOn(block) ? [{ ...operation, settings: object(block) }] : [];
  });
}

/** Mock answers: they are given after authentication, unlike Classic's `mock_response`. */
export const mockEndpoints = (document: JsonObject): readonly OasEndpoint[] => endpointsWith(document, 'mockResponse');

/** Endpoints whose requests are validated against the document. */
export const validatedEndpoints = (document: JsonObject): readonly OasEndpoint[] => endpointsWith(document, 'validateRequest');

/** `middleware.operations` of the extension: operation id → settings. */
export function operationSettings(document: JsonObject): JsonObject {
  return object(object(object(document['x-tyk-api-gateway'])['middleware'])['operations']);
}
