import { flag, type JsonObject, mapList, objects, text } from './json.ts';

/** Where a rule looks → the option of a Classic trigger that holds it. */
const MATCHES: Readonly<Record<string, string>> = {
  header: 'header_matches',
  query: 'query_val_matches',
  path: 'path_part_matches',
  sessionMetadata: 'session_meta_matches',
  requestContext: 'request_context_matches',
};

/** `urlRewrite` → an entry of `url_rewrites`. */
export function rewriteToClassic(block: JsonObject): JsonObject {
  const { pattern, rewriteTo, triggers } = block;
  return { match_pattern: text(pattern), rewrite_to: text(rewriteTo), triggers: mapList(triggers, triggerToClassic) };
}

/** Of several rules for one place and name, and of several for the body, the last one counts. */
function triggerToClassic(trigger: JsonObject): JsonObject {
  const options: Record<string, Record<string, unknown>> = {};
  for (const rule of objects(trigger['rules'])) {
    const match = { match_rx: text(rule['pattern']), reverse: flag(rule['negate']) };
    if (rule['in'] === 'requestBody') options['payload_matches'] = match;
    const option = MATCHES[text(rule['in'])];
    if (option !== undefined) (options[option] ??= {})[text(rule['name'])] = match;
  }
  return { on: text(trigger['condition']), options, rewrite_to: text(trigger['rewriteTo']) };
}
