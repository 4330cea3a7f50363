import type { JsonObject } from './json.ts';

/**
 * A Tyk OAS document: OpenAPI 3.0 or 3.1 with the extension `x-tyk-api-gateway`, exactly as it was given, key order included.
 * Read it with the functions of this folder; nothing about its shape is certain before `validateOas` found no problem.
 */
export type OasDocument = JsonObject;
