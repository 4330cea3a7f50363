import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import process from 'node:process';
import { HISTOGRAM_SIZE, observe } from './histogram.ts';
import type { Finish } from './types.ts';

/** A status with a response flag: one counter per API. */
export interface Ending {
  readonly status: number;
  readonly flag: string;
}

/** Counters of one API on one thread. `latency` holds three histograms: total, upstream, gateway. */
export interface ApiCounts {
  readonly id: string;
  readonly name: string;
  /** By index into the snapshot's `endings`. */
  readonly requests: Float64Array;
  readonly latency: Float64Array;
}

/** What a thread counted since it started; crosses threads as it is. */
export interface MetricsSnapshot {
  readonly endings: readonly Ending[];
  readonly apis: readonly ApiCounts[];
  readonly connections: number;
  readonly records: number;
  readonly droppedLogCharacters: number;
  readonly thread: ThreadHealth;
}

export interface ThreadHealth {
  /** Seconds that the event loop came late: mean, 99th percentile, worst since the last snapshot. */
  readonly delay: { readonly mean: number; readonly p99: number; readonly max: number };
  /** Share of time in which the loop was busy since the last snapshot, 0 to 1. */
  readonly utilization: number;
  /** Bytes. */
  readonly heapUsed: number;
}

/** APIs with counters of their own; later ones share the counters of `OTHER`. */
const MAX_APIS = 1000;
/** Distinct endings; later ones share the first. */
const MAX_ENDINGS = 128;
const OTHER = 'other';
export const TOTAL = 0;
export const UPSTREAM: number = HISTOGRAM_SIZE;
export const GATEWAY: number = HISTOGRAM_SIZE * 2;

/** Counts requests on one data thread: two look-ups and a handful of increments each. */
export class Metrics {
  private readonly apis = new Map<string, ApiCounts>();
  private readonly endings: Ending[] = [{ status: 0, flag: '' }];
  /** By status, then by flag. */
  private readonly slots: (Map<string, number> | undefined)[] = [];

  count({ x, end, totalMs, upstreamMs, flag }: Finish): void {
    const { requests, latency } = this.apis.get(x.api.id) ?? this.addApi(x.api.id, x.api.name);
    const slot = this.slots[end.status]?.get(flag.flag) ?? this.addEnding(end.status, flag.flag);
    requests[slot] = (requests[slot] ?? 0) + 1;
    observe(latency, TOTAL, totalMs);
    observe(latency, GATEWAY, totalMs - upstreamMs);
    if (end.proxied) observe(latency, UPSTREAM, upstreamMs);
  }

  private addApi(id: string, name: string): ApiCounts {
    if (this.apis.size >= MAX_APIS && id !== OTHER) return this.apis.get(OTHER) ?? this.addApi(OTHER, OTHER);
    const counts = { id, name, requests: new Float64Array(MAX_ENDINGS), latency: new Float64Array(HISTOGRAM_SIZE * 3) };
    this.apis.set(id, counts);
    return counts;
  }

  private addEnding(status: number, flag: string): number {
    if (this.endings.length >= MAX_ENDINGS || !(status >= 0 && status < 1000)) return 0;
    const slot = this.endings.push({ status, flag }) - 1;
    (this.slots[status] ??= new Map()).set(flag, slot);
    return slot;
  }

  snapshot(): Pick<MetricsSnapshot, 'endings' | 'apis'> {
    return { endings: [...this.endings], apis: [...this.apis.values()] };
  }
}

/** Watches the event loop of the thread that it is made on. */
export class ThreadWatch {
  private readonly delay = monitorEventLoopDelay({ resolution: 20 });
  private last = performance.eventLoopUtilization();

  constructor() {
    this.delay.enable();
  }

  health(): ThreadHealth {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.last);
    this.last = now;
    const delay = { mean: seconds(this.delay.mean), p99: seconds(this.delay.percentile(99)), max: seconds(this.delay.max) };
    this.delay.reset();
    return { delay, utilization, heapUsed: process.memoryUsage().heapUsed };
  }

  close(): void {
    this.delay.disable();
  }
}

/** Without the sampling interval, which is not lateness; nothing was sampled yet = 0. */
function seconds(nanoseconds: number): number {
  return Number.isFinite(nanoseconds) && nanoseconds < 1e15 ? Math.max(0, nanoseconds / 1e9 - 0.02) : 0;
}
