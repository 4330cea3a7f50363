export { readDeriveOptions } from './derive-options.ts';
export { importOas, patchOas } from './derive.ts';
export { exportName, parseOas, publicDocument, shownDocument, withId, withServers } from './document.ts';
export { mockEndpoints, type OasOperation, operationsOf, validatedEndpoints } from './operations.ts';
export { EXTENSION, extensionOf, oasToClassic } from './to-classic.ts';
export { reviewOas } from './review.ts';
export type { OasDocument } from './types.ts';
export { validateOas } from './validate.ts';
