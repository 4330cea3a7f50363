import type { Maybe } from '@gatehouse/store';
import type { Exchange } from './exchange.ts';
import type { Answer } from './exchange.ts';
import type { Outcome } from './outcome.ts';
import type { Site } from './site.ts';

/** Where in a request's life a middleware works; the order inside a stage is that of `middleware/chain.ts`. */
export type Stage = 'admit' | 'identify' | 'authorize' | 'limit' | 'transform' | 'upstream' | 'respond';

/**
 * A compiled middleware of one version of one API. Plain synchronous functions unless they truly wait; only `request/walk.ts` looks for
 * promises. Steps never touch a socket: they change the exchange, or answer with an outcome that ends the request.
 */
export interface Step {
  /** Once per request, in chain order. */
  request?(x: Exchange): Maybe<Outcome | void>;
  /** Once per upstream attempt, after all request steps. */
  attempt?(x: Exchange): Maybe<Outcome | void>;
  /** Over the answer's head, in chain order. */
  response?(x: Exchange, answer: Answer): Maybe<void>;
  dispose?(): void;
}

/** One folder under `middleware/`; `id` is the folder's path in dots and the name in logs, metrics and docs. */
export interface Middleware<Config> {
  readonly id: string;
  /** Name in Tyk's access logs and spans (`VersionCheck`, `AuthKey`, …). */
  readonly name: string;
  readonly stage: Stage;
  /** Skipped for endpoints of the ignore list and preflights (request-chain.md §3, "Skip-ign"). */
  readonly skipIgnored: boolean;
  /** The section of this middleware in a definition's version; undefined = not configured, no step. */
  read(site: Site): Config | undefined;
  /** Resolves everything that can be resolved at load. Throws a `ProblemError` where the configuration cannot work. */
  compile(config: Config, site: Site): Step;
}
