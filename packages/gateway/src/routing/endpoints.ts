import type { Exchange } from '../contract/exchange.ts';
import { candidatesOf } from './candidates.ts';
import type { EndpointPattern } from './patterns.ts';

/** One entry of a list of endpoints, ready to be matched. */
export interface EndpointEntry<Value> {
  readonly pattern: EndpointPattern;
  /** As written; `''` = every method. */
  readonly method: string;
  readonly value: Value;
}

/** Entries of one method in their order, with the paths that need no trying. */
interface Bucket<Value> {
  readonly entries: readonly EndpointEntry<Value>[];
  /** Exact path → number of its first entry. */
  readonly exact: ReadonlyMap<string, number>;
  /** Numbers of all other entries. */
  readonly tried: readonly number[];
}

/** A list of endpoints: the first entry, in the order given, that matches a request's method and any form of its path. */
export class EndpointTable<Value> {
  private readonly byMethod: ReadonlyMap<string, Bucket<Value>>;
  private readonly anyMethod: Bucket<Value>;

  constructor(entries: readonly EndpointEntry<Value>[]) {
    const methods = new Set(entries.map((entry) => entry.method));
    this.byMethod = new Map(Array.from(methods, (method) => [method, makeBucket(entries.filter((e) => e.method === '' || e.method === method))]));
    this.anyMethod = makeBucket(entries.filter((entry) => entry.method === ''));
  }

  find(x: Exchange): Value | undefined {
    return this.match(x.method, candidatesOf(x));
  }

  match(method: string, candidates: readonly string[]): Value | undefined {
    const bucket = this.byMethod.get(method) ?? this.anyMethod;
    let first = bucket.entries.length;
    for (const candidate of candidates) first = Math.min(first, bucket.exact.get(candidate) ?? first);
    for (const number of bucket.tried) {
      if (number >= first) break;
      if (matchesAny(bucket.entries[number], candidates)) return bucket.entries[number]?.value;
    }
    return bucket.entries[first]?.value;
  }
}

function matchesAny(entry: EndpointEntry<unknown> | undefined, candidates: readonly string[]): boolean {
  for (const candidate of candidates) if (entry?.pattern.test(candidate) === true) return true;
  return false;
}

function makeBucket<Value>(entries: readonly EndpointEntry<Value>[]): Bucket<Value> {
  const exact = new Map<string, number>();
  const tried: number[] = [];
  entries.forEach(({ pattern }, number) => {
    if (pattern.exact === undefined) tried.push(number);
    else if (!exact.has(pattern.exact)) exact.set(pattern.exact, number);
  });
  return { entries, exact, tried };
}
