import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createPool, DEFAULT_POOL_LIMITS, DEFAULT_SERVER_LIMITS, listen } from '../src/index.ts';
import { deadlinesOnClock } from '../src/timers.ts';
import { Dice } from './fuzz.ts';
import { relayTo } from './relay.ts';
import { soakUpstream, VISITS, type SoakTarget, type Visit } from './soak-peers.ts';

/** What a soak found; everything that is `left` must be zero. */
export interface SoakReport {
  requests: number;
  seconds: number;
  failures: string[];
  /** Bytes of heap after collection, over those after the first tenth. */
  heapGrowth: number;
  sockets: number;
  connections: number;
  pooled: number;
  deadlines: number;
}

const WORKERS = 24;
/** HTTP/2 connections are renewed, so that their life is soaked, too. */
const SESSION_USES = 200;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Heap in use once nothing more can be given back. */
async function heapInUse(): Promise<number> {
  for (let at = 0; at < 5; at++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().heapUsed;
}

/** Resolves when it is so, or after some seconds. */
async function settled(isSo: () => boolean): Promise<void> {
  for (let at = 0; at < 200 && !isSo(); at++) await new Promise((resolve) => setTimeout(resolve, 25));
}

const openSockets = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

function pick(dice: Dice): Visit {
  let at = dice.below(VISITS.reduce((sum, [, weight]) => sum + weight, 0));
  for (const [visit, weight] of VISITS) {
    if (at < weight) return visit;
    at -= weight;
  }
  throw new Error('unreachable');
}

/** Hands out one HTTP/2 session after the other. */
function sessions(port: number): { next: () => ClientHttp2Session; close: () => void } {
  let session: ClientHttp2Session | undefined;
  let uses = 0;
  const next = (): ClientHttp2Session => {
    if (session === undefined || session.closed || session.destroyed || uses++ % SESSION_USES === 0) {
      session?.close();
      session = connectHttp2(`http://127.0.0.1:${port}`);
      session.on('error', () => undefined);
    }
    return session;
  };
  return { next, close: () => session?.close() };
}

/** Sends about so many requests of mixed kinds through server, pool and a real upstream, and looks for what is left behind. */
export async function soak(requests: number, seed: number): Promise<SoakReport> {
  const begun = performance.now();
  const socketsBefore = openSockets();
  const upstream = soakUpstream();
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port: upstreamPort } = upstream.address() as AddressInfo;
  const pool = createPool(DEFAULT_POOL_LIMITS);
  const relay = relayTo(pool, { key: 'upstream', protocol: 'http', host: '127.0.0.1', port: upstreamPort });
  const listener = await listen({ host: '127.0.0.1', port: 0, reusePort: false, h2c: true }, DEFAULT_SERVER_LIMITS, {}, relay);
  const agent = new Agent({ keepAlive: true, maxSockets: WORKERS });
  const http2 = sessions(listener.port);
  const target: SoakTarget = { port: listener.port, agent, session: http2.next };
  const failures: string[] = [];
  let made = 0;

  const work = async (dice: Dice, limit: number): Promise<void> => {
    while (made < limit && failures.length < 10) {
      const visit = pick(dice);
      const count = await visit(target, dice).catch((error: unknown) => {
        failures.push(`${visit.name}: ${String(error)}`);
        return 1;
      });
      made += count;
    }
  };
  const all = (round: number, limit: number): Promise<unknown> =>
    Promise.all(Array.from({ length: WORKERS }, (_, at) => work(new Dice(seed + round * 1000 + at), limit)));

  await all(0, Math.ceil(requests / 10));
  const heapBefore = await heapInUse();
  await all(1, requests);
  agent.destroy();
  http2.close();
  await settled(() => listener.connections === 0);
  const { connections } = listener;
  const heapGrowth = (await heapInUse()) - heapBefore;
  await listener.close(1000);
  pool.close();
  upstream.closeAllConnections();
  upstream.close();
  await settled(() => pool.size === 0 && openSockets() <= socketsBefore && deadlinesOnClock() === 0);
  return {
    requests: made,
    seconds: Math.round((performance.now() - begun) / 100) / 10,
    failures,
    heapGrowth,
    sockets: openSockets() - socketsBefore,
    connections,
    pooled: pool.size,
    deadlines: deadlinesOnClock(),
  };
}

/** More than this is a leak: a kilobyte per hundred requests would show. */
export const HEAP_ALLOWANCE = 4_000_000;

export function soakPassed(report: SoakReport): boolean {
  const { failures, heapGrowth, sockets, connections, pooled, deadlines } = report;
  return failures.length === 0 && heapGrowth < HEAP_ALLOWANCE && sockets === 0 && connections === 0 && pooled === 0 && deadlines === 0;
}

/** Usage: `soak.ts [--requests 200000] [--seed N]`. */
async function main(): Promise<void> {
  const option = (name: string): string | undefined => (process.argv.includes(`--${name}`) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : undefined);
  const report = await soak(Number(option('requests') ?? 200_000), Number(option('seed') ?? 1));
  process.stdout.write(`soak: ${soakPassed(report) ? 'ok' : 'FAILED'} ${JSON.stringify(report)}\n`);
  process.exitCode = soakPassed(report) ? 0 : 1;
}

if (import.meta.main) await main();
