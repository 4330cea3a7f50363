/** The formats of Classic definitions, keys and policies. Isomorphic: nothing here needs Node. */
export type * from './access.ts';
export * from './classic/index.ts';
export { ZERO_TIME, type Decoded } from './go-json.ts';
export { decodePolicy, decodePolicyMap, encodePolicy, policy, policyIdOf, type Policy } from './policy.ts';
export { resolveReferences } from './references.ts';
export { decodeSession, encodeSession, session, type Session } from './session.ts';
