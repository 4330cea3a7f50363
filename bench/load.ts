import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('load.lua', import.meta.url));

/** What to send, and for how long. */
export interface Load {
  url: string;
  connections: number;
  seconds: number;
  method?: string;
  bodyBytes?: number;
  /** Value of the Authorization field. */
  key?: string;
}

/** What the load generator saw. Times in microseconds. */
export interface LoadResult {
  requests: number;
  seconds: number;
  p50Us: number;
  p99Us: number;
  maxUs: number;
  /** Answers with a status of 400 or more. */
  badStatus: number;
  socketErrors: number;
  timeouts: number;
}

/** Core of the proxy under test, and of everything else. */
export const PROXY_CORE = 0;
export const LOAD_CORE = 1;

/** Puts a command onto cores. */
export function pinned(cores: number | string, command: readonly [string, ...string[]]): [string, ...string[]] {
  return ['taskset', '-c', String(cores), ...command];
}

/** Sends requests with wrk: one thread on its own core, as fast as the answers come. */
export async function load({ url, connections, seconds, method, bodyBytes, key }: Load): Promise<LoadResult> {
  const [program, ...args] = pinned(LOAD_CORE, ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', SCRIPT, url]);
  const env = { ...process.env, BENCH_METHOD: method, BENCH_BODY_BYTES: bodyBytes === undefined ? undefined : String(bodyBytes), BENCH_KEY: key };
  const { stdout } = await run(program, args, { env, timeout: (seconds + 30) * 1000 });
  const line = stdout.split('\n').find((text) => text.startsWith('{'));
  if (!line) throw new Error(`wrk said nothing about ${url}:\n${stdout}`);
  return JSON.parse(line) as LoadResult;
}

/** Requests that got no good answer. */
export function failures({ badStatus, socketErrors, timeouts }: LoadResult): number {
  return badStatus + socketErrors + timeouts;
}
