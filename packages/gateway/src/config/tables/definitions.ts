import { anything, boolean, duration, integer, map, section, type Table, text, texts } from '../field.ts';
import type { ConsulConfig, DefinitionsConfig, VaultConfig } from '../types/definitions.ts';

const HASHES = ['murmur32', 'murmur64', 'murmur128', 'sha256'];

const consul: Table<ConsulConfig> = {
  address: text('Address of Consul.'),
  scheme: text('`http` or `https`.'),
  datacenter: text('Data centre; empty for the agent’s own.'),
  http_auth: section('Basic authentication.', { username: text('User name.'), password: text('Password.', { secret: true }) }),
  wait_time: integer('Longest time of a watch.'),
  token: text('Access token.', { secret: true }),
  tls_config: section('TLS towards Consul.', {
    address: text('Server name to expect.'),
    ca_path: text('Folder of authorities.'),
    ca_file: text('PEM file of authorities.'),
    cert_file: text('PEM file of the client certificate.'),
    key_file: text('PEM file of its key.'),
    insecure_skip_verify: boolean('The server certificate is not checked.'),
  }),
};

const vault: Table<VaultConfig> = {
  address: text('Address of Vault.'),
  agent_address: text('Address of a Vault agent.'),
  max_retries: integer('Further attempts after a failure.'),
  timeout: duration('Longest wait for an answer.'),
  token: text('Access token.', { secret: true }),
  kv_version: integer('Version of the key-value engine.', { zero: 2 }),
};

export const definitions: Table<DefinitionsConfig> = {
  app_path: text('Folder of the API definitions.', { initial: 'apps/', product: 'apps/' }),
  use_db_app_configs: boolean('Definitions come from a dashboard instead of files.'),
  db_app_conf_options: section('The dashboard that definitions come from.', {
    connection_string: text('Its address.'),
    connection_timeout: integer('Seconds to wait for it.', { zero: 30 }),
    node_is_segmented: boolean('Only APIs that share a tag with this gateway are loaded.'),
    tags: texts('Tags of this gateway.'),
  }),
  policies: section('Where policies come from.', {
    policy_source: text('`file` (also when empty), `service` (a dashboard) or `rpc`.', { product: 'file', oneOf: ['file', 'service', 'rpc', 'mongo'] }),
    policy_path: text('Folder with one file per policy.', { product: 'policies/' }),
    policy_record_name: text('One file with all policies.'),
    policy_connection_string: text('Address of the dashboard for source `service`.'),
    allow_explicit_policy_id: boolean('The `id` of a policy counts instead of its database id.', { product: true }),
  }),
  allow_unsafe_policy_ids: boolean('Policy ids may hold any character.'),
  hash_keys: boolean('Keys are stored as hashes.', { product: true }),
  hash_key_function: text('Hash of new keys; empty is the oldest format (murmur32 without a marker).', { product: 'murmur64', oneOf: HASHES }),
  hash_key_function_fallback: texts('Hashes that existing keys may still have.', { oneOf: HASHES }),
  basic_auth_hash_key_function: text('Hash of the passwords of Basic authentication.', { zero: 'bcrypt', oneOf: ['bcrypt', ...HASHES] }),
  enable_hashed_keys_listing: boolean('Hashed keys can be listed.'),
  min_token_length: integer('Shorter credentials are refused unseen.', { zero: 3 }),
  disable_key_actions_by_username: boolean('The control API does not find keys by user name.'),
  allow_master_keys: boolean('Keys without access rights may be made; they open every API.'),
  local_session_cache: section('Sessions held in memory.', {
    disable_cached_session_state: boolean('Every request reads the session from the store.', { env: 'DISABLECACHESESSIONSTATE' }),
    cached_session_timeout: integer('Seconds that a session is held.', { unused: true }),
    cached_session_eviction: integer('Seconds between clearing rounds.', { unused: true }),
  }),
  force_global_session_lifetime: boolean('`global_session_lifetime` counts for every API.'),
  global_session_lifetime: integer('Seconds that a key stays in the store.'),
  session_lifetime_respects_key_expiration: boolean('A key stays in the store at least until it expires.'),
  suppress_default_org_store: boolean('No organisation sessions where no API of the organisation is loaded.'),
  suppress_redis_signal_reload: boolean('Reload signals of other gateways are ignored.'),
  reload_interval: integer('Seconds within which reload requests become one.', { zero: 1 }),
  reload_wait_time: integer('Former name of `reload_interval`.', { unused: true }),
  resource_sync: section('Attempts to fetch definitions and policies.', {
    retry_attempts: integer('Further attempts after a failure.'),
    interval: integer('Seconds between them.'),
  }),
  secrets: map('Values that `secrets://name` and `$secret_conf.name` stand for.', { secret: true }),
  kv: section('Stores that value references read from.', {
    consul: section('Consul, for `consul://`.', consul),
    vault: section('Vault, for `vault://`.', vault),
    file: section('Files, for `file://`.', { base_path: text('Folder that the files must be in.') }),
    stores: anything('Stores by name, for `kv://name/key`.'),
  }),
  public_key_path: text('PEM file that signs plugin bundles and dashboard messages.'),
  allow_insecure_configs: boolean('Unsigned messages of a dashboard are accepted.'),
  oas_config: section(
    'How strictly OAS documents are checked.',
    {
      validate_examples: boolean('Examples must fit their schema.'),
      validate_schema_defaults: boolean('Defaults must fit their schema.'),
    },
    { env: 'OAS' },
  ),
  enable_api_segregation: boolean('Former name of a separate control API.', { unused: true }),
};
