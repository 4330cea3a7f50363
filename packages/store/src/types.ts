/** An answer that is there at once (embedded store) or comes later (Redis). Only the request walk and the control API wait. */
export type Maybe<T> = T | Promise<T>;

/** A stored key object: its JSON text as written, and what the store knows beside it. */
export interface StoredKey {
  /** Storage name without prefix: the token, or its hash where keys are hashed. */
  readonly name: string;
  /** The session as JSON text (spec/gateway/traffic-policy.md §1). */
  readonly json: string;
  /** Unix milliseconds at which the entry vanishes; 0 = never. */
  readonly expiresAt: number;
}

/**
 * Keys of consumers. Writes are durable when the call answers. Readers on other threads see a write at their next `get`:
 * `epoch` grows with every write, so a cached value is good as long as the epoch it was read under has not changed.
 */
export interface KeyStore {
  /** Cheap; asked on every request. */
  epoch(): number;
  get(name: string): Maybe<StoredKey | undefined>;
  /** `ttlSeconds` 0 = never expires. */
  set(name: string, json: string, ttlSeconds: number): Maybe<void>;
  delete(name: string): Maybe<boolean>;
  /** Names in no fixed order. */
  names(): Maybe<string[]>;
}

/** State of a fixed window that begins with its first use. */
export interface WindowState {
  /** Uses counted in this window, the present one included. */
  count: number;
  /** Unix milliseconds at which the window ends; 0 = it never does. */
  endsAt: number;
}

/**
 * Counters of limits and quotas. A counter is named by text; its window starts with the first `hit` and is forgotten when it ends.
 * Embedded: shared memory of all threads of one machine, persisted every second. Cluster: Redis.
 */
export interface CounterStore {
  /** Counts one use. `windowMs` 0 = the window never ends. The answer is only good until the next call. */
  hit(name: CounterName, windowMs: number, now: number): Maybe<WindowState>;
  /** Reads without counting; undefined where no window is open. */
  peek(name: CounterName, now: number): Maybe<WindowState | undefined>;
  reset(name: CounterName): Maybe<void>;
}

/** A counter's name, hashed once when limits are compiled; 64 bits as two unsigned 32-bit halves, and the text for stores that need it. */
export interface CounterName {
  readonly text: string;
  readonly high: number;
  readonly low: number;
}

/**
 * Analytics records of one thread, column by column: entry i of every column belongs to record i.
 * Fields as in spec/gateway/analytics-and-observability.md §1.
 */
export interface RecordBatch {
  readonly count: number;
  readonly columns: Readonly<Record<string, Float64Array | Uint32Array | readonly string[]>>;
  /** Distinct texts of the batch: columns that say so hold indexes into it. */
  readonly texts?: readonly string[];
}

export interface RecordStore {
  append(batch: RecordBatch): Maybe<void>;
}
