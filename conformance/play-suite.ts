import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DIFFERENCES, type Pending, pending, type SuiteFile } from './suites.ts';

/** How to reach the gateway under test, and which of the store-dependent suites to play. */
export interface PlayOptions {
  /** Shell command; `{conf}` is replaced by the path of the suite's `tyk.conf`. */
  gateway: string;
  /** Port of a Redis on this machine that may be flushed; undefined: the gateway's own store. */
  redis?: string | undefined;
  /** JSON file of intended differences; default: ours. `none` for no differences. */
  differences?: string | undefined;
  /** JSON file of cases that wait for a later part; default: ours. `none` for no such cases. */
  pending?: string | undefined;
  /** `template_path` of the gateway. */
  templates?: string | undefined;
  /** Only cases whose name contains this text. */
  case?: string | undefined;
  cwd?: string;
  signal?: AbortSignal;
}

/** One difference: step (1-based), pointer into the answer, wanted and given value. */
export type Wrong = [step: number, at: string, want: unknown, got: unknown];

export interface CaseResult {
  suite: string;
  case: string;
  ok: boolean;
  /** Differences that are intended, and therefore no failure. */
  intended: number;
  wrong: Wrong[];
  /** The case waits for a later part of the plan, so differing is no failure. */
  pending?: Pending;
}

export interface SuiteResult {
  name: string;
  area: string;
  cases: CaseResult[];
  /** Entries of the list of pending cases whose cases all agree: their feature is there, and the entry is to be removed. */
  arrived: Pending[];
  /** Cases that need what was not given (a Redis). */
  skipped: number;
  /** False where the player broke off: what is missing counts as a difference. */
  complete: boolean;
  /** What the player said on stderr, and lines that are no result. */
  notes: string;
}

const REPOSITORY = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Starts our gateway from source, with the node that runs this process. */
export const OUR_GATEWAY: string = `${JSON.stringify(process.execPath)} --conditions=@gatehouse/source ${path.join(REPOSITORY, 'apps/cli/src/main.ts')} gateway --conf {conf}`;

function playerArguments(suite: SuiteFile, options: PlayOptions, slot: number): string[] {
  const list = [suite.player, 'check', '--json', '--log', '--slot', String(slot), '--gateway', options.gateway, '--cwd', options.cwd ?? process.cwd()];
  if (options.differences !== 'none') list.push('--differences', options.differences ?? DIFFERENCES);
  list.push(...(options.redis ? ['--redis', options.redis] : ['--embedded']));
  for (const name of ['templates', 'case'] as const) if (options[name]) list.push(`--${name}`, options[name]);
  return [...list, suite.file];
}

/** Plays one suite in a process of its own. `slot` (0 to 6) must not be in use by another player at the same time. */
export async function playSuite(suite: SuiteFile, options: PlayOptions, slot: number): Promise<SuiteResult> {
  const result: SuiteResult = { name: suite.name, area: suite.area, cases: [], arrived: [], skipped: 0, complete: false, notes: '' };
  const child = spawn(process.execPath, playerArguments(suite, options, slot), {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.signal ? { signal: options.signal } : {}),
  });
  child.stderr.on('data', (data: Buffer) => (result.notes += data.toString()));
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  for await (const line of createInterface({ input: child.stdout })) take(line, result);
  const [code, signal] = await closed;
  if (!result.complete) result.cases.push(brokenOff(suite.name, `ended by ${signal ?? code}: ${result.notes}`));
  const isWhole = result.complete && options.case === undefined;
  markPending(result, pending(options.pending), isWhole);
  return result;
}

/** `isWhole`: all cases were played, so that it can be told which entries are no longer needed. */
export function markPending(result: SuiteResult, entries: readonly Pending[], isWhole: boolean): void {
  for (const entry of entries) {
    const cases = result.cases.filter((one) => one.suite === entry.suite && (entry.case === undefined || one.case === entry.case));
    for (const one of cases) one.pending = entry;
    if (isWhole && cases.length > 0 && cases.every((one) => one.ok)) result.arrived.push(entry);
  }
}

/** Stands for the cases that a player did not come to. */
function brokenOff(suite: string, how: string): CaseResult {
  return { suite, case: '(player)', ok: false, intended: 0, wrong: [[0, '', 'a player that plays to the end', how]] };
}

/** The player's closing line. */
const CLOSING = /^\d+ pass/;

function take(line: string, result: SuiteResult): void {
  if (CLOSING.test(line)) result.complete = true;
  else if (!line.startsWith('{')) result.notes += `${line}\n`;
  else {
    const row = JSON.parse(line) as CaseResult & { skipped?: number };
    if (row.skipped === undefined) result.cases.push(row);
    else result.skipped += row.skipped;
  }
}

/** Plays suites, `jobs` at a time, and gives each result as it comes. */
export async function* playAll(list: readonly SuiteFile[], options: PlayOptions, jobs: number): AsyncGenerator<SuiteResult> {
  const waiting = [...list];
  const running = new Map<number, Promise<{ slot: number; result: SuiteResult }>>();
  const begin = (slot: number): void => {
    const suite = waiting.shift();
    if (suite)
      running.set(
        slot,
        playSuite(suite, options, slot).then((result) => ({ slot, result })),
      );
  };
  for (let slot = 0; slot < jobs; slot++) begin(slot);
  while (running.size > 0) {
    const { slot, result } = await Promise.race(running.values());
    running.delete(slot);
    begin(slot);
    yield result;
  }
}
