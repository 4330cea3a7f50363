import { boolean, integer, type Table, text, texts } from '../field.ts';
import type { OwnConfig } from '../types/own.ts';

/** Loopback, private and link-local networks: where load balancers stand, and nobody on the internet. */
const PRIVATE_NETWORKS = ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '::1', 'fc00::/7', 'fe80::/10'];

export const own: Table<OwnConfig> = {
  admin_listen_address: text('Address of the administration port.', { zero: '127.0.0.1', initial: '127.0.0.1' }),
  admin_listen_port: integer('Port of `/metrics`, `/livez`, `/readyz` and `/version`; 0 is off.'),
  data_threads: integer('Threads that serve requests; 0 is one per core.'),
  data_path: text('Folder of the embedded stores.', { zero: '.gatehouse', initial: '.gatehouse', product: '.gatehouse' }),
  watch_definitions: boolean('A changed definition or policy file makes a reload.', { product: true }),
  upstream_ca_file: text('PEM file of authorities for upstreams, beside those of the system.'),
  trusted_proxies: texts(
    'Addresses and networks whose `X-Real-IP` and `X-Forwarded-For` are believed; `["0.0.0.0/0", "::/0"]` believes everybody, as Tyk does.',
    {
      zero: PRIVATE_NETWORKS,
    },
  ),
};
