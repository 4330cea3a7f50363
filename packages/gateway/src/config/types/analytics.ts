export interface AnalyticsConfig {
  readonly enable_analytics: boolean;
  readonly analytics_config: {
    readonly type: string;
    readonly ignored_ips: readonly string[];
    readonly enable_detailed_recording: boolean;
    readonly enable_geo_ip: boolean;
    readonly geo_ip_db_path: string;
    readonly normalise_urls: {
      readonly enabled: boolean;
      readonly normalise_uuids: boolean;
      readonly normalise_ulids: boolean;
      readonly normalise_numbers: boolean;
      readonly custom_patterns: readonly string[];
    };
    readonly pool_size: number;
    readonly records_buffer_size: number;
    readonly storage_expiration_time: number;
    readonly enable_multiple_analytics_keys: boolean;
    readonly purge_interval: number;
    readonly serializer_type: string;
    readonly csv_dir: string;
    readonly mongo_url: string;
    readonly mongo_db_name: string;
    readonly mongo_collection: string;
    readonly purge_delay: number;
  };
}
