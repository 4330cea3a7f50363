import type { Problem } from '../../schema/problem.ts';
import { isObject, isOn, type JsonObject, object, text } from './json.ts';
import { danglingReferences } from './local-references.ts';
import { isCompliant } from './auth.ts';
import { type Finding, check } from './schema/check.ts';
import { extensionAlone, schemaOfVersion } from './schema/openapi.ts';
import { requiredSchemes, securityComponents } from './security.ts';
import { checkSemantics } from './semantics.ts';
import { EXTENSION, extensionOf } from './to-classic.ts';

export interface OasVerdict {
  /** Everything that is wrong, of all stages that could be looked at. Empty: the document is valid. */
  readonly problems: readonly Problem[];
  /** Text of the control API's 400, as Tyk writes it; undefined where the document is valid. */
  readonly message: string | undefined;
}

/** What the body of a request must have: the extension, or none of it. */
export type ExtensionRule = 'required' | 'forbidden' | 'optional';

const MALFORMED = 'request malformed';
const VALID: OasVerdict = { problems: [], message: undefined };

/**
 * Checks a Tyk OAS document in Tyk's order: references, extension, JSON Schema, OpenAPI's own rules and security schemes
 * (spec/gateway/api-definition-oas.md §7). The first stage that fails gives the message; a stage tells all it found.
 */
export function validateOas(document: unknown, extension: ExtensionRule = 'required'): OasVerdict {
  if (!isObject(document)) return refusal('oas.no_object', '', MALFORMED, 'write one JSON object');
  const dangling = danglingReferences(document);
  if (dangling.length > 0) return malformed(dangling);
  const has = document[EXTENSION] !== undefined && document[EXTENSION] !== null;
  if (!has && extension === 'required')
    return refusal('oas.no_extension', '', `the payload should contain ${EXTENSION}`, `add ${EXTENSION}, or import the document`);
  if (has && extension === 'forbidden') {
    return refusal('oas.extension', `/${EXTENSION}`, `the import payload should not contain ${EXTENSION}`, 'create the API instead of importing it');
  }
  return validateContent(document);
}

function validateContent(document: JsonObject): OasVerdict {
  const version = text(document['openapi']);
  const schema = schemaOfVersion(version);
  if (schema === undefined) return unknownVersion(document, version);
  const findings = check(schema, { openapi: '', ...document });
  if (findings.length > 0) return { problems: findings.map(schemaProblem), message: findings.map(findingText).join('\n') };
  const semantics = checkSemantics(document);
  const security = checkSecurity(document);
  const problems = [...semantics, ...security];
  if (problems.length === 0) return VALID;
  return { problems, message: [...semantics.slice(0, 1), ...security.slice(0, 1)].map((one) => one.message).join('\n') };
}

const refusal = (code: string, path: string, message: string, hint: string): OasVerdict => ({ problems: [{ code, path, message, hint }], message });

/** The extension is looked at all the same: a wrong type there must not pass because of the version. */
function unknownVersion(document: JsonObject, version: string): OasVerdict {
  const { problems, message } = refusal('oas.version', '/openapi', `Schema not found for version "${version}"`, 'use OpenAPI 3.0 or 3.1');
  return { problems: [...problems, ...check(extensionAlone, document).map(schemaProblem)], message };
}

function malformed(dangling: ReturnType<typeof danglingReferences>): OasVerdict {
  const problems = dangling.map(({ path, target }) => ({
    code: 'oas.reference',
    path,
    message: `$ref "${target}" leads nowhere`,
    hint: 'refer to a part of the same document, as in #/components/schemas/Name',
  }));
  return { problems, message: MALFORMED };
}

const findingText = (finding: Finding): string => `${finding.place}: ${finding.message}`;

const schemaProblem = (finding: Finding): Problem => ({
  code: finding.wrongType ? 'oas.wrong_type' : 'oas.schema',
  path: finding.path,
  message: findingText(finding),
  hint: 'see the reference of Tyk OAS fields',
});

/** Security: every required scheme needs its component; in compliant mode every scheme that is on must be required. */
function checkSecurity(document: JsonObject): readonly Problem[] {
  const authentication = object(object(extensionOf(document)['server'])['authentication']);
  const required = requiredSchemes(document, { ...authentication, securityProcessingMode: 'compliant' });
  const components = securityComponents(document);
  if (required.length > 0 && Object.keys(components).length === 0) {
    return [
      {
        code: 'oas.security',
        path: '/components',
        message: 'No components or security schemes present in OAS',
        hint: 'describe the schemes in components.securitySchemes',
      },
    ];
  }
  const missing = required.filter((name) => components[name] === undefined).map(missingScheme);
  return isCompliant(authentication) ? [...missing, ...unusedSchemes(authentication, required)] : missing;
}

function missingScheme(name: string): Problem {
  const message = `Missing required Security Scheme '${name}' in Components.SecuritySchemes. For more information please visit https://swagger.io/specification/#security-requirement-object`;
  return { code: 'oas.security', path: '/security', message, hint: `describe "${name}" in components.securitySchemes` };
}

function unusedSchemes(authentication: JsonObject, required: readonly string[]): readonly Problem[] {
  const schemes = Object.entries(object(authentication['securitySchemes'])).filter(([name, block]) => isOn(block) && !required.includes(name));
  return schemes.map(([name]) => ({
    code: 'oas.security',
    path: `/${EXTENSION}/server/authentication/securitySchemes/${name}`,
    message: `security scheme '${name}' is enabled but not configured in a security requirement`,
    hint: `name "${name}" in the security list of the document, or switch it off`,
  }));
}
