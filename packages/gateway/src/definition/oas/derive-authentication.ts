import { type JsonObject, object, objects } from './json.ts';
import { securityComponents } from './security.ts';

export const NO_SECURITY =
  'The ‘security’ object is empty in your OAS. When enabling authentication, your OpenAPI description must include a ‘security’ object that defines the authentication schemes. You can either add a ‘security’ object or disable authentication in the API settings.';

const HEADER = { enabled: true, name: 'Authorization' };

/** The methods that an import can set up, by the kind of the component; with the identity that they give. */
const METHODS: Readonly<Record<string, { readonly settings: JsonObject; readonly identity: string }>> = {
  apiKey: { settings: {}, identity: 'auth_token' },
  basic: { settings: { header: HEADER }, identity: 'basic_auth_user' },
  bearer: { settings: { header: HEADER, jtiValidation: { enabled: false } }, identity: 'jwt_claim' },
  oauth2: { settings: { header: HEADER }, identity: 'oauth_key' },
};

const IDENTITIES: readonly string[] = ['auth_token', 'jwt_claim', 'oauth_key'];

/** `authentication` of the extension with every scheme of every requirement switched on or off. */
export function deriveAuthentication(document: JsonObject, existing: JsonObject, enabled: boolean): JsonObject {
  const methods = requiredMethods(document);
  const before = object(existing['securitySchemes']);
  const schemes = methods.map(({ name, settings }) => [name, { ...settings, ...object(before[name]), enabled }] as const);
  const identity = enabled && methods.length > 1 ? IDENTITIES.find((one) => methods.some((method) => method.identity === one)) : undefined;
  return {
    ...existing,
    enabled,
    ...(identity !== undefined && { baseIdentityProvider: identity }),
    ...(schemes.length > 0 && { securitySchemes: { ...before, ...Object.fromEntries(schemes) } }),
  };
}

interface Method {
  readonly name: string;
  readonly settings: JsonObject;
  readonly identity: string;
}

/** Required schemes of a kind that no method serves are left out; `unservedSchemes` names them. */
function requiredMethods(document: JsonObject): readonly Method[] {
  return requiredNames(document).flatMap((name) => {
    const method = METHODS[kindOf(document, name)];
    return method === undefined ? [] : [{ name, ...method }];
  });
}

const requiredNames = (document: JsonObject): readonly string[] => [...new Set(objects(document['security']).flatMap((one) => Object.keys(one)))];

function kindOf(document: JsonObject, name: string): string {
  const { type, scheme } = object(securityComponents(document)[name]);
  return String(type === 'http' ? scheme : type);
}

/** Names of required schemes that cannot be set up: http digest, OpenID Connect, mutual TLS. */
export function unservedSchemes(document: JsonObject): readonly string[] {
  return requiredNames(document).filter((name) => METHODS[kindOf(document, name)] === undefined);
}
