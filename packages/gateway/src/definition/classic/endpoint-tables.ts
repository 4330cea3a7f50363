import { any, bool, duration, float, int, list, map, omitEmpty, string, struct, type GoKind, type GoStruct } from '../go-json.ts';
import type * as t from './endpoints.ts';

const endpoint: GoStruct<t.Endpoint> = { disabled: bool, path: string, method: string };

const methodAction: GoStruct<t.MethodAction> = { action: string, code: int, data: string, headers: map(string) };

const listedEndpoint: GoStruct<t.ListedEndpoint> = { ...endpoint, ignore_case: bool, method_actions: omitEmpty(map(struct(methodAction))) };

const mockResponse: GoStruct<t.MockResponse> = {
  disabled: bool,
  ignore_case: bool,
  path: string,
  method: string,
  code: int,
  body: string,
  headers: map(string),
};

const cacheEndpoint: GoStruct<t.CacheEndpoint> = {
  disabled: bool,
  method: string,
  path: string,
  cache_key_regex: string,
  cache_response_codes: list(int),
  timeout: int,
};

const bodyTransform: GoStruct<t.BodyTransform> = {
  disabled: bool,
  template_data: struct<t.BodyTransform['template_data']>({ input_type: string, template_mode: string, enable_session: bool, template_source: string }),
  path: string,
  method: string,
};

const jqTransform: GoStruct<t.JqTransform> = { filter: string, path: string, method: string };

const headerTransform: GoStruct<t.HeaderTransform> = {
  disabled: bool,
  delete_headers: list(string),
  add_headers: map(string),
  path: string,
  method: string,
  act_on: bool,
};

const hardTimeout: GoStruct<t.HardTimeout> = { ...endpoint, timeout: int, duration: omitEmpty(duration) };

const circuitBreaker: GoStruct<t.CircuitBreaker> = {
  ...endpoint,
  threshold_percent: float,
  samples: int,
  return_to_service_after: int,
  disable_half_open_state: bool,
};

const matches: GoKind<Record<string, t.RegexMatch> | null> = map(struct<t.RegexMatch>({ match_rx: string, reverse: bool }));

const triggerOptions: GoStruct<t.TriggerOptions> = {
  header_matches: matches,
  query_val_matches: matches,
  path_part_matches: matches,
  session_meta_matches: matches,
  request_context_matches: matches,
  payload_matches: struct<t.RegexMatch>({ match_rx: string, reverse: bool }),
};

const urlRewrite: GoStruct<t.UrlRewrite> = {
  ...endpoint,
  match_pattern: string,
  rewrite_to: string,
  triggers: list(struct<t.RewriteTrigger>({ on: string, options: struct(triggerOptions), rewrite_to: string })),
};

const virtualEndpoint: GoStruct<t.VirtualEndpoint> = {
  disabled: bool,
  response_function_name: string,
  function_source_type: string,
  function_source_uri: string,
  path: string,
  method: string,
  use_session: bool,
  proxy_on_error: bool,
};

const validateJson: GoStruct<t.ValidateJson> = { ...endpoint, schema: map(any), schema_b64: omitEmpty(string), error_response_code: int };

const validateRequest: GoStruct<t.ValidateRequest> = { enabled: bool, path: string, method: string, error_response_code: int };

const persistGraphql: GoStruct<t.PersistGraphql> = { path: string, method: string, operation: string, variables: map(any) };

function entries<T>(fields: GoStruct<T>): GoKind<T[] | null> {
  return omitEmpty(list(struct(fields)));
}

export const extendedPaths: GoStruct<t.ExtendedPaths> = {
  ignored: entries(listedEndpoint),
  white_list: entries(listedEndpoint),
  black_list: entries(listedEndpoint),
  mock_response: entries(mockResponse),
  cache: omitEmpty(list(string)),
  advance_cache_config: entries(cacheEndpoint),
  transform: entries(bodyTransform),
  transform_response: entries(bodyTransform),
  transform_jq: entries(jqTransform),
  transform_jq_response: entries(jqTransform),
  transform_headers: entries(headerTransform),
  transform_response_headers: entries(headerTransform),
  hard_timeouts: entries(hardTimeout),
  circuit_breakers: entries(circuitBreaker),
  url_rewrites: entries(urlRewrite),
  virtual: entries(virtualEndpoint),
  size_limits: entries<t.SizeLimit>({ ...endpoint, size_limit: int }),
  method_transforms: entries<t.MethodTransform>({ ...endpoint, to_method: string }),
  track_endpoints: entries(endpoint),
  do_not_track_endpoints: entries(endpoint),
  validate_json: entries(validateJson),
  validate_request: entries(validateRequest),
  internal: entries(endpoint),
  go_plugin: entries<t.GoPlugin>({ ...endpoint, plugin_path: string, func_name: string }),
  persist_graphql: list(struct(persistGraphql)),
  rate_limit: list(struct<t.EndpointRateLimit>({ ...endpoint, rate: float, per: float })),
};
