export { productDefaults } from './defaults.ts';
export { loadConfig, type LoadedConfig } from './load.ts';
export { configurationPage } from './reference.ts';
export type { GatewayConfig } from './types.ts';
