import { anything, boolean, integer, section, type Table, text, texts } from '../field.ts';
import type { PluginsConfig } from '../types/plugins.ts';

export const plugins: Table<PluginsConfig> = {
  enable_jsvm: boolean('JavaScript plugins and virtual endpoints run.'),
  jsvm_timeout: integer('Seconds that a script may run.', { zero: 5 }),
  disable_virtual_path_blobs: boolean('Virtual endpoints take scripts from files only.'),
  tyk_js_path: text('Script that every JavaScript machine loads first.'),
  middleware_path: text('Folder of scripts.', { initial: 'middleware', product: 'middleware' }),
  template_path: text('Folder of error and webhook templates; empty takes the built-in ones.'),
  enable_bundle_downloader: boolean('Plugin bundles are fetched.'),
  bundle_base_url: text('Address that bundle names are added to.'),
  bundle_insecure_skip_verify: boolean('The certificate of that server is not checked.'),
  skip_verify_existing_plugin_bundle: boolean('Bundles on disk are not checked again.'),
  coprocess_options: section('Plugins in other processes.', {
    enable_coprocess: boolean('They are called.'),
    coprocess_grpc_server: text('Address of the gRPC server: `tcp://…` or `unix://…`.'),
    grpc_recv_max_size: integer('Bytes of the largest message received.'),
    grpc_send_max_size: integer('Bytes of the largest message sent.'),
    grpc_authority: text('Authority that the server is called by.'),
    grpc_round_robin_load_balancing: boolean('Calls go round all addresses of the name.'),
    python_path_prefix: text('Folder of Python modules.'),
    python_version: text('Python version.'),
  }),
  event_handlers: section('Handlers of system events.', { events: anything('Event → handlers.') }),
  event_triggers_defunct: anything('Former handlers.', { unused: true }),
  event_trigers_defunct: anything('Former handlers.', { unused: true }),
  streaming: section('Stream APIs.', {
    enabled: boolean('They are served.'),
    allow_unsafe: texts('Components that reach beyond the gateway and are allowed all the same.'),
  }),
};
