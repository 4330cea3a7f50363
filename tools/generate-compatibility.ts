// Plays all conformance suites and writes docs/reference/compatibility.md: node tools/generate-compatibility.ts [--redis PORT] [--jobs N]
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Tally, tally } from '@gatehouse/conformance/describe';
import { OUR_GATEWAY, playAll, type SuiteResult } from '@gatehouse/conformance/play-suite';
import { differences, pending, suites } from '@gatehouse/conformance/suites';

const PAGE = fileURLToPath(new URL('../docs/reference/compatibility.md', import.meta.url));

const COLUMNS = 'agree | differ as intended | with a later part | differ | not played';
const RIGHT = '--:|--:|--:|--:|--:';

const cells = (sum: Tally): string => `${sum.agree} | ${sum.intended} | ${sum.pending} | ${sum.differ} | ${sum.skipped}`;

function areaTable(results: readonly SuiteResult[]): string[] {
  const areas = Map.groupBy(results, ({ area }) => area);
  const rows = [...areas].map(([area, list]) => `| [${area}](#${area}) | ${list.length} | ${cells(tally(list))} |`);
  return [`| area | suites | ${COLUMNS} |`, `|---|--:|${RIGHT}|`, ...rows, `| all | ${results.length} | ${cells(tally(results))} |`];
}

function suiteTable(area: string, results: readonly SuiteResult[]): string {
  const rows = results.map((result) => `| ${result.name.split('/')[1]} | ${cells(tally([result]))} |`);
  return `\n## ${area}\n\n| suite | ${COLUMNS} |\n|---|${RIGHT}|\n${rows.join('\n')}`;
}

function differenceTable(): string[] {
  const rows = differences().map(({ suite, case: name = 'all cases', why }) => `| ${suite} | ${name} | ${why} |`);
  return rows.length > 0
    ? ['', '## Intended differences', '', '| suite | case | what Gatehouse does, and why |', '|---|---|---|', ...rows.map((row) => row.replaceAll('\n', ' '))]
    : [];
}

function pendingTable(): string[] {
  const rows = pending().map(({ suite, case: name = 'all cases', part, needs }) => `| ${suite} | ${name} | ${part} | ${needs} |`);
  return rows.length > 0 ? ['', '## With a later part', '', '| suite | case | part | needs |', '|---|---|--:|---|', ...rows] : [];
}

function page(results: readonly SuiteResult[], redis: boolean): string {
  return [
    '# Compatibility',
    '',
    'Recorded answers of Tyk Gateway 5.14.0, played against Gatehouse by `npm run conformance` (see [conformance](../../conformance/README.md)). A case agrees when',
    `every status, header, body and upstream request in it is the same. ${redis ? 'Played with a Redis.' : 'Played on the embedded store: cases that look into Redis are not played.'}`,
    'Cases “with a later part” need a feature that a later part of the plan brings, as the table at the end says; cases that differ belong to areas that are not',
    'built yet, or are bugs. This page is generated: `npx node --conditions=@gatehouse/source tools/generate-compatibility.ts`.',
    '',
    ...areaTable(results),
    ...[...Map.groupBy(results, ({ area }) => area)].map(([area, list]) => suiteTable(area, list)),
    ...differenceTable(),
    ...pendingTable(),
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
