import { BOUNDS_MS, viewHistogram } from './histogram.ts';
import type { MergedMetrics } from './merge-metrics.ts';
import { type ApiCounts, GATEWAY, TOTAL, UPSTREAM } from './metrics.ts';

/** What the main thread knows beside the counters of the data threads. */
export interface ProcessGauges {
  readonly version: string;
  readonly nodeVersion: string;
  readonly ready: boolean;
  /** By status: `active`, `degraded`, `disabled`. */
  readonly apis: Readonly<Record<string, number>>;
  readonly policies: number;
  readonly reloads: number;
  /** Unix seconds. */
  readonly startedAt: number;
  /** Seconds of user and system time. */
  readonly cpuSeconds: number;
  /** Bytes. */
  readonly residentMemory: number;
}

/** Content type of the text format (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

type Labels = readonly (readonly [name: string, value: string])[];
type Sample = readonly [suffix: string, labels: Labels, value: number];

/** The metrics page: our names in base units, and those of Tyk's pump for dashboards that know them. */
export function prometheusText(merged: MergedMetrics, gauges: ProcessGauges): string {
  return [...requestFamilies(merged), ...tykFamilies(merged), ...gatewayFamilies(merged, gauges), ...processFamilies(merged, gauges)].join('');
}

function family(name: string, type: 'counter' | 'gauge' | 'histogram', help: string, samples: Iterable<Sample>): string {
  let text = '';
  for (const [suffix, labels, value] of samples) text += `${name}${suffix}${labelText(labels)} ${value}\n`;
  return text === '' ? '' : `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${text}`;
}

const labelText = (labels: Labels): string => (labels.length === 0 ? '' : `{${labels.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(',')}}`);
const escapeLabel = (value: string): string => value.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`));

function single(name: string, type: 'counter' | 'gauge', help: string, value: number): string {
  return family(name, type, help, [['', [], value]]);
}

function requestFamilies(merged: MergedMetrics): string[] {
  return [
    family('gatehouse_requests_total', 'counter', 'Requests of APIs by class of status and response flag', requestsByClass(merged)),
    family('gatehouse_request_duration_seconds', 'histogram', 'Time from the head of a request to the end of its answer', inSeconds(merged, TOTAL)),
    family('gatehouse_upstream_duration_seconds', 'histogram', "Time until the head of an upstream's answer", inSeconds(merged, UPSTREAM)),
  ];
}

function* requestsByClass({ apis, endings }: MergedMetrics): Generator<Sample> {
  for (const api of apis) {
    const sums = new Map<string, number>();
    for (const [i, { status, flag }] of endings.entries()) {
      const count = api.requests[i] ?? 0;
      const key = `${Math.floor(status / 100)}xx ${flag}`;
      if (count > 0) sums.set(key, (sums.get(key) ?? 0) + count);
    }
    for (const [key, count] of sums)
      yield [
        '',
        [
          ['api_id', api.id],
          ['api_name', api.name],
          ['code', key.slice(0, 3)],
          ['flag', key.slice(4)],
        ],
        count,
      ];
  }
}

function* inSeconds({ apis }: MergedMetrics, from: number): Generator<Sample> {
  for (const api of apis) yield* histogram(api, from, [['api_id', api.id]], 1000);
}

/** Samples of one histogram; `unit` = milliseconds per unit of the name. */
function* histogram(api: ApiCounts, from: number, labels: Labels, unit: number): Generator<Sample> {
  const { cumulative, count, sumMs } = viewHistogram(api.latency, from);
  if (count === 0) return;
  for (const [i, bound] of BOUNDS_MS.entries()) yield ['_bucket', [...labels, ['le', String(bound / unit)]], cumulative[i] ?? 0];
  yield ['_bucket', [...labels, ['le', '+Inf']], count];
  yield ['_sum', labels, sumMs / unit];
  yield ['_count', labels, count];
}

function tykFamilies(merged: MergedMetrics): string[] {
  return [
    family('tyk_http_status', 'counter', 'HTTP status codes per API', statuses(merged)),
    family('tyk_latency', 'histogram', 'Latency added by Tyk, Total Latency, upstream latency, and gateway latency per API', latencies(merged)),
  ];
}

function* statuses({ apis, endings }: MergedMetrics): Generator<Sample> {
  for (const api of apis) {
    const sums = new Map<number, number>();
    for (const [i, { status }] of endings.entries()) {
      const count = api.requests[i] ?? 0;
      if (count > 0) sums.set(status, (sums.get(status) ?? 0) + count);
    }
    for (const [status, count] of sums)
      yield [
        '',
        [
          ['api', api.id],
          ['code', String(status)],
        ],
        count,
      ];
  }
}

function* latencies({ apis }: MergedMetrics): Generator<Sample> {
  for (const api of apis) {
    for (const [type, from] of [
      ['gateway', GATEWAY],
      ['total', TOTAL],
      ['upstream', UPSTREAM],
    ] as const)
      yield* histogram(
        api,
        from,
        [
          ['api', api.id],
          ['type', type],
        ],
        1,
      );
  }
}

function gatewayFamilies(merged: MergedMetrics, gauges: ProcessGauges): string[] {
  const { apis, policies, reloads, ready, version, nodeVersion } = gauges;
  return [
    family('gatehouse_build_info', 'gauge', 'Version of the running gateway', [
      [
        '',
        [
          ['version', version],
          ['node', nodeVersion],
        ],
        1,
      ],
    ]),
    single('gatehouse_ready', 'gauge', '1 while the gateway takes traffic', ready ? 1 : 0),
    family(
      'gatehouse_apis_loaded',
      'gauge',
      'APIs of the running generation by status',
      Object.entries(apis).map(([status, count]): Sample => ['', [['status', status]], count]),
    ),
    single('gatehouse_policies_loaded', 'gauge', 'Policies of the running generation', policies),
    single('gatehouse_config_reloads_total', 'counter', 'Loads of definitions and policies, the first one included', reloads),
    single('gatehouse_connections', 'gauge', 'Open connections from clients', merged.connections),
    single('gatehouse_analytics_records_total', 'counter', 'Analytics records handed to the store', merged.records),
    single('gatehouse_log_dropped_bytes_total', 'counter', 'Access log text dropped because its reader was too slow', merged.droppedLogCharacters),
  ];
}

function processFamilies({ threads }: MergedMetrics, gauges: ProcessGauges): string[] {
  const perThread = (pick: (thread: MergedMetrics['threads'][number]) => number): Sample[] =>
    threads.map((thread, i) => ['', [['thread', String(i)]], pick(thread)]);
  return [
    single('process_cpu_seconds_total', 'counter', 'Processor time of the process, user and system', gauges.cpuSeconds),
    single('process_resident_memory_bytes', 'gauge', 'Resident memory of the process', gauges.residentMemory),
    single('process_start_time_seconds', 'gauge', 'Start of the process in unix seconds', gauges.startedAt),
    family(
      'nodejs_eventloop_delay_mean_seconds',
      'gauge',
      'Mean lateness of the event loop of a data thread since the last scrape',
      perThread((t) => t.delay.mean),
    ),
    family(
      'nodejs_eventloop_delay_p99_seconds',
      'gauge',
      '99th percentile of the lateness of the event loop since the last scrape',
      perThread((t) => t.delay.p99),
    ),
    family(
      'nodejs_eventloop_delay_max_seconds',
      'gauge',
      'Worst lateness of the event loop since the last scrape',
      perThread((t) => t.delay.max),
    ),
    family(
      'nodejs_eventloop_utilization_ratio',
      'gauge',
      'Share of time in which a data thread was busy since the last scrape',
      perThread((t) => t.utilization),
    ),
    family(
      'v8js_memory_heap_used_bytes',
      'gauge',
      'JavaScript heap in use on a data thread',
      perThread((t) => t.heapUsed),
    ),
  ];
}
