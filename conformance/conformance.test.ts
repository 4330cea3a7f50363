import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { describeFailures, tally } from './describe.ts';
import { type CaseResult, markPending, OUR_GATEWAY, playSuite, type SuiteResult } from './play-suite.ts';
import { differences, featurePatterns, pending, suites } from './suites.ts';

const LONGEST_SUITE_MS = 300_000;

/** Hands out the players' slots; a test waits where all are taken. */
const slots = {
  free: Array.from({ length: Math.min(7, availableParallelism()) }, (_, slot) => slot),
  waiting: [] as ((slot: number) => void)[],
  take(): Promise<number> | number {
    return this.free.pop() ?? new Promise((done) => this.waiting.push(done));
  },
  give(slot: number): void {
    const next = this.waiting.shift();
    if (next) next(slot);
    else this.free.push(slot);
  },
};

describe.concurrent('suites of the features that exist, on the embedded store', () => {
  test.each(suites(featurePatterns()).map((suite) => [suite.name, suite] as const))('%s', { timeout: LONGEST_SUITE_MS }, async (_, suite) => {
    const slot = await slots.take();
    try {
      const result = await playSuite(suite, { gateway: OUR_GATEWAY }, slot);
      const failures = describeFailures(result);
      expect(failures && `${failures}\n${result.notes}`).toBe('');
      const { agree, intended, skipped } = tally([result]);
      expect(agree + intended + skipped).toBeGreaterThan(0);
    } finally {
      slots.give(slot);
    }
  });
});

const known = new Set(suites().map((suite) => suite.name));
const isThere = (suite: string): boolean => known.has(suite.split('/').slice(0, 2).join('/'));

describe('intended differences', () => {
  test('each names a suite that is there, and a reason', () => {
    expect(differences().filter(({ suite, why }) => !isThere(suite) || why.length < 20)).toEqual([]);
  });
});

describe('pending cases', () => {
  test('each names a suite that is there, a later part and a feature', () => {
    expect(pending().filter(({ suite, part, needs }) => !isThere(suite) || !(part > 1) || needs.length < 4)).toEqual([]);
  });

  const made = (name: string, ok: boolean): CaseResult => ({ suite: 'a/b', case: name, ok, intended: 0, wrong: [[1, '/status', 200, 503]] });
  const played = (...cases: CaseResult[]): SuiteResult => ({ name: 'a/b', area: 'a', cases, arrived: [], skipped: 0, complete: true, notes: '' });
  const entry = { suite: 'a/b', part: 2, needs: 'a feature' };

  test('may differ', () => {
    const result = played(made('waits', false), made('fails', false), made('agrees', true));
    markPending(result, [{ ...entry, case: 'waits' }], true);
    expect(tally([result])).toEqual({ agree: 1, intended: 0, pending: 1, differ: 1, skipped: 0 });
    expect(describeFailures(result)).toBe('✗ a/b · fails\n    step 1 /status: want 200, got 503');
  });

  test.each([
    ['one that agrees is reported', [{ ...entry, case: 'agrees' }], 1],
    ['of a whole suite: some may agree already', [entry], 0],
    ['of another suite', [{ ...entry, suite: 'a/c' }], 0],
    ['of a case that was not played', [{ ...entry, case: 'left out' }], 0],
  ])('%s', (_, entries, count) => {
    const result = played(made('waits', false), made('agrees', true));
    markPending(result, entries, true);
    expect(result.arrived).toHaveLength(count);
    expect(describeFailures({ ...result, cases: [] }).match(/remove the entry/g) ?? []).toHaveLength(count);
  });
});

describe('choice of suites', () => {
  test('patterns add and take away', () => {
    const names = suites(['proxy/tcp*', '!proxy/tcp', 'limits/quota']).map((suite) => suite.name);
    expect(names).toEqual(['limits/quota', 'proxy/tcp-load-balancing']);
  });

  test('a name that matches nothing is an error', () => {
    expect(() => suites(['proxy/heaters'])).toThrow('no suite is named proxy/heaters');
  });
});
