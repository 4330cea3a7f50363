import type { FieldTable, Table } from './field.ts';
import { analytics } from './tables/analytics.ts';
import { definitions } from './tables/definitions.ts';
import { distributed } from './tables/distributed.ts';
import { limits } from './tables/limits.ts';
import { listening } from './tables/listening.ts';
import { observability } from './tables/observability.ts';
import { own } from './tables/own.ts';
import { plugins } from './tables/plugins.ts';
import { security } from './tables/security.ts';
import { storage } from './tables/storage.ts';
import { upstream } from './tables/upstream.ts';
import type { GatewayConfig } from './types.ts';

/** The tables by heading, in the order of the reference page. */
export const CONFIG_GROUPS: readonly (readonly [heading: string, table: FieldTable])[] = [
  ['Listening and control API', listening],
  ['Definitions, policies and keys', definitions],
  ['Redis', storage],
  ['Limits and OAuth', limits],
  ['Upstreams', upstream],
  ['Certificates and services', security],
  ['Analytics', analytics],
  ['Logs, traces and errors', observability],
  ['Plugins', plugins],
  ['Distributed gateways and runtime', distributed],
  ['Settings of Gatehouse itself', own],
];

/** Every setting there is. The compiler holds it equal to the type. */
export const CONFIG_TABLE: Table<GatewayConfig> = {
  ...listening,
  ...definitions,
  ...storage,
  ...limits,
  ...upstream,
  ...security,
  ...analytics,
  ...observability,
  ...plugins,
  ...distributed,
  ...own,
};
