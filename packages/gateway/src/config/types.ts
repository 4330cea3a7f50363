import type { AnalyticsConfig } from './types/analytics.ts';
import type { DefinitionsConfig } from './types/definitions.ts';
import type { DistributedConfig } from './types/distributed.ts';
import type { LimitsConfig } from './types/limits.ts';
import type { ListeningConfig } from './types/listening.ts';
import type { ObservabilityConfig } from './types/observability.ts';
import type { OwnConfig } from './types/own.ts';
import type { PluginsConfig } from './types/plugins.ts';
import type { SecurityConfig } from './types/security.ts';
import type { StorageConfig } from './types/storage.ts';
import type { UpstreamConfig } from './types/upstream.ts';

/** The whole configuration, in Tyk's names. Every field is there: what a source does not set has its default (spec/gateway/defaults-and-config.md). */
export interface GatewayConfig
  extends
    ListeningConfig,
    DefinitionsConfig,
    StorageConfig,
    LimitsConfig,
    UpstreamConfig,
    SecurityConfig,
    AnalyticsConfig,
    ObservabilityConfig,
    PluginsConfig,
    DistributedConfig,
    OwnConfig {}
