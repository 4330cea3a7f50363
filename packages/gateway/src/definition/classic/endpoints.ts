/** What most entries begin with. `path` is a template or pattern relative to the listen path, `method` upper case. */
export interface Endpoint {
  disabled: boolean;
  path: string;
  method: string;
}

export interface ListedEndpoint extends Endpoint {
  ignore_case: boolean;
  /** Method → action; used only while `method` is empty (deprecated). */
  method_actions: Record<string, MethodAction> | null;
}

export interface MethodAction {
  /** `no_action` or `reply`. */
  action: string;
  code: number;
  data: string;
  headers: Record<string, string> | null;
}

export interface MockResponse extends Endpoint {
  ignore_case: boolean;
  code: number;
  body: string;
  headers: Record<string, string> | null;
}

export interface CacheEndpoint extends Endpoint {
  cache_key_regex: string;
  cache_response_codes: number[] | null;
  /** Seconds. */
  timeout: number;
}

export interface BodyTransform extends Endpoint {
  template_data: {
    /** `json` or `xml`. */
    input_type: string;
    /** `blob` (Base64) or `file`. */
    template_mode: string;
    enable_session: boolean;
    template_source: string;
  };
}

export interface JqTransform {
  filter: string;
  path: string;
  method: string;
}

export interface HeaderTransform extends Endpoint {
  delete_headers: string[] | null;
  add_headers: Record<string, string> | null;
  act_on: boolean;
}

export interface HardTimeout extends Endpoint {
  /** Seconds. */
  timeout: number;
  /** Wins over `timeout` unless it is `0s`. */
  duration: string;
}

export interface CircuitBreaker extends Endpoint {
  /** 0 to 1. */
  threshold_percent: number;
  samples: number;
  /** Seconds. */
  return_to_service_after: number;
  disable_half_open_state: boolean;
}

export interface UrlRewrite extends Endpoint {
  match_pattern: string;
  rewrite_to: string;
  triggers: RewriteTrigger[] | null;
}

export interface RewriteTrigger {
  /** `all` or `any`. */
  on: string;
  options: TriggerOptions;
  rewrite_to: string;
}

export interface TriggerOptions {
  header_matches: Record<string, RegexMatch> | null;
  query_val_matches: Record<string, RegexMatch> | null;
  path_part_matches: Record<string, RegexMatch> | null;
  session_meta_matches: Record<string, RegexMatch> | null;
  request_context_matches: Record<string, RegexMatch> | null;
  payload_matches: RegexMatch;
}

export interface RegexMatch {
  match_rx: string;
  reverse: boolean;
}

export interface VirtualEndpoint extends Endpoint {
  response_function_name: string;
  function_source_type: string;
  function_source_uri: string;
  use_session: boolean;
  proxy_on_error: boolean;
}

export interface SizeLimit extends Endpoint {
  /** Bytes. */
  size_limit: number;
}

export interface MethodTransform extends Endpoint {
  to_method: string;
}

export interface ValidateJson extends Endpoint {
  schema: Record<string, unknown> | null;
  schema_b64: string;
  error_response_code: number;
}

export interface ValidateRequest {
  enabled: boolean;
  path: string;
  method: string;
  error_response_code: number;
}

export interface GoPlugin extends Endpoint {
  plugin_path: string;
  func_name: string;
}

export interface PersistGraphql {
  path: string;
  method: string;
  operation: string;
  variables: Record<string, unknown> | null;
}

export interface EndpointRateLimit extends Endpoint {
  rate: number;
  /** Seconds. */
  per: number;
}

/** All endpoint middleware of a version; counts only with `use_extended_paths`. */
export interface ExtendedPaths {
  ignored: ListedEndpoint[] | null;
  white_list: ListedEndpoint[] | null;
  black_list: ListedEndpoint[] | null;
  mock_response: MockResponse[] | null;
  /** Paths that are cached with the API's own time. */
  cache: string[] | null;
  advance_cache_config: CacheEndpoint[] | null;
  transform: BodyTransform[] | null;
  transform_response: BodyTransform[] | null;
  transform_jq: JqTransform[] | null;
  transform_jq_response: JqTransform[] | null;
  transform_headers: HeaderTransform[] | null;
  transform_response_headers: HeaderTransform[] | null;
  hard_timeouts: HardTimeout[] | null;
  circuit_breakers: CircuitBreaker[] | null;
  url_rewrites: UrlRewrite[] | null;
  virtual: VirtualEndpoint[] | null;
  size_limits: SizeLimit[] | null;
  method_transforms: MethodTransform[] | null;
  track_endpoints: Endpoint[] | null;
  do_not_track_endpoints: Endpoint[] | null;
  validate_json: ValidateJson[] | null;
  validate_request: ValidateRequest[] | null;
  internal: Endpoint[] | null;
  go_plugin: GoPlugin[] | null;
  persist_graphql: PersistGraphql[] | null;
  rate_limit: EndpointRateLimit[] | null;
}
