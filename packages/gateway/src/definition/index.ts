/** The formats of definitions, keys and policies. Isomorphic: nothing here needs Node. */
export * from './access.ts';
export * from './classic/index.ts';
export * from './go-json.ts';
export * from './policy.ts';
export * from './session.ts';
