import type { CounterMemory } from '@gatehouse/store/shared';
import type { RecordBatch } from '@gatehouse/store';
import type { GatewayConfig } from '../config/types.ts';
import type { DebugAnswer, DebugRequest } from '../debug/types.ts';
import type { LogLevel } from '../contract/site.ts';
import type { Problem } from '../schema/problem.ts';

/** Memory that all threads share; made by the main thread. */
export interface SharedMemory {
  readonly counters: CounterMemory;
  /** Element 0: epoch of the key store. */
  readonly keyEpoch: Int32Array;
  /** Turns of load balancing, by slot. */
  readonly turns: Int32Array;
  /** Keys of TLS session tickets (48 bytes), so that resumption works on every thread. */
  readonly ticketKeys: Uint8Array;
}

/** A certificate for a server name, as PEM. */
export interface ServerCertificatePem {
  /** `*`, `*.example.com`, `api.example.com`. */
  readonly domain: string;
  readonly cert: string;
  readonly key: string;
}

/** What a data thread starts with (`workerData`). */
export interface ThreadBoot {
  readonly config: GatewayConfig;
  readonly shared: SharedMemory;
  readonly certificates: readonly ServerCertificatePem[];
  readonly version: string;
  /** Error templates by file name. */
  readonly templates: readonly (readonly [name: string, text: string])[];
  /** Folder of the embedded stores. */
  readonly dataFolder: string;
  /** PEM of authorities for upstreams beside those of the system; `''` = none. */
  readonly upstreamCa: string;
  /** More than one thread listens on each port. */
  readonly reusePort: boolean;
}

/** A definition on its way to the data threads: as JSON text, so that it is parsed where it is compiled. */
export interface DefinitionMessage {
  readonly hash: string;
  /** Classic definition, complete, as JSON text. Left out where the thread has this hash already. */
  readonly classic: string | undefined;
  readonly oas: string | undefined;
  /** After collisions. */
  readonly listenPath: string;
  readonly incarnation: number;
}

export type ListenProtocol = 'http' | 'https';

/** A port to listen on, with the APIs that answer there (indexes into the generation's definitions). */
export interface PortMessage {
  readonly host: string;
  readonly port: number;
  readonly protocol: ListenProtocol;
  /** The control API and the checks answer here. */
  readonly control: boolean;
  /** One of the gateway's own ports: without it the gateway does not start. Others belong to definitions. */
  readonly own: boolean;
  readonly apis: readonly number[];
}

export interface GenerationMessage {
  readonly kind: 'generation';
  readonly number: number;
  readonly definitions: readonly DefinitionMessage[];
  /** Policies by id as JSON text. */
  readonly policies: string;
  readonly ports: readonly PortMessage[];
}

export interface ControlRequestMessage {
  readonly kind: 'control';
  readonly id: number;
  readonly method: string;
  readonly path: string;
  readonly rawPath: string;
  readonly query: string;
  readonly fields: readonly string[];
  readonly body: Uint8Array;
  readonly host: string;
}

export interface ControlAnswerMessage {
  readonly kind: 'control-answer';
  readonly id: number;
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Uint8Array;
}

/** One request through a definition that is not kept. */
export interface DebugMessage {
  readonly kind: 'debug';
  readonly id: number;
  readonly definition: DefinitionMessage;
  readonly request: DebugRequest;
}

export type ToThread =
  | GenerationMessage
  | ControlAnswerMessage
  | DebugMessage
  | { readonly kind: 'metrics'; readonly id: number }
  | { readonly kind: 'drain'; readonly graceMs: number };

export type FromThread =
  /** First of all: the thread's code is loaded. */
  | { readonly kind: 'up' }
  | { readonly kind: 'serving'; readonly number: number; readonly problems: readonly Problem[] }
  | ControlRequestMessage
  | { readonly kind: 'records'; readonly batch: RecordBatch }
  | { readonly kind: 'metrics'; readonly id: number; readonly snapshot: unknown }
  | { readonly kind: 'debugged'; readonly id: number; readonly answer: DebugAnswer }
  | { readonly kind: 'event'; readonly name: string; readonly apiId: string; readonly meta: Readonly<Record<string, unknown>> }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly message: string; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: 'drained' };
