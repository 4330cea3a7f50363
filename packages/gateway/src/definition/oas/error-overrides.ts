import { isOn, type JsonObject, number, object, objects, text } from './json.ts';

/** `errorOverrides` → `error_overrides`: status or class → rules, in Classic's names (spec §1). */
export function errorOverridesToClassic(extension: JsonObject): JsonObject {
  const block = object(extension['errorOverrides']);
  const rules = Object.entries(object(block['value'])).map(([code, list]) => [code, objects(list).map(ruleToClassic)]);
  return { error_overrides_disabled: !isOn(block), error_overrides: block['value'] === undefined ? null : Object.fromEntries(rules) };
}

function ruleToClassic(rule: JsonObject): JsonObject {
  const response = responseToClassic(object(rule['response']));
  return rule['match'] === undefined ? { response } : { match: matchToClassic(object(rule['match'])), response };
}

function matchToClassic(match: JsonObject): JsonObject {
  const { flag, messagePattern, bodyField, bodyValue } = match;
  return { flag: text(flag), message_pattern: text(messagePattern), body_field: text(bodyField), body_value: text(bodyValue) };
}

function responseToClassic(response: JsonObject): JsonObject {
  const { statusCode, body, message, template, headers } = response;
  return { status_code: number(statusCode), body: text(body), message: text(message), template: text(template), headers: object(headers) };
}
