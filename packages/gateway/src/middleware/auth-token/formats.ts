import type { AuthConfig, ClassicApi } from '../../definition/classic/types.ts';
import type { AuthTokenConfig } from './schema.ts';

/** Standard authentication, also where nothing else is configured (spec/gateway/auth.md §2). OAS documents become the same fields. */
export function fromClassic(api: ClassicApi): AuthTokenConfig | undefined {
  return api.use_keyless || !isTokenApi(api) ? undefined : sourcesOf(api);
}

/** What `strip_auth_data` takes out; the field always, also where the credential is not read from it. */
export function stripFromClassic(api: ClassicApi): AuthTokenConfig | undefined {
  if (api.use_keyless || !api.strip_auth_data || !isTokenApi(api)) return undefined;
  return { ...sourcesOf(api), header: configOf(api).auth_header_name || 'Authorization' };
}

export function configOf(api: ClassicApi): AuthConfig {
  return api.auth_configs?.['authToken'] ?? api.auth;
}

function isTokenApi(api: ClassicApi): boolean {
  return api.use_standard_auth || !usesOtherMethod(api);
}

function usesOtherMethod(api: ClassicApi): boolean {
  const plugin = api.custom_plugin_auth_enabled || api.use_go_plugin_auth || api.enable_coprocess_auth;
  return plugin || api.use_oauth2 || api.external_oauth.enabled || api.use_basic_auth || api.enable_signature_checking || api.enable_jwt || api.use_openid;
}

function sourcesOf(api: ClassicApi): AuthTokenConfig {
  const config = configOf(api);
  const header = config.disable_header ? '' : config.auth_header_name || 'Authorization';
  const name = header === '' ? 'Authorization' : header;
  return { header, query: config.use_param ? config.param_name || name : '', cookie: config.use_cookie ? config.cookie_name || name : '' };
}
