/** Upper bounds of latency buckets in milliseconds: those of Tyk's pump (`tyk_latency`). The last bucket has no bound. */
export const BOUNDS_MS = [1, 2, 5, 7, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100, 200, 300, 400, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000] as const;
/** Counts per bucket, then the sum of milliseconds. */
export const HISTOGRAM_SIZE: number = BOUNDS_MS.length + 2;
const SUM = HISTOGRAM_SIZE - 1;

/** Bucket of every whole number of milliseconds up to a second. */
const QUICK = Uint8Array.from({ length: 1001 }, (_, ms) => BOUNDS_MS.findIndex((bound) => ms <= bound));

function bucketOf(ms: number): number {
  const whole = Math.ceil(ms);
  if (whole <= 1000) return QUICK[whole] ?? 0;
  const found = BOUNDS_MS.findIndex((bound) => whole <= bound);
  return found < 0 ? BOUNDS_MS.length : found;
}

/** Counts one observation in the histogram that begins at `from`. */
export function observe(counts: Float64Array, from: number, ms: number): void {
  const bucket = from + bucketOf(ms);
  counts[bucket] = (counts[bucket] ?? 0) + 1;
  counts[from + SUM] = (counts[from + SUM] ?? 0) + ms;
}

export interface HistogramView {
  /** Observations up to and including each bound of `BOUNDS_MS`. */
  readonly cumulative: readonly number[];
  readonly count: number;
  readonly sumMs: number;
}

export function viewHistogram(counts: Float64Array, from: number): HistogramView {
  let count = 0;
  const cumulative = BOUNDS_MS.map((_, i) => (count += counts[from + i] ?? 0));
  return { cumulative, count: count + (counts[from + BOUNDS_MS.length] ?? 0), sumMs: counts[from + SUM] ?? 0 };
}
