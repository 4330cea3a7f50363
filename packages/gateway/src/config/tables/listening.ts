import { boolean, duration, integer, integers, items, section, type Table, text, texts } from '../field.ts';
import type { HttpServerConfig, ListeningConfig, PortList, ServerCertificate } from '../types/listening.ts';

const certificate: Table<ServerCertificate> = {
  domain_name: text('Server name that the certificate is for; `*` for any.'),
  cert_file: text('PEM file with the certificate and its chain.'),
  key_file: text('PEM file with the private key.'),
};

const httpServer: Table<HttpServerConfig> = {
  read_timeout: integer('Seconds that a client may take to send a request.', { zero: 120, initial: 120 }),
  write_timeout: integer('Seconds that a client may take to receive an answer.', { zero: 120, initial: 120 }),
  use_ssl: boolean('The main port speaks TLS.'),
  use_ssl_le: boolean('Certificates from an ACME service.'),
  override_defaults: boolean('Was needed to make the time limits count; they always do.', { unused: true }),
  certificates: items('Certificate files per server name.', certificate),
  ssl_certificates: texts('Certificates by store id or file path.'),
  min_version: integer('Oldest TLS version: 769 (1.0) to 772 (1.3).', { zero: 771 }),
  max_version: integer('Newest TLS version: 769 (1.0) to 772 (1.3).', { zero: 772 }),
  ssl_ciphers: texts('Names of the cipher suites up to TLS 1.2.', { env: 'CIPHERS' }),
  server_name: text('Server name of the main port.'),
  ssl_insecure_skip_verify: boolean('Client certificates are not checked against an authority.'),
  skip_client_ca_announcement: boolean('The names of the accepted authorities are not sent to clients.'),
  enable_http2: boolean('HTTP/2 for clients over TLS.', { product: true }),
  enable_websockets: boolean('Upgrades such as WebSocket are passed on.', { product: true }),
  enable_strict_routes: boolean('A listen path `/app` does not answer `/apple`.', { product: true }),
  enable_path_prefix_matching: boolean('Endpoint paths match from the start of the path only.', { product: true }),
  enable_path_suffix_matching: boolean('Endpoint paths match up to the end of the path only.', { product: true }),
  flush_interval: integer('Milliseconds between flushes of a streamed answer; 0 passes on what arrives.'),
  skip_url_cleaning: boolean('`//` and `..` in paths are left as they are.'),
  skip_target_path_escaping: boolean('The path reaches the upstream with the escapes of the client.'),
  max_request_body_size: integer('Bytes; larger requests are refused with 413. 0 is no limit.'),
  max_response_body_size: integer('Bytes; larger answers become 500. 0 is no limit.'),
  xff_depth: integer('Which X-Forwarded-For entry is the client, counted from the right; 0 takes the first.', { product: 1 }),
};

const portList: Table<PortList> = {
  ranges: items('Ports from … to, both included.', { from: integer('First port.'), to: integer('Last port.') }),
  ports: integers('Single ports.'),
};

export const listening: Table<ListeningConfig> = {
  hostname: text('Host name that the whole gateway answers to; empty for any.'),
  listen_address: text('Address to listen on; empty for all.', { product: '127.0.0.1' }),
  listen_port: integer('Main port.', { initial: 8080, product: 8080 }),
  control_api_hostname: text('Host name of profiler and configuration inspection.'),
  control_api_port: integer('Own port for `/tyk/*` and the checks; 0 keeps them on the main port.'),
  secret: text('Value of X-Tyk-Authorization for the control API; also encrypts private keys.', {
    secret: true,
    initial: '352d20ee67be67f6340b4c0605b044b7',
    product: '',
  }),
  node_secret: text('Secret that registers the gateway with a dashboard.', { secret: true }),
  enable_config_inspection: boolean('`/config` and `/env` answer, with secrets masked.'),
  http_server_options: section('HTTP and TLS of the listeners.', httpServer),
  ports_whitelist: section(
    'Ports that APIs may listen on, by protocol.',
    {
      http: section('HTTP ports.', portList),
      https: section('HTTPS ports.', portList),
      tcp: section('TCP ports.', portList),
      tls: section('TLS ports.', portList),
      h2c: section('Clear-text HTTP/2 ports.', portList),
    },
    { env: 'PORTWHITELIST', json: true },
  ),
  disable_ports_whitelist: boolean('APIs may listen on any port.', { env: 'DISABLEPORTWHITELIST' }),
  enable_custom_domains: boolean('The `domain` of an API counts.', { product: true }),
  version_header: text('Answer header that names the version where the default was taken.'),
  hide_generator_header: boolean('Errors carry no X-Generator.'),
  health_check_endpoint_name: text('Path of the health answer.', { zero: 'hello', initial: 'hello' }),
  readiness_check_endpoint_name: text('Path of the readiness answer.', { zero: 'ready', initial: 'ready' }),
  graceful_shutdown_timeout_duration: integer('Seconds that open requests have to finish at a shutdown.', { zero: 30, initial: 30 }),
  graceful_shutdown_delay_seconds: integer('Seconds between turning unready and closing the listeners.'),
  liveness_check: section('Checks behind the health answer.', { check_duration: duration('Time between two checks.', { zero: 10, initial: 10 }) }),
  close_connections: boolean('Client connections are closed after each answer.'),
  pid_file_location: text('Where the process id is written.', { initial: '/var/run/tyk/tyk-gateway.pid', unused: true }),
};
