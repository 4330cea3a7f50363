import { describe, expect, it } from 'vitest';
import { E } from '../contract/errors.ts';
import { refuse } from '../contract/outcome.ts';
import { answered, finish, makeApi, makeRequest, sent } from './test/fixtures.ts';
import { mergeSnapshots } from './merge-metrics.ts';
import { Metrics, type MetricsSnapshot } from './metrics.ts';
import { type ProcessGauges, prometheusText } from './prometheus.ts';

const birds = makeApi('birds', { name: 'birds "of" the\\forest' });
const trees = makeApi('trees');
const limited = { status: 429, refusal: refuse(E.RATE_LIMIT_EXCEEDED, 'RateLimitAndQuotaCheck'), failure: undefined, proxied: false };
const gauges: ProcessGauges = {
  version: '1.2.3',
  nodeVersion: '26.0.0',
  ready: true,
  apis: { active: 2, disabled: 1 },
  policies: 4,
  reloads: 3,
  startedAt: 1_700_000_000,
  cpuSeconds: 1.5,
  residentMemory: 1000,
};

function snapshot(count: (metrics: Metrics) => void): MetricsSnapshot {
  const metrics = new Metrics();
  count(metrics);
  const thread = { delay: { mean: 0.001, p99: 0.002, max: 0.003 }, utilization: 0.25, heapUsed: 500 };
  return { ...metrics.snapshot(), connections: 5, records: 7, droppedLogCharacters: 0, thread };
}

const page = (...snapshots: readonly MetricsSnapshot[]): string[] => prometheusText(mergeSnapshots(snapshots), gauges).split('\n');

const proxied = (api: typeof birds, status: number): Parameters<Metrics['count']>[0] => finish(sent(makeRequest('GET /x', api), '/x'), answered(status));

describe('metrics in Prometheus text', () => {
  const one = snapshot((m) => {
    m.count(finish(makeRequest('GET /x', birds), limited));
    m.count(proxied(birds, 200));
    m.count(proxied(birds, 503));
  });
  const second = snapshot((m) => {
    m.count(proxied(birds, 204));
    m.count(proxied(trees, 200));
    m.count(finish(makeRequest('GET /x', birds), limited));
  });
  const lines = page(one, second);

  it.each([
    'gatehouse_requests_total{api_id="birds",api_name="birds \\"of\\" the\\\\forest",code="4xx",flag="RLT"} 2',
    'gatehouse_requests_total{api_id="birds",api_name="birds \\"of\\" the\\\\forest",code="2xx",flag=""} 2',
    'gatehouse_requests_total{api_id="birds",api_name="birds \\"of\\" the\\\\forest",code="5xx",flag="URS"} 1',
    'tyk_http_status{api="birds",code="200"} 1',
    'tyk_http_status{api="birds",code="204"} 1',
    'tyk_http_status{api="birds",code="429"} 2',
    'tyk_http_status{api="trees",code="200"} 1',
    'tyk_latency_bucket{api="birds",type="total",le="10"} 0',
    'tyk_latency_bucket{api="birds",type="total",le="15"} 5',
    'tyk_latency_bucket{api="birds",type="upstream",le="7"} 3',
    'tyk_latency_count{api="birds",type="gateway"} 5',
    'gatehouse_request_duration_seconds_bucket{api_id="trees",le="0.015"} 1',
    'gatehouse_request_duration_seconds_bucket{api_id="trees",le="+Inf"} 1',
    'gatehouse_request_duration_seconds_sum{api_id="trees"} 0.0129',
    'gatehouse_upstream_duration_seconds_count{api_id="birds"} 3',
    '# TYPE gatehouse_request_duration_seconds histogram',
    'gatehouse_build_info{version="1.2.3",node="26.0.0"} 1',
    'gatehouse_apis_loaded{status="active"} 2',
    'gatehouse_connections 10',
    'gatehouse_analytics_records_total 14',
    'process_resident_memory_bytes 1000',
    'nodejs_eventloop_delay_p99_seconds{thread="1"} 0.002',
  ])('%s', (line) => {
    expect(lines).toContain(line);
  });

  it('every family has its help and type once, before its samples', () => {
    const seen = new Set<string>();
    for (const line of lines.filter((l) => l !== '')) {
      if (line.startsWith('# TYPE')) expect(seen.has(line)).toBe(false);
      if (line.startsWith('# TYPE')) seen.add(line);
      else if (!line.startsWith('#')) expect([...seen].some((type) => line.startsWith(type.split(' ')[2] ?? ' '))).toBe(true);
    }
    expect(seen.size).toBe(21);
  });

  it('no family of requests before the first one', () => {
    expect(page(snapshot(() => undefined)).some((line) => line.includes('tyk_') || line.includes('requests_total'))).toBe(false);
  });

  it('APIs beyond a thousand share one series', () => {
    const many = snapshot((m) => {
      for (let i = 0; i < 1100; i++) m.count(proxied(makeApi(`a${i}`), 200));
    });
    expect(many.apis).toHaveLength(1001);
    expect(page(many)).toContain('tyk_http_status{api="other",code="200"} 100');
  });

  it.each([
    [0, '1'],
    [1, '1'],
    [1.2, '2'],
    [999.5, '1000'],
    [1001, '2000'],
    [59_999, '60000'],
  ])('%d ms fall into the bucket up to %s', (ms, bound) => {
    const text = page(snapshot((m) => m.count({ ...proxied(trees, 200), totalMs: ms, upstreamMs: 0 })));
    const first = text.find((line) => line.startsWith('tyk_latency_bucket{api="trees",type="total"') && line.endsWith(' 1'));
    expect(first).toBe(`tyk_latency_bucket{api="trees",type="total",le="${bound}"} 1`);
  });
});
