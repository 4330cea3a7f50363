export interface ServerCertificate {
  readonly domain_name: string;
  readonly cert_file: string;
  readonly key_file: string;
}

export interface HttpServerConfig {
  readonly read_timeout: number;
  readonly write_timeout: number;
  readonly use_ssl: boolean;
  readonly use_ssl_le: boolean;
  readonly override_defaults: boolean;
  readonly certificates: readonly ServerCertificate[];
  readonly ssl_certificates: readonly string[];
  readonly min_version: number;
  readonly max_version: number;
  readonly ssl_ciphers: readonly string[];
  readonly server_name: string;
  readonly ssl_insecure_skip_verify: boolean;
  readonly skip_client_ca_announcement: boolean;
  readonly enable_http2: boolean;
  readonly enable_websockets: boolean;
  readonly enable_strict_routes: boolean;
  readonly enable_path_prefix_matching: boolean;
  readonly enable_path_suffix_matching: boolean;
  readonly flush_interval: number;
  readonly skip_url_cleaning: boolean;
  readonly skip_target_path_escaping: boolean;
  readonly max_request_body_size: number;
  readonly max_response_body_size: number;
  readonly xff_depth: number;
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export interface PortList {
  readonly ranges: readonly PortRange[];
  readonly ports: readonly number[];
}

export interface PortsWhitelist {
  readonly http: PortList;
  readonly https: PortList;
  readonly tcp: PortList;
  readonly tls: PortList;
  readonly h2c: PortList;
}

/** Listeners, control API and how the process starts and stops. */
export interface ListeningConfig {
  readonly hostname: string;
  readonly listen_address: string;
  readonly listen_port: number;
  readonly control_api_hostname: string;
  readonly control_api_port: number;
  readonly secret: string;
  readonly node_secret: string;
  readonly enable_config_inspection: boolean;
  readonly http_server_options: HttpServerConfig;
  readonly ports_whitelist: PortsWhitelist;
  readonly disable_ports_whitelist: boolean;
  readonly enable_custom_domains: boolean;
  readonly version_header: string;
  readonly hide_generator_header: boolean;
  readonly health_check_endpoint_name: string;
  readonly readiness_check_endpoint_name: string;
  readonly graceful_shutdown_timeout_duration: number;
  readonly graceful_shutdown_delay_seconds: number;
  readonly liveness_check: { readonly check_duration: number };
  readonly close_connections: boolean;
  readonly pid_file_location: string;
}
