import type { CaseResult, SuiteResult } from './play-suite.ts';

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

/** The differing cases of a suite as readable lines; `''` where all agree. `most` differences are shown per case. */
export function describeFailures(result: SuiteResult, most = 6): string {
  return result.cases
    .filter((one) => !one.ok)
    .map((one) => describeCase(one, most))
    .join('\n');
}

/** Cases of some suites by what became of them. */
export interface Tally {
  agree: number;
  intended: number;
  differ: number;
  skipped: number;
}

export function tally(results: readonly SuiteResult[]): Tally {
  const sum: Tally = { agree: 0, intended: 0, differ: 0, skipped: 0 };
  for (const { cases, skipped } of results) {
    sum.skipped += skipped;
    for (const { ok, intended } of cases) sum[ok ? (intended > 0 ? 'intended' : 'agree') : 'differ']++;
  }
  return sum;
}

export function describeTally({ agree, intended, differ, skipped }: Tally): string {
  return `${agree} agree, ${intended} differ as intended, ${differ} differ${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
