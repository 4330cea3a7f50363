/** The formats of Classic definitions, keys and policies. Isomorphic: nothing here needs Node. */
export type * from './access.ts';
export * from './classic/index.ts';
export { decodeGo, encodeGo, formatDuration, nearestName, parseDuration, ZERO_TIME, zeroOf, type Decoded, type GoKind, type GoStruct } from './go-json.ts';
export { decodePolicy, decodePolicyMap, encodePolicy, policy, policyIdOf, type Partitions, type Policy } from './policy.ts';
export { resolveReferences, type ReferenceSources, type ResolvedText } from './references.ts';
export { decodeSession, encodeSession, session, type BasicAuthData, type Session } from './session.ts';
