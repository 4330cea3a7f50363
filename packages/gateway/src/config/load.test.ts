import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig, type LoadedConfig, productDefaults } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function load(text: string, options: { env?: Record<string, string>; compat?: boolean; name?: string } = {}): LoadedConfig {
  const file = join(folder, options.name ?? 'tyk.conf');
  writeFileSync(file, text);
  return loadConfig({ files: [file], ...options });
}

const fromEnv = (env: Record<string, string>): LoadedConfig => loadConfig({ env });

const texts = ({ problems }: LoadedConfig): readonly string[] => problems.map(({ path, message, hint }) => `${path}: ${message}; ${hint}`);

describe('defaults-and-config.md, summary 3: defaults exist only without a file', () => {
  it('no file: built-in defaults', () => {
    const { config, file } = loadConfig();
    expect(file).toBeUndefined();
    expect(config).toMatchObject({
      listen_port: 8080,
      app_path: 'apps/',
      middleware_path: 'middleware',
      health_check_endpoint_name: 'hello',
      dns_cache: { enabled: false, ttl: 3600, check_interval: 60, multiple_ips_handle_strategy: 'no_cache' },
      liveness_check: { check_duration: 10 },
      security: { certificate_expiry_monitor: { warning_threshold_days: 30, check_cooldown_seconds: 3600, event_cooldown_seconds: 86_400 } },
      admin_listen_address: '127.0.0.1',
      data_path: '.gatehouse',
    });
  });

  it('a file is not merged with them: what it leaves out is zero', () => {
    const { config } = load('{"secret": "s"}');
    expect(config).toMatchObject({ secret: 's', listen_port: 0, app_path: '', hash_keys: false, dns_cache: { ttl: 0 } });
  });

  it.each([
    ['read_timeout', 120, ({ config }: LoadedConfig) => config.http_server_options.read_timeout],
    ['health_check_endpoint_name', 'hello', ({ config }: LoadedConfig) => config.health_check_endpoint_name],
    ['drl_threshold', 5, ({ config }: LoadedConfig) => config.drl_threshold],
    ['min_token_length', 3, ({ config }: LoadedConfig) => config.min_token_length],
    ['oauth_error_status_code', 403, ({ config }: LoadedConfig) => config.oauth_error_status_code],
    ['slave_options.group_id', 'ungrouped', ({ config }: LoadedConfig) => config.slave_options.group_id],
  ])('zero of %s is %s', (_key, value, read) => {
    expect(read(load('{}'))).toBe(value);
    expect(read(load('{"http_server_options": {"read_timeout": 0}, "drl_threshold": 0, "min_token_length": 0}'))).toBe(value);
  });

  it('the product has its own defaults', () => {
    expect(productDefaults()).toMatchObject({
      listen_port: 8080,
      listen_address: '127.0.0.1',
      secret: '',
      hash_keys: true,
      hash_key_function: 'murmur64',
      policies: { policy_source: 'file', allow_explicit_policy_id: true },
      http_server_options: { enable_strict_routes: true, enable_path_prefix_matching: true, enable_path_suffix_matching: true, xff_depth: 1 },
    });
  });
});

describe('files', () => {
  it('keys count in any case, null is zero, durations are nanoseconds', () => {
    const { config, problems, sources } = load('{"Monitor": {"monitor_user_keys": true}, "secrets": null, "liveness_check": {"check_duration": 5000000000}}');
    expect(problems).toEqual([]);
    expect(config).toMatchObject({ monitor: { monitor_user_keys: true }, secrets: {}, liveness_check: { check_duration: 5 } });
    expect([...sources.keys()]).toEqual(['/monitor/monitor_user_keys', '/liveness_check/check_duration']);
  });

  it('YAML', () => {
    const { config, problems } = load('listen_port: 81 # number\nports_whitelist:\n  http:\n    ports: [1, 2]\n    ranges:\n      - {from: 3, to: 4}\n', {
      name: 'g.yaml',
    });
    expect(problems).toEqual([]);
    expect(config).toMatchObject({ listen_port: 81, ports_whitelist: { http: { ports: [1, 2], ranges: [{ from: 3, to: 4 }] }, tls: { ports: [] } } });
  });

  it('the first file that exists is read', () => {
    writeFileSync(join(folder, 'second.conf'), '{"listen_port": 2}');
    const files = [join(folder, 'none.conf'), join(folder, 'second.conf')];
    expect(loadConfig({ files })).toMatchObject({ config: { listen_port: 2 }, file: files[1], problems: [] });
  });

  it('a file that the user named must exist', () => {
    expect(texts(loadConfig({ files: [join(folder, 'none.conf')], required: true }))).toEqual([
      `: no configuration file ${join(folder, 'none.conf')}; check the path after --conf`,
    ]);
  });
});

describe('wrong files', () => {
  it.each([
    ['{"listen_prt": 1}', '/listen_prt: unknown setting "listen_prt"; did you mean "listen_port"?'],
    ['{"http_server_options": {"use_sll": true}}', '/http_server_options/use_sll: unknown setting "use_sll"; did you mean "use_ssl"?'],
    ['{"server_name": "x"}', '/server_name: unknown setting "server_name"; did you mean "http_server_options.server_name"?'],
    ['{"kafka": {}}', '/kafka: unknown setting "kafka"; remove it, or start with --compat to leave it without effect'],
    ['{"listen_port": "81"}', '/listen_port: expected a whole number, found the text "81"; write a whole number there, or remove the setting'],
    ['{"listen_port": 1.5}', '/listen_port: expected a whole number, found number 1.5; write a whole number there, or remove the setting'],
    ['{"storage": []}', '/storage: expected an object, found a list; write an object there, or remove the setting'],
    ['{"hash_keys": 1}', '/hash_keys: expected true or false, found number 1; write true or false there, or remove the setting'],
    ['{"secrets": {"a": 1}}', '/secrets: expected an object of texts, found an object; write an object of texts there, or remove the setting'],
    [
      '{"http_server_options": {"certificates": [1]}}',
      '/http_server_options/certificates/0: expected an object, found number 1; write an object there, or remove the setting',
    ],
    [
      '{"log_level": "loud"}',
      '/log_level: expected one of "debug", "info", "warn", "error", found the text "loud"; write one of "debug", "info", "warn", "error" there, or remove the setting',
    ],
  ])('%s', (text, problem) => {
    expect(texts(load(text))).toEqual([problem]);
  });

  it('with compat an unknown key is a warning, a wrong kind stays an error', () => {
    const { problems, warnings } = load('{"kafka": 1, "listen_port": true}', { compat: true });
    expect([problems.map(({ path }) => path), warnings.map(({ path }) => path)]).toEqual([['/listen_port'], ['/kafka']]);
  });

  it.each([
    ['broken JSON', '{"secret": "x",\n "listen_port": }', 'tyk.conf', /tyk\.conf is no JSON: Unexpected token '\}'/],
    ['broken YAML', 'a: [1\nb: 2\n', 'g.yaml', /g\.yaml:\d+:\d+ is no YAML: /],
    ['no object', '- 1\n', 'g.yaml', /g\.yaml holds no object/],
  ])('%s names the file and the place', (_name, text, name, message) => {
    expect(load(text, { name }).problems.map((one) => one.message)).toEqual([expect.stringMatching(message)]);
  });
});

describe('defaults-and-config.md §2: environment', () => {
  it.each<readonly [name: string, value: string, expected: object]>([
    ['LISTENPORT', '81', { listen_port: 81 }],
    ['HTTPSERVEROPTIONS_USESSL', 't', { http_server_options: { use_ssl: true } }],
    ['HTTPSERVEROPTIONS_CIPHERS', 'A, B', { http_server_options: { ssl_ciphers: ['A', 'B'] } }],
    [
      'HTTPSERVEROPTIONS_CERTIFICATES',
      '[{"domain_name":"*","cert_file":"c","key_file":"k"}]',
      { http_server_options: { certificates: [{ domain_name: '*', cert_file: 'c', key_file: 'k' }] } },
    ],
    ['PROXYSSLCIPHERSUITES', 'A', { proxy_ssl_ciphers: ['A'] }],
    ['SECURITY_CERTIFICATES_API', 'a,b', { security: { certificates: { apis: ['a', 'b'] } } }],
    ['SECURITY_CERTIFICATES_MDCB', 'a', { security: { certificates: { mdcb_api: ['a'] } } }],
    ['PORTWHITELIST', '{"http":{"ports":[1]}}', { ports_whitelist: { http: { ports: [1] } } }],
    ['DISABLEPORTWHITELIST', 'true', { disable_ports_whitelist: true }],
    ['STORAGE_MAXIDLE', '7', { storage: { optimisation_max_idle: 7 } }],
    ['ANALYTICSSTORAGE_MAXACTIVE', '7', { analytics_storage: { optimisation_max_active: 7 } }],
    ['MAXIDLECONNSPERHOST', '7', { max_idle_connections_per_host: 7 }],
    ['MONITOR_CONFIG_HEADERLIST', 'A:b,C:d:e', { monitor: { configuration: { header_map: { A: 'b', C: 'd:e' } } } }],
    ['HEALTHCHECK_HEALTHCHECKVALUETIMEOUT', '7', { health_check: { health_check_value_timeouts: 7 } }],
    ['OAUTHREFRESHEXPIRE', '7', { oauth_refresh_token_expire: 7 }],
    ['ANALYTICSCONFIG_GEOIPDBLOCATION', 'f', { analytics_config: { geo_ip_db_path: 'f' } }],
    ['ANALYTICSCONFIG_NORMALISEURLS_CUSTOM', 'a', { analytics_config: { normalise_urls: { custom_patterns: ['a'] } } }],
    ['ENABLESEPERATECACHESTORE', '1', { enable_separate_cache_store: true }],
    ['LOCALSESSIONCACHE_DISABLECACHESESSIONSTATE', '1', { local_session_cache: { disable_cached_session_state: true } }],
    ['SLAVEOPTIONS_BINDTOSLUGSINSTEADOFLISTENPATHS', '1', { slave_options: { bind_to_slugs: true } }],
    ['HTTPPROFILE', '1', { enable_http_profiler: true }],
    ['OAS_VALIDATEEXAMPLES', '1', { oas_config: { validate_examples: true } }],
    ['ENABLESENTINELRATELIMITER', '1', { enable_sentinel_rate_limiter: true }],
    ['SECRETS', 'a:b', { secrets: { a: 'b' } }],
    ['LIVENESSCHECK_CHECKDURATION', '1m', { liveness_check: { check_duration: 60 } }],
    ['OPENTELEMETRY', '{"traces":{"enabled":true}}', { opentelemetry: { traces: { enabled: true } } }],
    ['DATATHREADS', '2', { data_threads: 2 }],
  ])('%s=%s', (name, value, expected) => {
    for (const prefix of ['TYK_GW_', 'GATEHOUSE_']) {
      const { config, problems, warnings } = fromEnv({ [prefix + name]: value });
      expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
      expect(config).toMatchObject(expected);
    }
  });

  it('wins over the file, the own prefix over the other, and the sources tell', () => {
    const { config, sources } = load('{"listen_port": 1, "hostname": "f"}', { env: { GATEHOUSE_LISTENPORT: '3', TYK_GW_LISTENPORT: '2' } });
    expect(config).toMatchObject({ listen_port: 3, hostname: 'f' });
    expect(Object.fromEntries(sources)).toEqual({ '/listen_port': 'GATEHOUSE_LISTENPORT', '/hostname': join(folder, 'tyk.conf') });
  });

  it('TYK_GW_OMITCONFIGFILE leaves the file out and starts from zero', () => {
    expect(load('{"hostname": "f"}', { env: { TYK_GW_OMITCONFIGFILE: 'true' } }).config).toMatchObject({ hostname: '', listen_port: 0 });
  });

  it.each([
    ['TYK_GW_LISTENPORT', 'x', 'TYK_GW_LISTENPORT: TYK_GW_LISTENPORT must be a whole number, not "x"; correct the variable, or unset it'],
    ['TYK_GW_HASHKEYS', 'yes', 'TYK_GW_HASHKEYS: TYK_GW_HASHKEYS must be true or false, not "yes"; correct the variable, or unset it'],
    ['GATEHOUSE_SECRETS', 'a', 'GATEHOUSE_SECRETS: GATEHOUSE_SECRETS must be name:value pairs with commas between, not "a"; correct the variable, or unset it'],
    ['TYK_GW_PORTWHITELIST', '{', 'TYK_GW_PORTWHITELIST: TYK_GW_PORTWHITELIST must be a JSON object, not "{"; correct the variable, or unset it'],
  ])('%s=%s is an error', (name, value, problem) => {
    expect(texts(fromEnv({ [name]: value }))).toEqual([problem]);
  });

  it('an unknown variable is a warning, what Kubernetes sets for a service is not looked at', () => {
    const { problems, warnings } = fromEnv({ TYK_GW_LISTENPROT: '1', TYK_GW_SERVICE_HOST: 'x', TYK_GW_PORT_8080_TCP: 'x', TYK_GW_LICENSEKEY: 'x' });
    expect(problems).toEqual([]);
    expect(warnings.map(({ message, hint }) => `${message}; ${hint}`)).toEqual([
      'unknown environment variable TYK_GW_LISTENPROT; did you mean TYK_GW_LISTENPORT?',
    ]);
  });
});

describe('tls.md §7: references in the configuration', () => {
  writeFileSync(join(folder, 'word'), 'from-file\n');
  const kv = { file: { base_path: folder } };

  it.each([
    ['env://up', 'from-env'],
    ['secrets://s', 'from-map'],
    ['file://word', 'from-file'],
    ['file://../word', 'file://../word'],
    ['env://none', 'env://none'],
    ['plain', 'plain'],
  ])('secret %s', (secret, expected) => {
    const { config } = load(JSON.stringify({ secret, hostname: secret, secrets: { s: 'from-map' }, kv }), { env: { TYK_SECRET_UP: 'from-env' } });
    expect([config.secret, config.hostname]).toEqual([expected, secret]);
  });
});
