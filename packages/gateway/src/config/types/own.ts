/** Settings that Tyk does not have. */
export interface OwnConfig {
  readonly admin_listen_address: string;
  readonly admin_listen_port: number;
  readonly data_threads: number;
  readonly data_path: string;
  readonly watch_definitions: boolean;
  readonly upstream_ca_file: string;
  readonly trusted_proxies: readonly string[];
}
