import { type JsonObject, list, object, objects, texts } from './json.ts';

/** The security scheme components of a document, by name. */
export const securityComponents = (document: JsonObject): JsonObject => object(object(document['components'])['securitySchemes']);

/**
 * The alternatives that a request may fulfil, each a list of scheme names that must all pass: the document's `security`, then
 * the extension's `authentication.security` (methods that OpenAPI cannot express). Only compliant mode knows alternatives.
 */
export function securityAlternatives(document: JsonObject, authentication: JsonObject): readonly (readonly string[])[] {
  const own = objects(document['security']).map((requirement) => Object.keys(requirement));
  return [...own, ...list(authentication['security']).map(texts)];
}

/** Names of the schemes that count: those of the first requirement, in compliant mode those of all. */
export function requiredSchemes(document: JsonObject, authentication: JsonObject): readonly string[] {
  const requirements = objects(document['security']);
  const counted = authentication['securityProcessingMode'] === 'compliant' ? requirements : requirements.slice(0, 1);
  return [...new Set(counted.flatMap((requirement) => Object.keys(requirement)))];
}
