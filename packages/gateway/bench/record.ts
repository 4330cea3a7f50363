// Measures the CPU time that a finished request costs the recorder: npx node --conditions=@gatehouse/source packages/gateway/bench/record.ts
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordBatch } from '@gatehouse/store';
import { openRecordStore } from '@gatehouse/store/sqlite';
import { loadConfig } from '../src/config/index.ts';
import type { GatewayConfig } from '../src/config/types.ts';
import type { CompiledApi } from '../src/contract/compiled.ts';
import type { Exchange } from '../src/contract/exchange.ts';
import { decodeClassic } from '../src/definition/index.ts';
import { makeExchange, makeIdentity } from '../src/middleware/testing.ts';
import { batchBuffers } from '../src/record/analytics.ts';
import { createRecorder } from '../src/record/recorder.ts';
import type { RequestEnd } from '../src/record/types.ts';

const REQUESTS = 60_000;
const ROUNDS = 5;
const END: RequestEnd = { status: 200, refusal: undefined, failure: undefined, proxied: true };

const { config } = loadConfig({ files: [], env: {}, defaults: 'product' });
const definition = decodeClassic({ api_id: 'a1', name: 'orders api', org_id: 'o1', proxy: { listen_path: '/api/', strip_listen_path: true } }).value;
const api = { id: 'a1', name: 'orders api', orgId: 'o1', listenPath: '/api/', definition, oas: undefined } as Partial<CompiledApi>;
const identities = Array.from({ length: 1000 }, (_, i) => makeIdentity({ token: `o1key${i}`, shownKey: `o1key${i}`, alias: `user ${i}`, policyIds: ['gold'] }));

/** Requests for many paths, of many keys, as they come from the wire. */
function makeRequests(count: number): Exchange[] {
  return Array.from({ length: count }, (_, i) => {
    const x = makeExchange(`GET /api/orders/${i % 5000}/lines?page=${i % 7}`, {
      api,
      fields: ['User-Agent', 'bench/1.0 (linux; x64)', 'Accept', '*/*', 'Authorization', `key${i % 1000}`],
    });
    x.identity = identities[i % 1000];
    x.upstreamHost = '127.0.0.1:9000';
    x.upstreamScheme = 'http';
    x.upstreamPath = `/orders/${i % 5000}/lines?page=${i % 7}`;
    x.upstreamMs = 1.25;
    return x;
  });
}

function measure(label: string, settings: Partial<GatewayConfig>): void {
  const requests = makeRequests(20_000);
  let batches = 0;
  let characters = 0;
  const deliver = (): void => void batches++;
  const lines = { add: (text: string): void => void (characters += Buffer.byteLength(text)), flush: () => undefined, dropped: 0 };
  const recorder = createRecorder({ config: { ...config, enable_analytics: false, ...settings }, deliver, lines });
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const started = process.cpuUsage();
    for (let i = 0; i < REQUESTS; i += requests.length) for (const x of requests) recorder.finished(x, END);
    const { user, system } = process.cpuUsage(started);
    best = Math.min(best, ((user + system) * 1000) / REQUESTS);
  }
  recorder.close();
  process.stdout.write(`${label.padEnd(40)} ${best.toFixed(0).padStart(6)} ns per request (${batches} batches, ${characters} bytes of lines)\n`);
}

/** What a record costs the main thread, which takes it from the data thread and stores it. */
function measureStore(): void {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const batches: RecordBatch[] = [];
  const recorder = createRecorder({ config: { ...config, enable_analytics: true }, deliver: (batch) => batches.push(batch) });
  for (const x of makeRequests(20_000)) recorder.finished(x, END);
  recorder.close();
  const store = openRecordStore(folder);
  const started = process.cpuUsage();
  for (const batch of batches) store.append(structuredClone(batch, { transfer: batchBuffers(batch) }));
  const { user, system } = process.cpuUsage(started);
  store.close();
  const bytes = statSync(join(folder, 'records.db')).size / 20_000;
  rmSync(folder, { recursive: true });
  process.stdout.write(
    `${'between threads and into SQLite'.padEnd(40)} ${((user + system) / 20).toFixed(0).padStart(6)} ns per record (${bytes.toFixed(0)} bytes on disk)\n`,
  );
}

measure('metrics', {});
measure('metrics, analytics', { enable_analytics: true });
measure('metrics, analytics, text access log', { enable_analytics: true, access_logs: { enabled: true, template: [] } });
measure('metrics, JSON access log', { log_format: 'json', access_logs: { enabled: true, template: [] } });
measure('metrics, access log of four fields', { access_logs: { enabled: true, template: ['status', 'path', 'latency_total', 'client_ip'] } });
measureStore();
