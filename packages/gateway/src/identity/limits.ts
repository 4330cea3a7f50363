import type { CounterStore, Maybe, WindowState } from '@gatehouse/store';
import type { EffectiveIdentity, QuotaLimit, RateLimit } from '../contract/identity.ts';

/** What a limit says about one request. */
export interface Verdict {
  readonly allowed: boolean;
  readonly limit: number;
  /** Requests that are left in the window. */
  readonly remaining: number;
  /** Unix seconds at which the window ends; 0 = never. */
  readonly reset: number;
}

/**
 * Counts a request against a rate (spec/gateway/traffic-policy.md §4, DRL on one node): a bucket of `rate` requests, fractions cut off but
 * at least one, which is filled again when the window that its first use began has ended. A window of 0 never blocks.
 */
export function countRate(counters: CounterStore, limit: RateLimit, now: number): Maybe<Verdict> {
  const capacity = capacityOf(limit.rate);
  if (limit.perMs <= 0 || limit.rate <= 0) return { allowed: true, limit: limit.rate, remaining: capacity, reset: seconds(now) };
  return then(counters.hit(limit.counter, limit.perMs, now), (window) => verdict(window, capacity, limit.rate));
}

/** Whether a request would be let through now; counts nothing. */
export function wouldPass(counters: CounterStore, limit: RateLimit, now: number): Maybe<boolean> {
  if (limit.perMs <= 0 || limit.rate <= 0) return true;
  return then(counters.peek(limit.counter, now), (window) => window === undefined || window.count < capacityOf(limit.rate));
}

/**
 * Counts a request against a quota (§5). The window begins with its first request and every request counts, refused ones too. Refused
 * where `max` requests came before it in the window.
 */
export function countQuota(counters: CounterStore, limit: QuotaLimit, now: number): Maybe<Verdict> {
  return then(counters.hit(limit.counter, limit.renewalMs, now), (window) => verdict(window, limit.max, limit.max));
}

/** State of a quota without counting; a whole quota where no window is open. */
export function peekQuota(counters: CounterStore, limit: QuotaLimit, now: number): Maybe<Verdict> {
  return then(counters.peek(limit.counter, now), (window) =>
    window === undefined ? { allowed: true, limit: limit.max, remaining: limit.max, reset: 0 } : verdict(window, limit.max, limit.max),
  );
}

/** More requests than this never sleep at once on one thread; the others are refused without a retry. */
const MOST_WAITING = 1000;

/** Retries of requests that a rate refused (§4, "Throttling"). One object per thread. */
export class Throttling {
  private waiting = 0;
  private readonly counters: CounterStore;
  private readonly now: () => number;
  private readonly sleep: (ms: number) => Promise<void>;

  constructor(counters: CounterStore, now: () => number, sleep: (ms: number) => Promise<void>) {
    this.counters = counters;
    this.now = now;
    this.sleep = sleep;
  }

  /** Sleeps and looks again, as often as the key says; counts the request where it may pass, else answers the refusal. */
  async retry(limit: RateLimit, throttle: NonNullable<EffectiveIdentity['throttle']>, refused: Verdict): Promise<Verdict> {
    if (this.waiting >= MOST_WAITING) return refused;
    this.waiting++;
    try {
      for (let i = 0; i < throttle.retries; i++) {
        await this.sleep(throttle.intervalMs);
        if (!(await wouldPass(this.counters, limit, this.now()))) continue;
        const again = await countRate(this.counters, limit, this.now());
        if (again.allowed) return again;
      }
      return refused;
    } finally {
      this.waiting--;
    }
  }
}

function capacityOf(rate: number): number {
  return Math.max(1, Math.floor(rate));
}

function verdict(window: WindowState, capacity: number, limit: number): Verdict {
  return { allowed: window.count <= capacity, limit, remaining: Math.max(0, capacity - window.count), reset: seconds(window.endsAt) };
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}

function then<T, U>(value: Maybe<T>, f: (value: T) => U): Maybe<U> {
  return value instanceof Promise ? value.then(f) : f(value);
}
