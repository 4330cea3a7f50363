import { boolean, decimal, integer, section, type Table, text, texts } from '../field.ts';
import type { AnalyticsConfig } from '../types/analytics.ts';

const MOVED = 'Belongs to the pump.';

export const analytics: Table<AnalyticsConfig> = {
  enable_analytics: boolean('A record per request.', { product: true }),
  analytics_config: section('Records of requests.', {
    type: text('Empty for the store, `rpc` for a control plane.'),
    ignored_ips: texts('Client addresses that leave no record.'),
    enable_detailed_recording: boolean('Records hold request and answer.'),
    enable_geo_ip: boolean('Records hold the place of the client.'),
    geo_ip_db_path: text('MaxMind database file.', { env: 'GEOIPDBLOCATION' }),
    normalise_urls: section('Ids in paths become markers.', {
      enabled: boolean('Paths are made alike.'),
      normalise_uuids: boolean('UUIDs become `{uuid}`.'),
      normalise_ulids: boolean('ULIDs become `{ulid}`.'),
      normalise_numbers: boolean('Numbers become `{id}`.'),
      custom_patterns: texts('Further regular expressions.', { env: 'CUSTOM' }),
    }),
    pool_size: integer('Writers; 0 is one per core.'),
    records_buffer_size: integer('Records held before a writer must keep up.', { zero: 1000 }),
    storage_expiration_time: integer('Seconds that unread records stay in Redis.', { zero: 60 }),
    enable_multiple_analytics_keys: boolean('Records are spread over ten lists.'),
    purge_interval: decimal('Seconds between two batches to a control plane.', { zero: 10 }),
    serializer_type: text('`msgpack` or `protobuf`.', { zero: 'msgpack', oneOf: ['msgpack', 'protobuf'] }),
    csv_dir: text(MOVED, { unused: true }),
    mongo_url: text(MOVED, { unused: true }),
    mongo_db_name: text(MOVED, { unused: true }),
    mongo_collection: text(MOVED, { unused: true }),
    purge_delay: decimal(MOVED, { unused: true }),
  }),
};
