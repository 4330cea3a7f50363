import type { Origin } from '@gatehouse/wire';
import type { ClassicApi } from '../definition/classic/types.ts';
import type { OasDocument } from '../definition/oas/types.ts';
import type { Exchange } from './exchange.ts';
import type { Outcome } from './outcome.ts';
import type { ApiFrame } from './site.ts';
import type { Step } from './step.ts';

/** One row of the chain that an API has, with what the walk needs to know of it. */
export interface PlannedStep {
  readonly id: string;
  readonly name: string;
  readonly skipIgnored: boolean;
  readonly step: Step;
}

/** One version of an API, ready to run. Lists hold only steps that have the part. */
export interface CompiledVersion {
  /** Key in `version_data.versions`. */
  readonly key: string;
  readonly request: readonly PlannedStep[];
  /** The request steps that `<listen path>/tyk/rate-limits/` runs: addresses and identity, no counting. */
  readonly identify: readonly PlannedStep[];
  readonly attempt: readonly PlannedStep[];
  readonly response: readonly PlannedStep[];
  /** Target of this version; undefined = the API's. */
  readonly upstream: UpstreamPlan;
}

/** A parsed target URL, joined with each request's path. */
export interface UpstreamTarget {
  readonly protocol: 'http' | 'https' | 'h2' | 'h2c' | 'tyk';
  readonly host: string;
  readonly port: number;
  /** As the Host field shows it. */
  readonly authority: string;
  /** Escaped path, without trailing slash (`''` for the root). */
  readonly path: string;
  /** As configured, trailing slash kept. */
  readonly fullPath: string;
  readonly query: string;
  /** Pool key. */
  readonly origin: Origin;
}

export interface UpstreamPlan {
  /** Round robin over these; one without load balancing. None: every request is answered by an error. */
  readonly targets: readonly UpstreamTarget[];
  /** Load balancing is on: an empty list means that all hosts are down, not that the target is wrong. */
  readonly balanced: boolean;
  /** Next target: shared by all threads. */
  readonly turn: { next(count: number): number };
  /** Target of an absolute URL that a rewrite gave; undefined where it is none. */
  external(url: string): UpstreamTarget | undefined;
  readonly preserveHost: boolean;
  /** `disable_strip_slash`. */
  readonly keepSlash: boolean;
  readonly stripListenPath: boolean;
}

/** An API as the request path sees it. */
export interface CompiledApi extends ApiFrame {
  readonly definition: ClassicApi;
  readonly oas: OasDocument | undefined;
  readonly listenPath: string;
  readonly versions: ReadonlyMap<string, CompiledVersion>;
  /**
   * Chooses the version of a request and sets `x.api` and `x.version` (those of a child API for OAS versioning, whose own `enter` then runs);
   * changes the path where version data is stripped. Made by `routing/version.ts`.
   */
  enter(x: Exchange): Outcome | void;
  /** Why the API answers nothing but 503, or undefined. A security section that cannot compile ends here. */
  readonly disabled: string | undefined;
}

/** The other APIs of the generation that a request runs in, for child versions and `tyk://` loops. */
export interface Neighbours {
  byId(id: string): CompiledApi | undefined;
  /** By id, database id or name in its loop form (`pretty-name`), without case. */
  byLoopName(name: string): CompiledApi | undefined;
}
