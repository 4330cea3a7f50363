import { viewHistogram } from '../../record/histogram.ts';
import type { MergedMetrics } from '../../record/merge-metrics.ts';
import { UPSTREAM } from '../../record/metrics.ts';
import type { ApiTraffic } from '../context.ts';

/** What was counted for one API since the start. */
interface Totals {
  readonly requests: number;
  readonly throttled: number;
  readonly quotaViolations: number;
  readonly keyFailures: number;
  readonly upstreamAnswers: number;
  readonly upstreamMs: number;
}

interface Sample {
  /** Unix milliseconds. */
  readonly at: number;
  readonly apis: ReadonlyMap<string, Totals>;
}

const NOTHING: Totals = { requests: 0, throttled: 0, quotaViolations: 0, keyFailures: 0, upstreamAnswers: 0, upstreamMs: 0 };

/** Response flags (spec/gateway/analytics-and-observability.md §7) of what the health of an API counts. */
const FLAGS = { throttled: ['RLT'], quotaViolations: ['QEX'], keyFailures: ['AKI', 'AMF', 'TKE'] } as const;

/**
 * Averages over a sliding window, from the counters of the data threads. Give it a sample every second or so; a window of `seconds` reaches back
 * to the oldest sample inside it.
 */
export class TrafficMeter {
  private samples: readonly Sample[] = [];
  private readonly windowMs: number;

  constructor(seconds: number) {
    this.windowMs = Math.max(1, seconds) * 1000;
  }

  sample(metrics: MergedMetrics, now: number): void {
    const apis = new Map(metrics.apis.map((api) => [api.id, totalsOf(metrics, api)]));
    this.samples = [...this.samples.filter(({ at }) => now - at <= this.windowMs), { at: now, apis }];
  }

  of(apiId: string): ApiTraffic {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    const seconds = first === undefined || last === undefined ? 0 : (last.at - first.at) / 1000;
    const [from, to] = [first?.apis.get(apiId) ?? NOTHING, last?.apis.get(apiId) ?? NOTHING];
    const perSecond = (name: keyof Totals): number => (seconds > 0 ? (to[name] - from[name]) / seconds : 0);
    const answers = to.upstreamAnswers - from.upstreamAnswers;
    return {
      throttledPerSecond: perSecond('throttled'),
      quotaViolationsPerSecond: perSecond('quotaViolations'),
      keyFailuresPerSecond: perSecond('keyFailures'),
      upstreamMs: answers > 0 ? (to.upstreamMs - from.upstreamMs) / answers : 0,
      requestsPerSecond: perSecond('requests'),
    };
  }
}

function totalsOf({ endings }: MergedMetrics, { requests, latency }: MergedMetrics['apis'][number]): Totals {
  const sum = (flags?: readonly string[]): number =>
    requests.reduce((total, count, slot) => (flags === undefined || flags.includes(endings[slot]?.flag ?? '') ? total + count : total), 0);
  const upstream = viewHistogram(latency, UPSTREAM);
  return {
    requests: sum(),
    throttled: sum(FLAGS.throttled),
    quotaViolations: sum(FLAGS.quotaViolations),
    keyFailures: sum(FLAGS.keyFailures),
    upstreamAnswers: upstream.count,
    upstreamMs: upstream.sumMs,
  };
}
