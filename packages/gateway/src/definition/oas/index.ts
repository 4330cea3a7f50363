export type { OasDocument } from './types.ts';
export { EXTENSION, extensionOf, oasToClassic } from './to-classic.ts';
export { endpointsWith, mockEndpoints, type OasEndpoint, type OasOperation, operationsOf, validatedEndpoints } from './operations.ts';
