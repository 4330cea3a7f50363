import type { LoadCase } from './cases.ts';
import { failures, load } from './load.ts';
import { cpuSeconds, residentMiB } from './measure.ts';
import type { Settings } from './settings.ts';
import { gatehouse } from './targets/gatehouse.ts';
import type { Target } from './targets/target.ts';

/** A measured row. */
export interface LoadRow {
  case: string;
  title: string;
  target: string;
  connections: number;
  requests: number;
  /** CPU time of the whole process tree per request. */
  cpuUs: number;
  perSecond: number;
  p50Us: number;
  p99Us: number;
  /** After the load. */
  residentMiB: number;
  /** Requests without a good answer: 0, or the row says nothing. */
  failed: number;
}

const CONNECTIONS = 64;

export async function* runLoadCase(one: LoadCase, settings: Settings): AsyncGenerator<LoadRow> {
  for (const target of one.targets) if (target === gatehouse || !settings.gatewayOnly) yield await measure(one, target, settings);
}

async function measure(one: LoadCase, target: Target, { site, warmUp, measured }: Settings): Promise<LoadRow> {
  await using running = await target.start(site, one.variant);
  const { path, connections = CONNECTIONS, method, bodyBytes } = one;
  const request = {
    url: running.origin + path,
    connections,
    ...(method ? { method } : {}),
    ...(bodyBytes ? { bodyBytes } : {}),
    ...(running.key ? { key: running.key } : {}),
  };
  await load({ ...request, seconds: warmUp });
  const before = cpuSeconds(running.pid);
  const result = await load({ ...request, seconds: measured });
  const used = cpuSeconds(running.pid) - before;
  return {
    case: one.id,
    title: one.title,
    target: target.name,
    connections,
    requests: result.requests,
    cpuUs: (used * 1e6) / result.requests,
    perSecond: result.requests / result.seconds,
    p50Us: result.p50Us,
    p99Us: result.p99Us,
    residentMiB: residentMiB(running.pid),
    failed: failures(result),
  };
}
