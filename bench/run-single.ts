import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { failures, load, type LoadResult } from './load.ts';
import { median, residentMiB } from './measure.ts';
import type { Settings } from './settings.ts';
import { type RunningGateway, startGatehouse } from './targets/gatehouse.ts';

/** A number about our gateway alone. */
export interface SingleRow {
  case: string;
  title: string;
  value: number;
  unit: string;
  note: string;
}

export interface SingleCase {
  readonly id: string;
  readonly run: (settings: Settings) => Promise<SingleRow[]>;
}

export const SINGLE_CASES: readonly SingleCase[] = [
  { id: 'start', run: coldStart },
  { id: 'memory', run: memory },
  { id: 'idle', run: idle },
  { id: 'reload', run: reload },
];

async function coldStart({ site, starts }: Settings): Promise<SingleRow[]> {
  const times: number[] = [];
  for (let i = 0; i < starts; i++) {
    await using gateway = await startGatehouse(site, { apis: 100 });
    times.push(gateway.startMs);
  }
  return [{ case: 'start', title: 'cold start to the first answer, 100 APIs', value: median(times), unit: 'ms', note: `middle of ${starts}, compiled` }];
}

async function memory({ site, measured }: Settings): Promise<SingleRow[]> {
  await using gateway = await startGatehouse(site, { apis: 100 });
  const row = (title: string): SingleRow => ({ case: 'memory', title, value: residentMiB(gateway.pid), unit: 'MiB', note: 'one data thread, 100 APIs' });
  const before = row('resident before any load');
  await load({ url: `${gateway.origin}/bench/small`, connections: 64, seconds: measured });
  return [before, row('resident after load')];
}

async function idle({ site, idleConnections }: Settings): Promise<SingleRow[]> {
  await using gateway = await startGatehouse(site, {});
  await load({ url: `${gateway.origin}/bench/small`, connections: 64, seconds: 1 });
  const before = residentMiB(gateway.pid);
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: Infinity });
  await openIdle(gateway, agent, idleConnections);
  const each = ((residentMiB(gateway.pid) - before) * 1024) / idleConnections;
  agent.destroy();
  return [{ case: 'idle', title: 'memory of an idle keep-alive client', value: each, unit: 'KiB', note: `${idleConnections} clients, each after one request` }];
}

/** Each round opens new connections, because those before are kept busy until the round is over. */
async function openIdle({ origin }: RunningGateway, agent: Agent, count: number): Promise<void> {
  const answers = Array.from({ length: count }, async () => {
    const request = get(`${origin}/bench/small`, { agent });
    const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream];
    response.resume();
    await once(response, 'end');
  });
  await Promise.all(answers);
}

async function reload({ site, measured }: Settings): Promise<SingleRow[]> {
  await using gateway = await startGatehouse(site, { apis: 100 });
  const request = { url: `${gateway.origin}/bench/small`, connections: 64, seconds: measured };
  await load(request);
  const calm = await load(request);
  const [during, reloads] = await Promise.all([load(request), reloadFor(gateway, measured)]);
  return reloadRows(calm, during, reloads);
}

/** Reloads once a second while the load runs. */
async function reloadFor(gateway: RunningGateway, seconds: number): Promise<number> {
  for (let i = 1; i < seconds; i++) {
    await sleep(1000);
    const answer = await gateway.control('GET', '/tyk/reload?block=true');
    if (!answer.ok) throw new Error(`reload ${i}: ${answer.status} ${await answer.text()}`);
  }
  return seconds - 1;
}

function reloadRows(calm: LoadResult, during: LoadResult, reloads: number): SingleRow[] {
  const note = `${reloads} reloads of 100 APIs in ${during.seconds.toFixed(0)} s`;
  return [
    { case: 'reload', title: 'requests failed during reloads', value: failures(during), unit: '', note },
    { case: 'reload', title: 'p99 during reloads, of that without', value: during.p99Us / calm.p99Us, unit: '×', note },
  ];
}
