import type { CounterStore, KeyStore, Maybe } from '@gatehouse/store';
import type { GatewayConfig } from '../config/types.ts';
import type { Log } from '../contract/site.ts';
import type { ClassicApi } from '../definition/classic/types.ts';
import type { OasDocument } from '../definition/oas/types.ts';
import type { Policy } from '../definition/policy.ts';
import type { DebugAnswer, DebugRequest } from '../debug/types.ts';
import type { Problem } from '../schema/problem.ts';
import type { DefinitionMessage } from '../threads/messages.ts';

/** An API of the running generation. `status` is `disabled` where a problem keeps it from serving, `degraded` where it serves without a feature. */
export interface LoadedApi {
  readonly id: string;
  readonly definition: ClassicApi;
  /** The document as given, for APIs that came as OAS. */
  readonly oas: OasDocument | undefined;
  readonly status: 'active' | 'degraded' | 'disabled';
  readonly problems: readonly Problem[];
}

/** What a reload made: never changes; the next one replaces it. */
export interface LoadedState {
  readonly apis: readonly LoadedApi[];
  readonly policies: ReadonlyMap<string, Policy>;
  /** Problems of files that gave no API or policy at all. */
  readonly problems: readonly Problem[];
}

/** What an API did lately, as averages over `health_check.health_check_value_timeouts` seconds. */
export interface ApiTraffic {
  readonly throttledPerSecond: number;
  readonly quotaViolationsPerSecond: number;
  readonly keyFailuresPerSecond: number;
  readonly upstreamMs: number;
  readonly requestsPerSecond: number;
}

/** Everything that the control API works on. One object per process, made by `load/platform.ts`. */
export interface AdminContext {
  readonly config: GatewayConfig;
  /** Of this product, such as `1.2.3`. */
  readonly version: string;
  readonly keys: KeyStore;
  /** Sessions of organisations (`orgkey.<org>`). */
  readonly orgKeys: KeyStore;
  readonly counters: CounterStore;
  /** Whether the certificate store holds a certificate of this id. */
  hasCertificate(id: string): Maybe<boolean>;
  loaded(): LoadedState;
  /** Coalesced: requests within a second make one reload (spec/control/gateway-api.md §2). Resolves after the swap. */
  reload(): Promise<void>;
  /** False until a reload succeeded, and while shutting down with the reason. */
  readiness(): { ready: boolean; reason: string };
  /** Health of the stores, as `/hello` shows it. */
  health(): { status: 'pass' | 'warn' | 'fail'; details: Readonly<Record<string, { status: string; componentType: string; time: string; output?: string }>> };
  /** Missing where nobody counts: `/tyk/health` then says that it is off. */
  traffic?(apiId: string): ApiTraffic;
  /** Sends a request through a definition that is not kept; undefined where no data thread could do it. */
  debug(definition: DefinitionMessage, request: DebugRequest): Promise<DebugAnswer | undefined>;
  now(): number;
  readonly log: Log;
  event(name: string, meta: Readonly<Record<string, unknown>>): void;
}

/** A request to the control API. `path` is decoded, without query; names of `headers` in lower case. */
export interface AdminRequest {
  readonly method: string;
  readonly path: string;
  readonly rawPath: string;
  readonly query: URLSearchParams;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Host name that the request was sent to, without port. */
  readonly host: string;
}

export interface AdminAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Buffer;
}

/** Answers everything under `/tyk/`, and the checks. Never throws. */
export type AdminHandler = (request: AdminRequest) => Promise<AdminAnswer>;
