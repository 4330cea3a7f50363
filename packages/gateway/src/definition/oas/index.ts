export { asksForChange, type DeriveOptions, readDeriveOptions } from './derive-options.ts';
export { type Derived, importOas, patchOas } from './derive.ts';
export { exportName, parseOas, publicDocument, shownDocument, withExtension, withId, withServers } from './document.ts';
export { endpointsWith, mockEndpoints, type OasEndpoint, type OasOperation, operationsOf, validatedEndpoints } from './operations.ts';
export { EXTENSION, extensionOf, oasToClassic } from './to-classic.ts';
export type { OasDocument } from './types.ts';
export { type ExtensionRule, type OasVerdict, validateOas } from './validate.ts';
