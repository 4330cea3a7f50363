import type { ClassicApi } from './types.ts';

/**
 * A posted definition as Tyk stores it: it is Classic whatever it says of itself, and where the older `auth` block names no header it gets what
 * `auth_configs.authToken` says (spec/gateway/api-definition-classic.md §2). The given one is left as it is.
 */
export function asStored(api: ClassicApi): ClassicApi {
  const token = api.auth_configs !== null && Object.hasOwn(api.auth_configs, 'authToken') ? api.auth_configs['authToken'] : undefined;
  const auth = api.auth.auth_header_name === '' && token !== undefined ? token : api.auth;
  return { ...api, auth, is_oas: false };
}
