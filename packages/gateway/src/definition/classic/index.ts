export { reviewClassic, reviewRules } from './review.ts';
export { asStored } from './stored.ts';
export { classicApi, decodeClassic, encodeClassic } from './struct.ts';
export type * from './types.ts';
export { classicRules, refusalText, validateClassic, type ClassicRule } from './validate.ts';
