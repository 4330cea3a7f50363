import { describe, expect, it } from 'vitest';
import { HISTOGRAM_SIZE, observe } from '../../record/histogram.ts';
import type { MergedMetrics } from '../../record/merge-metrics.ts';
import { UPSTREAM } from '../../record/metrics.ts';
import { TrafficMeter } from './meter.ts';

const ENDINGS = [
  { status: 200, flag: '' },
  { status: 429, flag: 'RLT' },
  { status: 403, flag: 'QEX' },
  { status: 403, flag: 'AKI' },
];

/** Counters of the API `one`: requests per ending, and upstream times. */
function metrics(requests: readonly number[], upstreamMs: readonly number[] = []): MergedMetrics {
  const latency = new Float64Array(HISTOGRAM_SIZE * 3);
  for (const ms of upstreamMs) observe(latency, UPSTREAM, ms);
  const api = { id: 'one', name: 'one', requests: Float64Array.from(requests), latency };
  return { endings: ENDINGS, apis: [api], connections: 0, records: 0, droppedLogCharacters: 0, threads: [] };
}

describe('traffic of an API', () => {
  it('is nothing before two samples, and for unknown APIs', () => {
    const meter = new TrafficMeter(60);
    meter.sample(metrics([5, 0, 0, 0]), 0);
    expect(meter.of('one').requestsPerSecond).toBe(0);
    meter.sample(metrics([9, 0, 0, 0]), 2000);
    expect(meter.of('none')).toEqual({ throttledPerSecond: 0, quotaViolationsPerSecond: 0, keyFailuresPerSecond: 0, upstreamMs: 0, requestsPerSecond: 0 });
  });

  it('is what was counted in between', () => {
    const meter = new TrafficMeter(60);
    meter.sample(metrics([0, 0, 0, 0], [100]), 0);
    meter.sample(metrics([10, 4, 2, 6], [100, 10, 30]), 2000);
    expect(meter.of('one')).toEqual({ throttledPerSecond: 2, quotaViolationsPerSecond: 1, keyFailuresPerSecond: 3, upstreamMs: 20, requestsPerSecond: 11 });
  });

  it('forgets what is older than the window', () => {
    const meter = new TrafficMeter(10);
    meter.sample(metrics([0, 0, 0, 0]), 0);
    meter.sample(metrics([1000, 0, 0, 0]), 5000);
    meter.sample(metrics([1010, 0, 0, 0]), 15_000);
    expect(meter.of('one').requestsPerSecond).toBe(1);
  });
});
