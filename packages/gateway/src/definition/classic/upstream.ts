import { bool, int, list, map, omitEmpty, string, struct, uint16, type GoStruct } from '../go-json.ts';

export interface RequestSigning {
  is_enabled: boolean;
  secret: string;
  key_id: string;
  algorithm: string;
  header_list: string[] | null;
  certificate_id: string;
  signature_header: string;
}

export const requestSigning: GoStruct<RequestSigning> = {
  is_enabled: bool,
  secret: string,
  key_id: string,
  algorithm: string,
  header_list: list(string),
  certificate_id: string,
  signature_header: string,
};

export interface Proxy {
  preserve_host_header: boolean;
  listen_path: string;
  target_url: string;
  disable_strip_slash: boolean;
  strip_listen_path: boolean;
  enable_load_balancing: boolean;
  /** Round robin; a target's weight is how often it is listed. */
  target_list: string[] | null;
  check_host_against_uptime_tests: boolean;
  service_discovery: ServiceDiscovery;
  transport: ProxyTransport;
}

export interface ServiceDiscovery {
  use_discovery_service: boolean;
  query_endpoint: string;
  use_nested_query: boolean;
  parent_data_path: string;
  data_path: string;
  port_data_path: string;
  target_path: string;
  use_target_list: boolean;
  cache_disabled: boolean;
  /** Seconds. */
  cache_timeout: number;
  endpoint_returns_list: boolean;
}

export interface ProxyTransport {
  ssl_insecure_skip_verify: boolean;
  ssl_ciphers: string[] | null;
  /** TLS version numbers, 769 (1.0) to 772 (1.3); 0: the gateway's. */
  ssl_min_version: number;
  ssl_max_version: number;
  ssl_force_common_name_check: boolean;
  proxy_url: string;
}

const serviceDiscovery: GoStruct<ServiceDiscovery> = {
  use_discovery_service: bool,
  query_endpoint: string,
  use_nested_query: bool,
  parent_data_path: string,
  data_path: string,
  port_data_path: string,
  target_path: string,
  use_target_list: bool,
  cache_disabled: bool,
  cache_timeout: int,
  endpoint_returns_list: bool,
};

const proxyTransport: GoStruct<ProxyTransport> = {
  ssl_insecure_skip_verify: bool,
  ssl_ciphers: list(string),
  ssl_min_version: uint16,
  ssl_max_version: uint16,
  ssl_force_common_name_check: bool,
  proxy_url: string,
};

export const proxy: GoStruct<Proxy> = {
  preserve_host_header: bool,
  listen_path: string,
  target_url: string,
  disable_strip_slash: bool,
  strip_listen_path: bool,
  enable_load_balancing: bool,
  target_list: list(string),
  check_host_against_uptime_tests: bool,
  service_discovery: struct(serviceDiscovery),
  transport: struct(proxyTransport),
};

/** The header that carries a credential to the upstream; `name` empty: `Authorization`. */
export interface CredentialHeader {
  enabled: boolean;
  name: string;
}

export interface UpstreamAuth {
  enabled: boolean;
  basic_auth: UpstreamBasicAuth;
  oauth: UpstreamOAuth;
}

export interface UpstreamBasicAuth {
  enabled: boolean;
  username: string;
  password: string;
  header: CredentialHeader;
}

export interface UpstreamOAuth {
  enabled: boolean;
  allowed_authorize_types: string[] | null;
  client_credentials: UpstreamClientCredentials;
  password: UpstreamPasswordGrant;
}

interface UpstreamGrant {
  client_id: string;
  client_secret: string;
  /** `client_secret_basic`, `client_secret_post`; empty: found out. */
  method: string;
  header: CredentialHeader;
  token_url: string;
  scopes: string[] | null;
  extra_metadata: string[] | null;
}

export type UpstreamClientCredentials = UpstreamGrant;

export interface UpstreamPasswordGrant extends UpstreamGrant {
  username: string;
  password: string;
}

const credentialHeader: GoStruct<CredentialHeader> = { enabled: bool, name: string };

const clientCredentials: GoStruct<UpstreamClientCredentials> = {
  client_id: string,
  client_secret: omitEmpty(string),
  method: omitEmpty(string),
  header: struct(credentialHeader),
  token_url: string,
  scopes: omitEmpty(list(string)),
  extra_metadata: omitEmpty(list(string)),
};

const passwordGrant: GoStruct<UpstreamPasswordGrant> = {
  client_id: string,
  client_secret: omitEmpty(string),
  method: omitEmpty(string),
  header: struct(credentialHeader),
  username: string,
  password: string,
  token_url: string,
  scopes: omitEmpty(list(string)),
  extra_metadata: omitEmpty(list(string)),
};

export const upstreamAuth: GoStruct<UpstreamAuth> = {
  enabled: bool,
  basic_auth: struct<UpstreamBasicAuth>({ enabled: omitEmpty(bool), username: string, password: string, header: struct(credentialHeader) }),
  oauth: struct<UpstreamOAuth>({
    enabled: bool,
    allowed_authorize_types: list(string),
    client_credentials: struct(clientCredentials),
    password: struct(passwordGrant),
  }),
};

export interface UptimeTests {
  disabled: boolean;
  check_list: UptimeCheck[] | null;
  config: UptimeConfig;
}

/** One host to look after; in the list, a bare URL stands for the whole entry. */
export interface UptimeCheck {
  url: string;
  protocol: string;
  /** Nanoseconds. */
  timeout: number;
  enable_proxy_protocol: boolean;
  commands: { name: string; message: string }[] | null;
  method: string;
  headers: Record<string, string> | null;
  body: string;
}

export interface UptimeConfig {
  /** Seconds. */
  expire_utime_after: number;
  service_discovery: ServiceDiscovery;
  /** Seconds. */
  recheck_wait: number;
}

const uptimeCheck: GoStruct<UptimeCheck> = {
  url: string,
  protocol: string,
  timeout: int,
  enable_proxy_protocol: bool,
  commands: list(struct<NonNullable<UptimeCheck['commands']>[number]>({ name: string, message: string })),
  method: string,
  headers: map(string),
  body: string,
};

export const uptimeTests: GoStruct<UptimeTests> = {
  disabled: bool,
  check_list: list(struct(uptimeCheck, 'url')),
  config: struct<UptimeConfig>({ expire_utime_after: int, service_discovery: struct(serviceDiscovery), recheck_wait: int }),
};
