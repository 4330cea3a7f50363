import type { Middleware } from '../contract/step.ts';
import { type EndpointFeature, endpointList, type Uses } from './later.ts';

/** A feature that is not there yet: a definition that uses it is told so. `disable` fails closed, `degrade` serves without it. */
interface LaterForApi {
  readonly effect: 'disable' | 'degrade';
}

/** Fails closed for the endpoints that ask for the feature; all others are served. */
interface LaterForEndpoints {
  readonly effect: 'endpoint';
  readonly feature: EndpointFeature;
}

export type Later = (LaterForApi | LaterForEndpoints) & {
  /** Part of the plan that brings it. */
  readonly part: number;
  readonly uses: Uses;
};

/** Kinds of traffic that a row's step works on; `L`: also in the later rounds of a request that loops inside the gateway. */
export interface Traffic {
  readonly http: boolean;
  readonly webSocket: boolean;
  readonly graphql: boolean;
  readonly grpc: boolean;
  readonly loop: boolean;
}

/** One row of the chain. Without `use` and `later` it has no step of its own; `why` then says what does the work. */
export interface ChainRow extends Traffic {
  /** As spec/gateway/request-chain.md §3 numbers it. */
  readonly number: number;
  readonly id: string;
  /** Tyk's name. */
  readonly name: string;
  /** Why it stands where it stands. */
  readonly why: string;
  readonly use?: Middleware<unknown>;
  readonly later?: Later;
}

/** Letters: HTTP, WebSocket, GraphQL, gRPC (R), loop. */
const traffic = (letters: string): Traffic => ({
  http: letters.includes('H'),
  webSocket: letters.includes('W'),
  graphql: letters.includes('G'),
  grpc: letters.includes('R'),
  loop: letters.includes('L'),
});

/** A row whose middleware is there. */
export function on(number: number, use: Middleware<unknown>, name: string, letters: string, why: string): ChainRow {
  return { number, id: use.id, name, why, use, ...traffic(letters) };
}

/** A row whose feature comes in a later part. */
export function later(
  number: number,
  id: string,
  name: string,
  letters: string,
  part: number,
  effect: LaterForApi['effect'],
  uses: Uses,
  why: string,
): ChainRow {
  return { number, id, name, why, later: { part, uses, effect }, ...traffic(letters) };
}

/** A row whose feature comes in a later part and is asked for endpoint by endpoint. */
export function laterForEndpoints(number: number, id: string, name: string, letters: string, part: number, feature: EndpointFeature, why: string): ChainRow {
  return { number, id, name, why, later: { part, uses: endpointList(feature), effect: 'endpoint', feature }, ...traffic(letters) };
}

/** A row that something outside the chain does. */
export function elsewhere(number: number, id: string, name: string, letters: string, why: string): ChainRow {
  return { number, id, name, why, ...traffic(letters) };
}
