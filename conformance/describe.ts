import type { CaseResult, SuiteResult } from './play-suite.ts';
import type { Pending } from './suites.ts';

const LONGEST = 160;

function short(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}…` : text;
}

function describeCase(result: CaseResult, most: number): string {
  const lines = result.wrong.slice(0, most).map(([step, at, want, got]) => `    step ${step} ${at}: want ${short(want)}, got ${short(got)}`);
  const rest = result.wrong.length - lines.length;
  return [`✗ ${result.suite} · ${result.case}`, ...lines, ...(rest > 0 ? [`    … and ${rest} more`] : [])].join('\n');
}

const differs = (one: CaseResult): boolean => !one.ok && one.pending === undefined;

function describeArrived({ suite, case: name = 'all cases', part }: Pending): string {
  return `✗ ${suite} · ${name}: agrees, so part ${part} has brought what it waited for; remove the entry from pending.json`;
}

/**
 * The failures of a suite as readable lines, `''` where there is none: cases that differ and wait for nothing, entries of pending.json that
 * are no longer needed. `most` differences are shown per case.
 */
export function describeFailures(result: SuiteResult, most = 6): string {
  const wrong = result.cases.filter(differs).map((one) => describeCase(one, most));
  return [...wrong, ...result.arrived.map(describeArrived)].join('\n');
}

/** Cases of some suites by what became of them. `pending`: they differ, and their feature comes with a later part. */
export interface Tally {
  agree: number;
  intended: number;
  pending: number;
  differ: number;
  skipped: number;
}

export function tally(results: readonly SuiteResult[]): Tally {
  const sum: Tally = { agree: 0, intended: 0, pending: 0, differ: 0, skipped: 0 };
  for (const { cases, skipped } of results) {
    sum.skipped += skipped;
    for (const one of cases) sum[kindOf(one)]++;
  }
  return sum;
}

function kindOf(one: CaseResult): 'agree' | 'intended' | 'pending' | 'differ' {
  if (one.ok) return one.intended > 0 ? 'intended' : 'agree';
  return differs(one) ? 'differ' : 'pending';
}

export function describeTally({ agree, intended, pending, differ, skipped }: Tally): string {
  const parts = [`${agree} agree`, `${intended} differ as intended`, `${differ} differ`];
  if (pending > 0) parts.push(`${pending} wait for a later part`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return parts.join(', ');
}
