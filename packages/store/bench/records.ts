// Measures the cost of storing analytics records and keys: node --conditions=@gatehouse/source packages/store/bench/records.ts
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordBatch } from '@gatehouse/store';
import { openKeyStore, openRecordStore } from '@gatehouse/store/sqlite';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
const NUMBERS = ['timestamp', 'response_code', 'request_time', 'latency_upstream', 'latency_gateway', 'content_length', 'expire_at'];
const TEXTS = ['method', 'host', 'path', 'raw_path', 'user_agent', 'api_key', 'api_version', 'api_name', 'api_id', 'org_id', 'ip_address', 'alias', 'tags'];

function makeBatch(count: number): RecordBatch {
  const numbers = NUMBERS.map((name, n) => [name, Float64Array.from({ length: count }, (_, i) => 1_800_000_000_000 + i * (n + 1))] as const);
  const texts = TEXTS.map((name) => [name, Array.from({ length: count }, (_, i) => `${name} of request ${i % 97}`)] as const);
  return { count, columns: Object.fromEntries([...numbers, ...texts]) };
}

function measure(label: string, unit: string, times: number, work: (i: number) => void): void {
  const started = performance.now();
  for (let i = 0; i < times; i++) work(i);
  process.stdout.write(`${label.padEnd(24)} ${(((performance.now() - started) * 1000) / times).toFixed(2)} µs per ${unit}\n`);
}

const records = openRecordStore(folder);
for (const size of [100, 1000, 10_000]) {
  const batch = makeBatch(size);
  records.append(batch);
  const started = performance.now();
  for (let i = 0; i < 20; i++) records.append(batch);
  process.stdout.write(`batches of ${size}: ${(((performance.now() - started) * 1000) / (20 * size)).toFixed(2)} µs per record\n`);
}
records.close();
process.stdout.write(`${(statSync(join(folder, 'records.db')).size / (21 * 11_100)).toFixed(1)} bytes per record on disk\n`);

const keys = openKeyStore({ folder, epoch: new Int32Array(new SharedArrayBuffer(4)), readOnly: false });
const json = JSON.stringify({ org_id: 'o'.repeat(24), apply_policies: ['p'.repeat(24)], quota_max: 100, alias: 'a key', tags: ['a', 'b'] });
measure('writing a key', 'key', 2000, (i) => keys.set(`key-${i}`, json, 0));
measure('reading a key', 'key', 100_000, (i) => keys.get(`key-${i % 2000}`));
measure('looking for no key', 'key', 100_000, (i) => keys.get(`none-${i}`));
keys.close();
rmSync(folder, { recursive: true });
