import type { ClassicApi, ClassicVersion } from '../../definition/classic/types.ts';
import { type Located, readEndpoints } from '../endpoint-config.ts';
import { type HeaderRules, isEmpty, NO_RULES } from '../header-rules.ts';
import type { EndpointHeaders, ResponseHeadersConfig } from './schema.ts';

export type ResponseHeaders = ResponseHeadersConfig & { readonly endpoints: readonly Located<EndpointHeaders>[] };

/** `global_response_headers*` and `transform_response_headers` of a version, and the API's `header_injector`. */
export function fromClassic(api: ClassicApi, version: ClassicVersion): ResponseHeaders | undefined {
  const { global_response_headers_remove, global_response_headers, global_response_headers_disabled } = version;
  const global = global_response_headers_disabled ? NO_RULES : { remove: global_response_headers_remove ?? [], set: global_response_headers ?? {} };
  const endpoints = readEndpoints(version, 'transform_response_headers', ({ delete_headers, add_headers }) => ({
    rules: { remove: delete_headers ?? [], set: add_headers ?? {} },
  }));
  const injected = injectorOf(api);
  return isEmpty(global) && isEmpty(injected) && endpoints.length === 0 ? undefined : { endpoints, global, injected };
}

function injectorOf({ response_processors }: ClassicApi): HeaderRules {
  const options = (response_processors ?? []).find(({ name }) => name === 'header_injector')?.options as Record<string, unknown> | null | undefined;
  const remove = Array.isArray(options?.['remove_headers']) ? options['remove_headers'].filter((name): name is string => typeof name === 'string') : [];
  const set = Object.entries(options?.['add_headers'] ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { remove, set: Object.fromEntries(set) };
}
