import { bool, duration, int, list, map, string, struct, type GoStruct } from '../go-json.ts';
import type { ExtendedPaths } from './endpoints.ts';
import { extendedPaths } from './endpoint-tables.ts';

/** Base and child versions (`enabled` with `versions`), or where the Classic version name is read from. */
export interface VersionDefinition {
  enabled: boolean;
  name: string;
  default: string;
  /** `header`, `url-param` or `url`. */
  location: string;
  key: string;
  strip_path: boolean;
  strip_versioning_data: boolean;
  url_versioning_pattern: string;
  fallback_to_default: boolean;
  /** Version name → API id. */
  versions: Record<string, string> | null;
}

export const versionDefinition: GoStruct<VersionDefinition> = {
  enabled: bool,
  name: string,
  default: string,
  location: string,
  key: string,
  strip_path: bool,
  strip_versioning_data: bool,
  url_versioning_pattern: string,
  fallback_to_default: bool,
  versions: map(string),
};

export interface VersionData {
  not_versioned: boolean;
  default_version: string;
  versions: Record<string, ClassicVersion> | null;
}

export interface ClassicVersion {
  name: string;
  /** `2006-01-02 15:04` in UTC; empty or `-1`: never. */
  expires: string;
  /** Used only without `use_extended_paths`. */
  paths: { ignored: string[] | null; white_list: string[] | null; black_list: string[] | null };
  use_extended_paths: boolean;
  extended_paths: ExtendedPaths;
  global_headers: Record<string, string> | null;
  global_headers_remove: string[] | null;
  global_headers_disabled: boolean;
  global_response_headers: Record<string, string> | null;
  global_response_headers_remove: string[] | null;
  global_response_headers_disabled: boolean;
  ignore_endpoint_case: boolean;
  /** Bytes. */
  global_size_limit: number;
  global_size_limit_disabled: boolean;
  global_enforce_timeout: string;
  global_enforce_timeout_disabled: boolean;
  override_target: string;
}

const classicVersion: GoStruct<ClassicVersion> = {
  name: string,
  expires: string,
  paths: struct<ClassicVersion['paths']>({ ignored: list(string), white_list: list(string), black_list: list(string) }),
  use_extended_paths: bool,
  extended_paths: struct(extendedPaths),
  global_headers: map(string),
  global_headers_remove: list(string),
  global_headers_disabled: bool,
  global_response_headers: map(string),
  global_response_headers_remove: list(string),
  global_response_headers_disabled: bool,
  ignore_endpoint_case: bool,
  global_size_limit: int,
  global_size_limit_disabled: bool,
  global_enforce_timeout: duration,
  global_enforce_timeout_disabled: bool,
  override_target: string,
};

export const versionData: GoStruct<VersionData> = { not_versioned: bool, default_version: string, versions: map(struct(classicVersion)) };
