export { endToEnd, getField, getFields, hasField, listHas, listOf, removeField, setField } from './fields.ts';
export { listen } from './listener.ts';
export { createPool, DEFAULT_POOL_LIMITS } from './pool.ts';
export { BodyError, REFUSALS, type RefusalCode, type RefusalRow } from './refusals.ts';
export { DEFAULT_SERVER_LIMITS, Http1Connection } from './server-connection.ts';
export * from './types.ts';
