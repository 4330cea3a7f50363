export type * from './types.ts';
export { StoreError, type StoreErrorCode } from './errors.ts';
export { counterName } from './counter-name.ts';
export { namespace } from './namespace.ts';
