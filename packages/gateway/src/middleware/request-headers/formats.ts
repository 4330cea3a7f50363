import type { ClassicVersion } from '../../definition/classic/types.ts';
import { type Located, readEndpoints } from '../endpoint-config.ts';
import { isEmpty, NO_RULES } from '../header-rules.ts';
import type { EndpointHeaders, RequestHeadersConfig } from './schema.ts';

export type RequestHeaders = RequestHeadersConfig & { readonly endpoints: readonly Located<EndpointHeaders>[] };

/** `global_headers*` and `transform_headers` of a version. */
export function fromClassic(version: ClassicVersion): RequestHeaders | undefined {
  const global = version.global_headers_disabled ? NO_RULES : { remove: version.global_headers_remove ?? [], set: version.global_headers ?? {} };
  const endpoints = readEndpoints(version, 'transform_headers', ({ delete_headers, add_headers }) => ({
    rules: { remove: delete_headers ?? [], set: add_headers ?? {} },
  }));
  return isEmpty(global) && endpoints.length === 0 ? undefined : { global, endpoints };
}
