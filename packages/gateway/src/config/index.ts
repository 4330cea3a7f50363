export { productDefaults } from './defaults.ts';
export type { Environment } from './environment.ts';
export { type ConfigOptions, loadConfig, type LoadedConfig } from './load.ts';
export { configurationPage } from './reference.ts';
export { resolveReference, type ReferenceSources } from './references.ts';
export type { GatewayConfig } from './types.ts';
