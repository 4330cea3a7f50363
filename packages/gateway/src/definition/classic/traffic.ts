import { bool, float, int, list, map, omitEmpty, pointerTo, string, struct, type GoKind, type GoStruct } from '../go-json.ts';

export interface CacheOptions {
  /** Seconds. */
  cache_timeout: number;
  enable_cache: boolean;
  cache_all_safe_requests: boolean;
  /** Empty: any status. */
  cache_response_codes: number[] | null;
  enable_upstream_cache_control: boolean;
  cache_control_ttl_header: string;
  cache_by_headers: string[] | null;
}

export const cacheOptions: GoStruct<CacheOptions> = {
  cache_timeout: int,
  enable_cache: bool,
  cache_all_safe_requests: bool,
  cache_response_codes: list(int),
  enable_upstream_cache_control: bool,
  cache_control_ttl_header: string,
  cache_by_headers: list(string),
};

export interface Cors {
  enable: boolean;
  allowed_origins: string[] | null;
  allowed_methods: string[] | null;
  allowed_headers: string[] | null;
  exposed_headers: string[] | null;
  allow_credentials: boolean;
  /** Seconds. */
  max_age: number;
  options_passthrough: boolean;
  debug: boolean;
}

export const cors: GoStruct<Cors> = {
  enable: bool,
  allowed_origins: list(string),
  allowed_methods: list(string),
  allowed_headers: list(string),
  exposed_headers: list(string),
  allow_credentials: bool,
  max_age: int,
  options_passthrough: bool,
  debug: bool,
};

/** All callers of the API together; off when `rate` or `per` (seconds) is 0. */
export interface GlobalRateLimit {
  disabled: boolean;
  rate: number;
  per: number;
}

export const globalRateLimit: GoStruct<GlobalRateLimit> = { disabled: bool, rate: float, per: float };

/** Replaces the gateway's own error answers; the map's key is a status or a class such as `4xx`. */
export interface ErrorOverride {
  match: { flag: string; message_pattern: string; body_field: string; body_value: string } | null;
  response: { status_code: number; body: string; message: string; template: string; headers: Record<string, string> | null };
}

type Match = NonNullable<ErrorOverride['match']>;

const errorOverride: GoStruct<ErrorOverride> = {
  match: omitEmpty(
    pointerTo(struct<Match>({ flag: omitEmpty(string), message_pattern: omitEmpty(string), body_field: omitEmpty(string), body_value: omitEmpty(string) })),
  ),
  response: struct<ErrorOverride['response']>({
    status_code: omitEmpty(int),
    body: omitEmpty(string),
    message: omitEmpty(string),
    template: omitEmpty(string),
    headers: omitEmpty(map(string)),
  }),
};

export const errorOverrides: GoKind<Record<string, ErrorOverride[] | null> | null> = map(list(struct(errorOverride)));
