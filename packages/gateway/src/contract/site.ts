import type { CounterStore, Maybe } from '@gatehouse/store';
import type { ClassicApi, ClassicVersion } from '../definition/classic/types.ts';
import type { OasDocument } from '../definition/oas/types.ts';
import type { GatewayConfig } from '../config/types.ts';
import type { EffectiveIdentity } from './identity.ts';

/** Log levels as `log_level` names them. */
export type LogLevel = 'debug' | 'info' | 'warning' | 'error';
export type Log = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** What the running gateway gives to compiled steps. The same object for all APIs of a thread. */
export interface Services {
  readonly config: GatewayConfig;
  readonly counters: CounterStore;
  /** Credential as presented → what it means for the API; undefined = unknown key. Answers at once for cached and embedded keys. */
  identify(credential: string, api: ApiFrame): Maybe<EffectiveIdentity | undefined>;
  /** Turns of load balancing for one API, the same for all threads. */
  turn(apiId: string): { next(count: number): number };
  /** Wall clock, unix milliseconds. */
  now(): number;
  readonly log: Log;
  /** Something that event handlers may listen to (`AuthFailure`, `QuotaExceeded`, …). */
  event(name: string, api: ApiFrame, meta: Readonly<Record<string, unknown>>): void;
}

/** An API as steps see it. */
export interface ApiFrame {
  readonly id: string;
  readonly orgId: string;
  readonly name: string;
  readonly keyless: boolean;
  /** Grows with each load of a changed definition: API-level buckets start anew. */
  readonly incarnation: number;
}

/** Where a middleware is being compiled: one version of one API. */
export interface Site {
  readonly api: ApiFrame;
  readonly definition: ClassicApi;
  /** The OAS document where the API came as one. */
  readonly oas: OasDocument | undefined;
  /** Version of `version_data` (name `Default`, `''` for OAS, …). */
  readonly version: ClassicVersion;
  readonly use: Services;
}
