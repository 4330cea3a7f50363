import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { describeFailures, tally } from './describe.ts';
import { OUR_GATEWAY, playSuite } from './play-suite.ts';
import { differences, featurePatterns, suites } from './suites.ts';

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
      expect(tally([result]).agree + tally([result]).intended + result.skipped).toBeGreaterThan(0);
    } finally {
      slots.give(slot);
    }
  });
});

describe('intended differences', () => {
  test('each names a suite that is there, and a reason', () => {
    const names = new Set(suites().map((suite) => suite.name));
    const wrong = differences().filter(({ suite, why }) => !names.has(suite.split('/').slice(0, 2).join('/')) || why.length < 20);
    expect(wrong).toEqual([]);
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
