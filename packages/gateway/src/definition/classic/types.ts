/** The Classic definition and everything in it, as types. */
export type * from './api.ts';
export type * from './auth.ts';
export type * from './endpoints.ts';
export type * from './graphql.ts';
export type * from './plugins.ts';
export type * from './traffic.ts';
export type * from './upstream.ts';
export type * from './versions.ts';
