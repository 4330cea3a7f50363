export { reviewClassic } from './review.ts';
export { asStored } from './stored.ts';
export { classicApi, decodeClassic, encodeClassic } from './struct.ts';
export type * from './types.ts';
export { refusalText, validateClassic } from './validate.ts';
