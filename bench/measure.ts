import { readdirSync, readFileSync } from 'node:fs';

/** Ticks per second of utime and stime: fixed at 100 by the kernel's interface to programs (proc(5), USER_HZ). */
const TICKS_PER_SECOND = 100;

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  /** CPU seconds of all threads, dead ones included. */
  readonly seconds: number;
}

/** The fields behind the command name, which may hold spaces and brackets; field 3 of proc(5) is the first. */
function processRow(pid: number): ProcessRow | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { pid, parent: Number(fields[1]), seconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND };
  } catch {
    return undefined; // ended meanwhile
  }
}

/** A process and everything below it. */
function tree(root: number): ProcessRow[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (processRow(Number(name)) ?? []) : []));
  const found = all.filter((row) => row.pid === root);
  for (const parent of found) found.push(...all.filter((row) => row.parent === parent.pid));
  return found;
}

/** CPU seconds that a process tree has used so far. */
export function cpuSeconds(root: number): number {
  return tree(root).reduce((sum, row) => sum + row.seconds, 0);
}

/** Resident memory of a process tree in MiB; pages that processes share are counted for each. */
export function residentMiB(root: number): number {
  return tree(root).reduce((sum, row) => sum + residentKiB(row.pid), 0) / 1024;
}

function residentKiB(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The middle value; of an even number of values the lower middle. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}
