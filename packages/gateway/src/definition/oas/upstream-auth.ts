import { isOn, type JsonObject, object, text, textList } from './json.ts';

/**
 * `upstream.authentication` → `upstream_auth` and `request_signing`. Signing has its own switch: the block's `enabled`
 * does not turn it off.
 */
export function upstreamAuthToClassic(extension: JsonObject): JsonObject {
  const block = object(object(extension['upstream'])['authentication']);
  const upstream_auth = {
    enabled: isOn(block),
    basic_auth: basicToClassic(object(block['basicAuth'])),
    oauth: oauthToClassic(object(block['oauth'])),
  };
  return { upstream_auth, request_signing: signingToClassic(object(block['requestSigning'])) };
}

function signingToClassic(block: JsonObject): JsonObject {
  const { signatureHeader, algorithm, keyId, headers, secret, certificateId } = block;
  return {
    is_enabled: isOn(block),
    secret: text(secret),
    key_id: text(keyId),
    algorithm: text(algorithm),
    header_list: textList(headers),
    certificate_id: text(certificateId),
    signature_header: text(signatureHeader),
  };
}

function basicToClassic(block: JsonObject): JsonObject {
  const { username, password, header } = block;
  return { enabled: isOn(block), username: text(username), password: text(password), header: sourceToClassic(header) };
}

const sourceToClassic = (header: unknown): JsonObject => ({ enabled: isOn(header), name: text(object(header)['name']) });

function oauthToClassic(block: JsonObject): JsonObject {
  const password = object(block['password']);
  return {
    enabled: isOn(block),
    allowed_authorize_types: textList(block['allowedAuthorizeTypes']),
    client_credentials: clientToClassic(object(block['clientCredentials'])),
    password: { ...clientToClassic(password), username: text(password['username']), password: text(password['password']) },
  };
}

function clientToClassic(block: JsonObject): JsonObject {
  const { clientId, clientSecret, method, header, tokenUrl, scopes, extraMetadata } = block;
  return {
    client_id: text(clientId),
    client_secret: text(clientSecret),
    method: text(method),
    header: sourceToClassic(header),
    token_url: text(tokenUrl),
    scopes: textList(scopes),
    extra_metadata: textList(extraMetadata),
  };
}
