import { wholeSeconds } from './duration.ts';
import { flag, isOn, type JsonObject, mapList, nameValues, number, object, objects, text, textList } from './json.ts';

const globalOf = (extension: JsonObject): JsonObject => object(object(extension['middleware'])['global']);

/** `middleware.global` → the top-level Classic fields (spec §5). */
export function globalToClassic(extension: JsonObject): JsonObject {
  const global = globalOf(extension);
  return {
    CORS: corsToClassic(object(global['cors'])),
    cache_options: cacheToClassic(object(global['cache'])),
    enable_context_vars: isOn(global['contextVariables'] ?? object(extension['server'])['contextVariables']),
    ...trafficLogs(object(global['trafficLogs'])),
    ...bundle(object(global['pluginConfig'])),
    disable_rate_limit: flag(global['skipRateLimit']),
    disable_quota: flag(global['skipQuota']),
    dont_set_quota_on_create: flag(global['skipQuotaReset']),
  };
}

function corsToClassic(cors: JsonObject): JsonObject {
  return {
    enable: isOn(cors),
    allowed_origins: textList(cors['allowedOrigins']),
    allowed_methods: textList(cors['allowedMethods']),
    allowed_headers: textList(cors['allowedHeaders']),
    exposed_headers: textList(cors['exposedHeaders']),
    allow_credentials: flag(cors['allowCredentials']),
    max_age: number(cors['maxAge']),
    options_passthrough: flag(cors['optionsPassthrough']),
    debug: flag(cors['debug']),
  };
}

function cacheToClassic(cache: JsonObject): JsonObject {
  return {
    enable_cache: isOn(cache),
    cache_timeout: number(cache['timeout']),
    cache_all_safe_requests: flag(cache['cacheAllSafeRequests']),
    cache_response_codes: cache['cacheResponseCodes'] ?? null,
    cache_by_headers: textList(cache['cacheByHeaders']),
    enable_upstream_cache_control: flag(cache['enableUpstreamCacheControl']),
    cache_control_ttl_header: text(cache['controlTTLHeaderName']),
  };
}

function trafficLogs(logs: JsonObject): JsonObject {
  const plugin = object(objects(logs['plugins'])[0]);
  return {
    do_not_track: !isOn(logs),
    tag_headers: textList(logs['tagHeaders']),
    expire_analytics_after: wholeSeconds(logs['customRetentionPeriod']),
    analytics_plugin: isOn(plugin) ? { enable: true, plugin_path: text(plugin['path']), func_name: text(plugin['functionName']) } : {},
  };
}

function bundle(config: JsonObject): JsonObject {
  const data = object(config['data']);
  return {
    custom_middleware_bundle: text(object(config['bundle'])['path']),
    custom_middleware_bundle_disabled: !isOn(config['bundle']),
    config_data: data['value'] === undefined ? null : object(data['value']),
    config_data_disabled: !isOn(data),
  };
}

/** Plugins of the four places and their driver: the part of `custom_middleware` that does not authenticate. */
export function pluginsToClassic(extension: JsonObject): JsonObject {
  const global = globalOf(extension);
  return {
    driver: text(object(global['pluginConfig'])['driver']),
    pre: pluginList(global, 'prePlugin'),
    post_key_auth: pluginList(global, 'postAuthenticationPlugin'),
    post: pluginList(global, 'postPlugin'),
    response: pluginList(global, 'responsePlugin'),
  };
}

/** `prePlugins: […]`, or the older `prePlugin: {plugins: […]}`. */
function pluginList(global: JsonObject, place: string): readonly JsonObject[] | null {
  return mapList(global[`${place}s`] ?? object(global[place])['plugins'], pluginToClassic);
}

function pluginToClassic(plugin: JsonObject): JsonObject {
  const { functionName, path, code, requireSession, rawBodyOnly } = plugin;
  return {
    disabled: !isOn(plugin),
    name: text(functionName),
    path: text(path),
    ...(code !== undefined && { code: text(code) }),
    require_session: flag(requireSession),
    raw_body_only: flag(rawBodyOnly),
  };
}

/** The settings that Classic keeps in its one version entry: global headers, size limit, timeout, case of endpoint paths. */
export function versionSettings(extension: JsonObject): JsonObject {
  const { transformRequestHeaders, transformResponseHeaders, requestSizeLimit, ignoreCase } = globalOf(extension);
  const timeout = object(object(extension['upstream'])['enforceTimeout']);
  return {
    global_headers: nameValues(object(transformRequestHeaders)['add']),
    global_headers_remove: textList(object(transformRequestHeaders)['remove']),
    global_headers_disabled: !isOn(transformRequestHeaders),
    global_response_headers: nameValues(object(transformResponseHeaders)['add']),
    global_response_headers_remove: textList(object(transformResponseHeaders)['remove']),
    global_response_headers_disabled: !isOn(transformResponseHeaders),
    ignore_endpoint_case: isOn(ignoreCase),
    global_size_limit: number(object(requestSizeLimit)['value']),
    global_size_limit_disabled: !isOn(requestSizeLimit),
    global_enforce_timeout: text(timeout['duration']) || '0s',
    global_enforce_timeout_disabled: !isOn(timeout),
  };
}
