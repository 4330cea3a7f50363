/**
 * Columns of a batch of analytics records. Distinct texts stand once in the batch's `texts`; columns of texts hold indexes into it. Only
 * `original_path` is a column of texts as they are: paths repeat too seldom. `path` 0 = the same as the raw path; `raw_path` 0 = the end of
 * the original path from `raw_path_at`.
 */
export const TEXT_COLUMNS = ['method', 'host', 'path', 'raw_path', 'user_agent', 'api_version', 'ip_address', 'api', 'identity', 'header_tags'] as const;
/** Whole numbers. */
export const COUNT_COLUMNS = ['response_code', 'latency_total', 'latency_upstream', 'track_path', 'raw_path_at'] as const;
/** `timestamp` is in unix milliseconds; `content_length` is -1 where it was not known. */
export const NUMBER_COLUMNS = ['timestamp', 'content_length'] as const;

export type IndexColumn = (typeof TEXT_COLUMNS)[number] | (typeof COUNT_COLUMNS)[number];
export type NumberColumn = (typeof NUMBER_COLUMNS)[number];

/** The text behind column `api`, as JSON: what all records of an API have in common. */
export interface ApiFacts {
  readonly id: string;
  readonly name: string;
  readonly org: string;
  readonly listenPath: string;
  /** Seconds; 0 = a hundred years. */
  readonly expireAfter: number;
  /** Segment tags of the API. */
  readonly tags: readonly string[];
  /** Segment tags of this node. */
  readonly nodeTags: readonly string[];
}

/** The text behind column `identity`, as JSON. */
export interface IdentityFacts {
  /** `''` where there was no key. */
  readonly key: string;
  readonly alias: string;
  readonly oauthId: string;
  /** Policies, developer and the session's own tags, in the order of spec/gateway/analytics-and-observability.md §2. */
  readonly tags: readonly string[];
}

/** The columns of one batch while it is being filled: views of one buffer, so that handing it over copies nothing. */
export interface Columns {
  readonly buffer: ArrayBuffer;
  readonly numbers: Readonly<Record<NumberColumn, Float64Array>>;
  readonly indexes: Readonly<Record<IndexColumn, Uint32Array>>;
  readonly originalPath: string[];
}

const INDEX_COLUMNS: readonly IndexColumn[] = [...TEXT_COLUMNS, ...COUNT_COLUMNS];

export function makeColumns(capacity: number): Columns {
  const buffer = new ArrayBuffer(capacity * (NUMBER_COLUMNS.length * 8 + INDEX_COLUMNS.length * 4));
  const numbers = NUMBER_COLUMNS.map((name, i) => [name, new Float64Array(buffer, i * capacity * 8, capacity)] as const);
  const start = NUMBER_COLUMNS.length * capacity * 8;
  const indexes = INDEX_COLUMNS.map((name, i) => [name, new Uint32Array(buffer, start + i * capacity * 4, capacity)] as const);
  return {
    buffer,
    numbers: Object.fromEntries(numbers) as Columns['numbers'],
    indexes: Object.fromEntries(indexes) as Columns['indexes'],
    originalPath: [],
  };
}
