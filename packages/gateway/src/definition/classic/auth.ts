import { any, bool, int, list, map, omitEmpty, string, struct, uint, type GoStruct } from '../go-json.ts';

/** Where a credential is looked for, and what else is checked with it. */
export interface AuthConfig {
  name: string;
  use_param: boolean;
  param_name: string;
  use_cookie: boolean;
  cookie_name: string;
  disable_header: boolean;
  /** Empty: `Authorization`. */
  auth_header_name: string;
  /** The client's certificate is the credential (dynamic mTLS). */
  use_certificate: boolean;
  validate_signature: boolean;
  signature: SignatureConfig;
}

export interface SignatureConfig {
  algorithm: string;
  header: string;
  use_param: boolean;
  param_name: string;
  secret: string;
  /** Seconds. */
  allowed_clock_skew: number;
  error_code: number;
  error_message: string;
}

const signatureConfig: GoStruct<SignatureConfig> = {
  algorithm: string,
  header: string,
  use_param: bool,
  param_name: string,
  secret: string,
  allowed_clock_skew: int,
  error_code: int,
  error_message: string,
};

export const authConfig: GoStruct<AuthConfig> = {
  name: string,
  use_param: bool,
  param_name: string,
  use_cookie: bool,
  cookie_name: string,
  disable_header: bool,
  auth_header_name: string,
  use_certificate: bool,
  validate_signature: bool,
  signature: struct(signatureConfig),
};

export interface BasicAuth {
  disable_caching: boolean;
  /** Seconds; 0: 60. */
  cache_ttl: number;
  extract_from_body: boolean;
  body_user_regexp: string;
  body_password_regexp: string;
}

export const basicAuth: GoStruct<BasicAuth> = {
  disable_caching: bool,
  cache_ttl: int,
  extract_from_body: bool,
  body_user_regexp: string,
  body_password_regexp: string,
};

export interface ExternalOAuth {
  enabled: boolean;
  /** Only the first one is evaluated. */
  providers: ExternalProvider[] | null;
}

export interface ExternalProvider {
  jwt: ExternalJwt;
  introspection: Introspection;
}

export interface ExternalJwt {
  enabled: boolean;
  signing_method: string;
  source: string;
  /** Seconds, as the two below. */
  issued_at_validation_skew: number;
  not_before_validation_skew: number;
  expires_at_validation_skew: number;
  identity_base_field: string;
}

export interface Introspection {
  enabled: boolean;
  url: string;
  client_id: string;
  client_secret: string;
  identity_base_field: string;
  /** `timeout` in seconds. */
  cache: { enabled: boolean; timeout: number };
}

const externalJwt: GoStruct<ExternalJwt> = {
  enabled: bool,
  signing_method: string,
  source: string,
  issued_at_validation_skew: uint,
  not_before_validation_skew: uint,
  expires_at_validation_skew: uint,
  identity_base_field: string,
};

const introspection: GoStruct<Introspection> = {
  enabled: bool,
  url: string,
  client_id: string,
  client_secret: string,
  identity_base_field: string,
  cache: struct<Introspection['cache']>({ enabled: bool, timeout: int }),
};

export const externalOAuth: GoStruct<ExternalOAuth> = {
  enabled: bool,
  providers: list(struct<ExternalProvider>({ jwt: struct(externalJwt), introspection: struct(introspection) })),
};

export interface OpenIdOptions {
  /** `client_ids`: Base64 of the client id → policy id. */
  providers: { issuer: string; client_ids: Record<string, string> | null }[] | null;
  segregate_by_client: boolean;
}

export const openIdOptions: GoStruct<OpenIdOptions> = {
  providers: list(struct<NonNullable<OpenIdOptions['providers']>[number]>({ issuer: string, client_ids: map(string) })),
  segregate_by_client: bool,
};

export interface OAuthMeta {
  allowed_access_types: string[] | null;
  allowed_authorize_types: string[] | null;
  auth_login_redirect: string;
}

export const oauthMeta: GoStruct<OAuthMeta> = { allowed_access_types: list(string), allowed_authorize_types: list(string), auth_login_redirect: string };

export interface ScopeClaim {
  scope_claim_name: string;
  scope_to_policy: Record<string, string> | null;
}

export interface Scopes {
  jwt: ScopeClaim;
  oidc: ScopeClaim;
}

const scopeClaim: GoStruct<ScopeClaim> = { scope_claim_name: omitEmpty(string), scope_to_policy: omitEmpty(map(string)) };

export const scopes: GoStruct<Scopes> = { jwt: struct(scopeClaim), oidc: struct(scopeClaim) };

export interface Notifications {
  shared_secret: string;
  oauth_on_keychange_url: string;
}

export const notifications: GoStruct<Notifications> = { shared_secret: string, oauth_on_keychange_url: string };

/** Where keys or sessions are kept; only `storage_engine` has an effect. */
export interface StorageProvider {
  name: string;
  storage_engine: string;
  meta: Record<string, unknown> | null;
}

export const storageProvider: GoStruct<StorageProvider> = { name: string, storage_engine: string, meta: map(any) };
