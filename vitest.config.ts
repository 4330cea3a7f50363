import { defineConfig } from 'vitest/config';

const conditions = ['@gatehouse/source'];
const shared = {
  exclude: ['**/node_modules/**', '**/dist/**'],
  pool: 'forks' as const,
  execArgv: ['--conditions=@gatehouse/source'],
  testTimeout: 20_000,
};

/** Conformance suites use both cores and know times (limits, expiry), so they run alone, after all others. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [
      { extends: true, test: { ...shared, name: 'unit', include: ['{packages,apps,bench,tools}/**/*.test.ts'], sequence: { groupOrder: 0 } } },
      { extends: true, test: { ...shared, name: 'e2e', include: ['e2e/**/*.test.ts'], testTimeout: 60_000, sequence: { groupOrder: 1 } } },
      { extends: true, test: { ...shared, name: 'conformance', include: ['conformance/**/*.test.ts'], sequence: { groupOrder: 2 } } },
    ],
  },
});
