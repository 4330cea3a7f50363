import { type Fields, type RequestHead, type ServerExchange, getField } from '@gatehouse/wire';
import type { CompiledApi, CompiledVersion, Neighbours } from './compiled.ts';
import type { EffectiveIdentity } from './identity.ts';

/** The answer on its way to the client; response steps change `fields` (and, where they buffer, the body). */
export interface Answer {
  status: number;
  reason: string;
  fields: Fields;
}

/** Values of the quota or rate fields of an answer (spec/gateway/traffic-policy.md §5). */
export interface LimitFields {
  limit: number;
  remaining: number;
  /** Unix seconds. */
  reset: number;
}

/**
 * One request on its way through the gateway. No property bag: every fact has a named field, filled by the one step that finds it.
 * Paths: `rawPath` is as received, `path` its percent-decoded form (all matching uses it).
 */
export class Exchange {
  readonly wire: ServerExchange;
  readonly head: RequestHead;
  /** Milliseconds, `performance.now()`. */
  readonly startedAt: number;

  /** As received. */
  readonly method: string;
  readonly originalPath: string;
  /** Decoded path now: version stripping and loops change it. */
  path: string;
  /** The same as sent, still escaped. */
  rawPath: string;
  /** Without `?`; `''` when there is none. */
  query: string;

  readonly neighbours: Neighbours;
  /** The API now at work: a child version or a loop changes it. */
  api: CompiledApi;
  /** Set by `api.enter`, before any step runs. */
  version: CompiledVersion | undefined = undefined;
  /** Requested version name, `''` when none was asked for. */
  versionName = '';
  /** Prefix that routing matched: removed towards the upstream when the API strips its listen path. `''` = nothing to remove. */
  listenPrefix = '';
  /** Decoded path without listen path, as endpoint rules see it; kept by `routing/candidates.ts`. */
  candidates: readonly string[] | undefined = undefined;

  /** Fields towards the upstream: starts as the request's own list (copied at the first change). */
  fields: Fields;
  private ownFields = false;
  /** Method towards the upstream (method transform is applied at the very end). */
  outgoingMethod: string;
  /** Deferred URL rewrite: a path with query, or an absolute URL; `''` = none. */
  rewrite = '';

  clientIp = '';
  /** Endpoint is on the ignore list, or a preflight: steps with `skipIgnored` are left out. */
  ignored = false;
  identity: EffectiveIdentity | undefined = undefined;
  /** Credential as presented. */
  credential = '';
  /** `$tyk_context.*`, made on demand where the API enables context variables. */
  context: Map<string, string> | undefined = undefined;

  loopLevel = 0;
  loopLimit = 5;
  /** Limits are checked in loops only on demand (`check_limits=true`). */
  checkLimits = true;

  /** Header rules removed X-Forwarded-For: none goes to the upstream. */
  noForwardedFor = false;
  /** Whole request body, where a step had to read it; undefined = it streams. */
  body: Buffer | undefined = undefined;
  /** Enforced time-out of this request in milliseconds; 0 = the gateway's. */
  timeoutMs = 0;
  /** Fields that the gateway itself puts on any answer from now on (CORS); they win over the upstream's. */
  answerFields: Fields = [];
  /** Quota state for the answer; zeros for keyless and ignored requests. */
  quota: LimitFields = NO_LIMIT;
  /** Rate state for the answer where `rate_limit_response_headers` is `rate_limits`. */
  rate: LimitFields | undefined = undefined;

  /** Tracked endpoint's template, `''` = none. */
  trackedPath = '';
  doNotTrack = false;
  /** Milliseconds spent waiting for the upstream. */
  upstreamMs = 0;
  /** Host and path that the request went to, for records and logs. */
  upstreamHost = '';
  /** As sent: escaped, with query. */
  upstreamPath = '';
  /** `http` or `https`. */
  upstreamScheme = '';

  constructor(wire: ServerExchange, startedAt: number, path: string, rawPath: string, query: string, api: CompiledApi, neighbours: Neighbours) {
    this.wire = wire;
    this.head = wire.head;
    this.startedAt = startedAt;
    this.method = wire.head.method;
    this.outgoingMethod = wire.head.method;
    this.originalPath = path;
    this.path = path;
    this.rawPath = rawPath;
    this.query = query;
    this.api = api;
    this.neighbours = neighbours;
    this.fields = wire.head.fields;
  }

  /** First value of a request field as it stands now; undefined when it is not there. `name` in lower case. */
  field(name: string): string | undefined {
    return getField(this.fields, name);
  }

  /** The list to change: own copy from the first call on. */
  changeFields(): Fields {
    if (!this.ownFields) {
      this.fields = this.fields.slice();
      this.ownFields = true;
    }
    return this.fields;
  }
}

export const NO_LIMIT: LimitFields = Object.freeze({ limit: 0, remaining: 0, reset: 0 });
