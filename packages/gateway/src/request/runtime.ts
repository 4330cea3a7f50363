import type { Pool } from '@gatehouse/wire';
import type { CounterStore } from '@gatehouse/store';
import type { Log } from '../contract/site.ts';
import type { Recorder } from '../record/types.ts';
import type { ErrorWriter } from './error-writer.ts';

/** Settings and tools of a data thread that every request uses; made once from the configuration. */
export interface Runtime {
  readonly pool: Pool;
  readonly errors: ErrorWriter;
  readonly counters: CounterStore;
  readonly recorder: Recorder;
  readonly log: Log;
  /** `Gatehouse/<version>`. */
  readonly userAgent: string;
  /** Milliseconds until the head of an upstream's answer must be there. */
  readonly headTimeoutMs: number;
  readonly websockets: boolean;
  readonly skipUrlCleaning: boolean;
  readonly skipTargetEscaping: boolean;
  /** Bytes; 0 = no limit. */
  readonly maxRequestBody: number;
  /** Answers carry rate fields in place of quota fields (`rate_limit_response_headers: rate_limits`). */
  readonly rateFields: boolean;
  readonly closeConnections: boolean;
}
