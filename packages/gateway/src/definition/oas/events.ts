import { wholeSeconds } from './duration.ts';
import { isObject, isOn, type JsonObject, nameValues, text } from './json.ts';

/** `server.eventHandlers` → `event_handlers.events`: one list of `{handler_name, handler_meta}` per trigger, in the order given. */
export function eventsToClassic(handlers: readonly unknown[]): JsonObject {
  const events: Record<string, JsonObject[]> = {};
  for (const handler of handlers.filter(isObject)) {
    const entry = handlerToClassic(handler);
    if (entry !== undefined) (events[text(handler['trigger'])] ??= []).push(entry);
  }
  return events;
}

function handlerToClassic(handler: JsonObject): JsonObject | undefined {
  const meta = { disabled: !isOn(handler), id: text(handler['id']), name: text(handler['name']) };
  if (handler['type'] === 'webhook') return { handler_name: 'eh_web_hook_handler', handler_meta: { ...meta, ...webhookMeta(handler) } };
  if (handler['type'] === 'custom') return { handler_name: 'eh_dynamic_handler', handler_meta: { ...meta, ...scriptMeta(handler) } };
  if (handler['type'] === 'log') return { handler_name: 'eh_log_handler', handler_meta: { ...meta, prefix: text(handler['logPrefix']) } };
  return undefined;
}

function webhookMeta(handler: JsonObject): JsonObject {
  return {
    method: text(handler['method']),
    target_path: text(handler['url']),
    template_path: text(handler['bodyTemplate']),
    header_map: nameValues(handler['headers']),
    event_timeout: wholeSeconds(handler['cooldownPeriod']),
  };
}

/** The script is found by its function's name, so that name is the handler's name in Classic. */
function scriptMeta(handler: JsonObject): JsonObject {
  return { name: text(handler['functionName']), path: text(handler['path']) };
}
