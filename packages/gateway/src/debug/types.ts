/** A request to try out, as `POST /tyk/debug` describes it (spec/control/gateway-api.md §13). */
export interface DebugRequest {
  readonly method: string;
  /** Below the listen path, with query, escaped. */
  readonly path: string;
  /** Name and value of each field, alternating. */
  readonly fields: readonly string[];
  readonly body: string;
}

/** What became of it. */
export interface DebugAnswer {
  /** False: the definition cannot be served, the logs say why. */
  readonly served: boolean;
  /** Request and answer as HTTP text; `''` where nothing was served. */
  readonly text: string;
  /** One JSON object per line. */
  readonly logs: string;
}
