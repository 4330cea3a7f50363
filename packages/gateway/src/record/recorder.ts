import type { RecordBatch } from '@gatehouse/store';
import type { GatewayConfig } from '../config/types.ts';
import type { Exchange } from '../contract/exchange.ts';
import { type AccessLine, accessLine } from './access-log.ts';
import { type AnalyticsBuffer, analyticsBuffer, IDLE_MS } from './analytics.ts';
import { flagOf } from './flags.ts';
import { type LineOutput, lineOutput } from './line-output.ts';
import { Metrics, type MetricsSnapshot, ThreadWatch } from './metrics.ts';
import type { Finish, Recorder, RequestEnd } from './types.ts';

export interface RecorderOptions {
  readonly config: GatewayConfig;
  /** Takes batches of analytics records. */
  deliver(batch: RecordBatch): void;
  /** Takes access log lines; standard output unless given. */
  readonly lines?: LineOutput;
}

/** The recorder of one data thread. */
export interface ThreadRecorder extends Recorder {
  /** `connections`: open connections of the thread. */
  snapshot(connections: number): MetricsSnapshot;
  close(): void;
}

/** Metrics always; analytics and access log where they are configured. Parts that are off cost a comparison. */
export function createRecorder(options: RecorderOptions): ThreadRecorder {
  return new RequestRecorder(options);
}

class RequestRecorder implements ThreadRecorder {
  private readonly metrics = new Metrics();
  private readonly watch = new ThreadWatch();
  private readonly analytics: AnalyticsBuffer | undefined;
  private readonly line: AccessLine | undefined;
  private readonly lines: LineOutput;
  private readonly ticker: NodeJS.Timeout;
  /** Unix time at zero of `performance.now()`; taken anew with each tick, as the system's clock may be set. */
  private epoch = Date.now() - performance.now();
  private records = 0;

  constructor(options: RecorderOptions) {
    const { config } = options;
    this.lines = options.lines ?? lineOutput(1);
    this.line = accessLine(config);
    this.analytics = analyticsBuffer(config, (batch) => {
      this.records += batch.count;
      options.deliver(batch);
    });
    this.ticker = setInterval(() => this.tick(), IDLE_MS).unref();
  }

  finished(x: Exchange, end: RequestEnd): void {
    const now = performance.now();
    const totalMs = now - x.startedAt;
    const upstreamMs = end.proxied ? x.upstreamMs : 0;
    const f: Finish = { x, end, at: this.epoch + now, totalMs, upstreamMs, flag: flagOf(end) };
    this.metrics.count(f);
    this.analytics?.add(f);
    if (this.line) this.lines.add(this.line(f));
  }

  private tick(): void {
    this.epoch = Date.now() - performance.now();
    this.analytics?.tick(Date.now());
  }

  flush(): void {
    this.analytics?.flush();
    this.lines.flush();
  }

  snapshot(connections: number): MetricsSnapshot {
    const { records, lines } = this;
    return { ...this.metrics.snapshot(), connections, records, droppedLogCharacters: lines.dropped, thread: this.watch.health() };
  }

  close(): void {
    clearInterval(this.ticker);
    this.watch.close();
    this.flush();
  }
}
