import { boolean, integer, type Table, text } from '../field.ts';
import type { OwnConfig } from '../types/own.ts';

export const own: Table<OwnConfig> = {
  admin_listen_address: text('Address of the administration port.', { zero: '127.0.0.1', initial: '127.0.0.1' }),
  admin_listen_port: integer('Port of `/metrics`, `/livez`, `/readyz` and `/version`; 0 is off.'),
  data_threads: integer('Threads that serve requests; 0 is one per core.'),
  data_path: text('Folder of the embedded stores.', { zero: '.gatehouse', initial: '.gatehouse', product: '.gatehouse' }),
  watch_definitions: boolean('A changed definition or policy file makes a reload.', { product: true }),
  upstream_ca_file: text('PEM file of authorities for upstreams, beside those of the system.'),
};
