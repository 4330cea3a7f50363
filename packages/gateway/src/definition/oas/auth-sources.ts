import { isOn, type JsonObject, object, text } from './json.ts';

/**
 * `header`, `cookie` and `query` of an authentication block → the places of a Classic AuthConfig.
 * Without a header block the header is not read.
 */
export function authSources(block: JsonObject): JsonObject {
  return { disable_header: true, ...headerSource(block), ...querySource(block), ...cookieSource(block) };
}

function headerSource(block: JsonObject): JsonObject {
  const header = block['header'];
  return header === undefined ? {} : { disable_header: !isOn(header), auth_header_name: text(object(header)['name']) };
}

function querySource(block: JsonObject): JsonObject {
  const query = block['query'];
  return query === undefined ? {} : { use_param: isOn(query), param_name: text(object(query)['name']) };
}

function cookieSource(block: JsonObject): JsonObject {
  const cookie = block['cookie'];
  return cookie === undefined ? {} : { use_cookie: isOn(cookie), cookie_name: text(object(cookie)['name']) };
}

/** The place that the OpenAPI component of an `apiKey` scheme names; it is always read. */
export function componentSource(component: JsonObject): JsonObject {
  const name = text(component['name']);
  if (component['in'] === 'header') return { disable_header: false, auth_header_name: name };
  if (component['in'] === 'query') return { use_param: true, param_name: name };
  if (component['in'] === 'cookie') return { use_cookie: true, cookie_name: name };
  return {};
}
