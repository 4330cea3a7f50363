// Plays all conformance suites and writes docs/reference/compatibility.md: node tools/generate-compatibility.ts [--redis PORT] [--jobs N]
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Tally, tally } from '@gatehouse/conformance/describe';
import { OUR_GATEWAY, playAll, type SuiteResult } from '@gatehouse/conformance/play-suite';
import { differences, suites } from '@gatehouse/conformance/suites';

const PAGE = fileURLToPath(new URL('../docs/reference/compatibility.md', import.meta.url));

const cells = ({ agree, intended, differ, skipped }: Tally): string => `${agree} | ${intended} | ${differ} | ${skipped}`;

function areaTable(results: readonly SuiteResult[]): string[] {
  const areas = Map.groupBy(results, ({ area }) => area);
  const rows = [...areas].map(([area, list]) => `| [${area}](#${area}) | ${list.length} | ${cells(tally(list))} |`);
  return [
    '| area | suites | agree | differ as intended | differ | not played |',
    '|---|--:|--:|--:|--:|--:|',
    ...rows,
    `| all | ${results.length} | ${cells(tally(results))} |`,
  ];
}

function suiteTable(area: string, results: readonly SuiteResult[]): string {
  const rows = results.map((result) => `| ${result.name.split('/')[1]} | ${cells(tally([result]))} |`);
  return `\n## ${area}\n\n| suite | agree | differ as intended | differ | not played |\n|---|--:|--:|--:|--:|\n${rows.join('\n')}`;
}

function differenceTable(): string[] {
  const rows = differences().map(({ suite, case: name = 'all cases', why }) => `| ${suite} | ${name} | ${why} |`);
  return rows.length > 0
    ? ['', '## Intended differences', '', '| suite | case | what Gatehouse does, and why |', '|---|---|---|', ...rows.map((row) => row.replaceAll('\n', ' '))]
    : [];
}

function page(results: readonly SuiteResult[], redis: boolean): string {
  return [
    '# Compatibility',
    '',
    'Recorded answers of Tyk Gateway 5.14.0, played against Gatehouse by `npm run conformance` (see [conformance](../../conformance/README.md)). A case agrees when',
    `every status, header, body and upstream request in it is the same. ${redis ? 'Played with a Redis.' : 'Played on the embedded store: cases that look into Redis are not played.'}`,
    'Cases that differ belong to features that are not built yet, or are bugs. This page is generated: `npx node --conditions=@gatehouse/source tools/generate-compatibility.ts`.',
    '',
    ...areaTable(results),
    ...[...Map.groupBy(results, ({ area }) => area)].map(([area, list]) => suiteTable(area, list)),
    ...differenceTable(),
    '',
  ].join('\n');
}

const { values } = parseArgs({ options: { redis: { type: 'string' }, jobs: { type: 'string', default: String(Math.min(7, availableParallelism())) } } });
const results: SuiteResult[] = [];
for await (const result of playAll(suites(), { gateway: OUR_GATEWAY, redis: values.redis }, Number(values.jobs))) {
  results.push(result);
  console.error(`${results.length} ${result.name}`);
}
results.sort((a, b) => (a.name < b.name ? -1 : 1));
writeFileSync(PAGE, page(results, values.redis !== undefined));
