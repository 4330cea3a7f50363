export { type LocalCa, openLocalCa } from './certificates/index.ts';
export { configurationPage, type GatewayConfig, loadConfig, type LoadedConfig, productDefaults } from './config/index.ts';
export type { Log, LogLevel } from './contract/site.ts';
export { type EmbeddedGateway, type EmbeddedOptions, openEmbedded } from './embedded.ts';
export { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
export type { Problem } from './schema/problem.ts';
export { createLogger } from './record/logger.ts';
export { answerAdministration, type AdministrationAnswer } from './record/admin-endpoints.ts';
