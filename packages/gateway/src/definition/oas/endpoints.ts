import { durationSeconds } from './duration.ts';
import { flag, isOn, type JsonObject, nameValues, number, object, objects, text, textList } from './json.ts';
import { operationSettings, operationsOf } from './operations.ts';
import { rewriteToClassic } from './rewrite.ts';

/** How one feature of an operation becomes an entry of a list in `extended_paths`; path, method and `disabled` are added. */
interface EndpointFeature {
  readonly key: string;
  readonly into: string;
  readonly read: (block: JsonObject) => JsonObject;
}

const nothingMore = (): JsonObject => ({});
const listEntry = (block: JsonObject): JsonObject => ({ ignore_case: flag(block['ignoreCase']) });
const headerEntry = (block: JsonObject): JsonObject => ({ delete_headers: textList(block['remove']), add_headers: nameValues(block['add']) });

/** Every feature of an operation that Classic has a list for (spec §6). */
const FEATURES: readonly EndpointFeature[] = [
  { key: 'allow', into: 'white_list', read: listEntry },
  { key: 'block', into: 'black_list', read: listEntry },
  { key: 'ignoreAuthentication', into: 'ignored', read: listEntry },
  { key: 'internal', into: 'internal', read: nothingMore },
  { key: 'transformRequestMethod', into: 'method_transforms', read: (block) => ({ to_method: text(block['toMethod']) }) },
  { key: 'transformRequestBody', into: 'transform', read: templateEntry },
  { key: 'transformResponseBody', into: 'transform_response', read: templateEntry },
  { key: 'transformRequestHeaders', into: 'transform_headers', read: headerEntry },
  { key: 'transformResponseHeaders', into: 'transform_response_headers', read: headerEntry },
  { key: 'urlRewrite', into: 'url_rewrites', read: rewriteToClassic },
  { key: 'cache', into: 'advance_cache_config', read: cacheEntry },
  { key: 'enforceTimeout', into: 'hard_timeouts', read: timeoutEntry },
  { key: 'virtualEndpoint', into: 'virtual', read: virtualEntry },
  { key: 'circuitBreaker', into: 'circuit_breakers', read: breakerEntry },
  { key: 'trackEndpoint', into: 'track_endpoints', read: nothingMore },
  { key: 'doNotTrackEndpoint', into: 'do_not_track_endpoints', read: nothingMore },
  { key: 'requestSizeLimit', into: 'size_limits', read: (block) => ({ size_limit: number(block['value']) }) },
  { key: 'rateLimit', into: 'rate_limit', read: (block) => ({ rate: number(block['rate']), per: durationSeconds(block['per']) }) },
];

/** `middleware.operations` → `extended_paths`. An operation that `paths` does not have is left out. */
export function endpointsToClassic(document: JsonObject): JsonObject {
  const lists: Record<string, JsonObject[]> = {};
  const settings = operationSettings(document);
  for (const { path, method, operationId } of operationsOf(document)) {
    const blocks = operationId === '' ? {} : object(settings[operationId]);
    for (const feature of FEATURES) {
      if (blocks[feature.key] === undefined) continue;
      const block = object(blocks[feature.key]);
      (lists[feature.into] ??= []).push({ disabled: !isOn(block), path, method, ...feature.read(block) });
    }
    addValidation(lists, path, method, blocks['validateRequest']);
    addPlugin(lists, path, method, objects(blocks['postPlugins'])[0]);
  }
  return lists;
}

/** Validation has its own polarity in Classic: `enabled`. */
function addValidation(lists: Record<string, JsonObject[]>, path: string, method: string, block: unknown): void {
  if (block === undefined) return;
  const error_response_code = number(object(block)['errorResponseCode']);
  (lists['validate_request'] ??= []).push({ enabled: isOn(block), path, method, error_response_code });
}

function addPlugin(lists: Record<string, JsonObject[]>, path: string, method: string, plugin: JsonObject | undefined): void {
  if (plugin === undefined) return;
  const func_name = text(plugin['functionName'] ?? plugin['name']);
  (lists['go_plugin'] ??= []).push({ disabled: !isOn(plugin), path, method, plugin_path: text(plugin['path']), func_name });
}

function templateEntry(block: JsonObject): JsonObject {
  const body = text(block['body']);
  const source = body === '' ? { template_mode: 'file', template_source: text(block['path']) } : { template_mode: 'blob', template_source: body };
  return { template_data: { input_type: text(block['format']), enable_session: true, ...source } };
}

function cacheEntry(block: JsonObject): JsonObject {
  const { cacheByRegex, cacheResponseCodes, timeout } = block;
  return { cache_key_regex: text(cacheByRegex), cache_response_codes: cacheResponseCodes ?? null, timeout: number(timeout) };
}

/** `duration` is the newer of the two and wins where both are given. */
function timeoutEntry(block: JsonObject): JsonObject {
  const duration = text(block['duration']);
  return { timeout: number(block['value']), ...(duration !== '' && { duration }) };
}

function virtualEntry(block: JsonObject): JsonObject {
  const { functionName, name, path, body, proxyOnError, requireSession } = block;
  const inline = text(body) !== '';
  return {
    response_function_name: text(functionName ?? name),
    function_source_type: inline ? 'blob' : 'file',
    function_source_uri: inline ? text(body) : text(path),
    use_session: flag(requireSession),
    proxy_on_error: flag(proxyOnError),
  };
}

function breakerEntry(block: JsonObject): JsonObject {
  const { threshold, sampleSize, coolDownPeriod, halfOpenStateEnabled } = block;
  return {
    threshold_percent: number(threshold),
    samples: number(sampleSize),
    return_to_service_after: number(coolDownPeriod),
    disable_half_open_state: !flag(halfOpenStateEnabled),
  };
}
