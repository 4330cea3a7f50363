import { HISTOGRAM_SIZE } from './histogram.ts';
import type { ApiCounts, Ending, MetricsSnapshot, ThreadHealth } from './metrics.ts';

/** The counters of all data threads together. */
export interface MergedMetrics {
  readonly endings: readonly Ending[];
  readonly apis: readonly ApiCounts[];
  readonly connections: number;
  readonly records: number;
  readonly droppedLogCharacters: number;
  readonly threads: readonly ThreadHealth[];
}

/** Adds up snapshots; each thread numbers its endings in its own order. */
export function mergeSnapshots(snapshots: readonly MetricsSnapshot[]): MergedMetrics {
  const endings: Ending[] = [];
  const slots = new Map<string, number>();
  const slotOf = ({ status, flag }: Ending): number => {
    const key = `${status} ${flag}`;
    const slot = slots.get(key) ?? endings.push({ status, flag }) - 1;
    slots.set(key, slot);
    return slot;
  };
  const mapped = snapshots.map((snapshot) => snapshot.endings.map(slotOf));
  const apis = new Map<string, ApiCounts>();
  for (const [t, snapshot] of snapshots.entries()) for (const api of snapshot.apis) addApi(apis, api, mapped[t] ?? [], endings.length);
  const sum = (pick: (s: MetricsSnapshot) => number): number => snapshots.reduce((total, s) => total + pick(s), 0);
  return {
    endings,
    apis: [...apis.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    connections: sum((s) => s.connections),
    records: sum((s) => s.records),
    droppedLogCharacters: sum((s) => s.droppedLogCharacters),
    threads: snapshots.map((s) => s.thread),
  };
}

function addApi(apis: Map<string, ApiCounts>, api: ApiCounts, slots: readonly number[], endings: number): void {
  const into = apis.get(api.id) ?? { id: api.id, name: api.name, requests: new Float64Array(endings), latency: new Float64Array(HISTOGRAM_SIZE * 3) };
  apis.set(api.id, into);
  for (const [from, to] of slots.entries()) into.requests[to] = (into.requests[to] ?? 0) + (api.requests[from] ?? 0);
  for (const [i, count] of api.latency.entries()) into.latency[i] = (into.latency[i] ?? 0) + count;
}
