import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, hostname, release, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LOAD_CASES } from './cases.ts';
import type { LoadRow } from './run-load.ts';
import type { SingleRow } from './run-single.ts';

const RESULTS = fileURLToPath(new URL('results', import.meta.url));

/** Everything that one run found. */
export interface Results {
  date: string;
  machine: string;
  node: string;
  quick: boolean;
  versions: Record<string, string>;
  load: LoadRow[];
  single: SingleRow[];
}

export const machine = (): string =>
  `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`;

/** CPU per request as a multiple of nginx's on the same work in the same run; undefined where nginx did not run. */
function ratio(row: LoadRow, all: readonly LoadRow[]): number | undefined {
  const measure = LOAD_CASES.find(({ id }) => id === row.case)?.against ?? row.case;
  const base = all.find((other) => other.case === measure && other.target === 'nginx');
  return base ? row.cpuUs / base.cpuUs : undefined;
}

const number = (value: number | undefined, digits = 1): string =>
  value === undefined ? '' : value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

function loadLine(row: LoadRow, all: readonly LoadRow[]): string {
  const cells = [
    row.title,
    row.target,
    number(row.cpuUs),
    number(ratio(row, all), 2),
    number(row.perSecond, 0),
    number(row.p50Us / 1000, 2),
    number(row.p99Us / 1000, 2),
    number(row.residentMiB, 0),
    String(row.failed),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The run as a page of Markdown. */
export function markdown(results: Results): string {
  const programs = Object.entries(results.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `# Benchmark of ${results.date.slice(0, 10)}`,
    '',
    `${results.machine}. Node ${results.node}, ${programs.join(', ')}.${results.quick ? ' A quick run: times are short, numbers are rough.' : ''}`,
    '',
    'Each proxy ran alone on one core; load generator and upstream shared the other. CPU is user and system time of the whole process tree per request.',
    'Only ratios within one run mean anything: "× nginx" is against nginx on the same work (bare proxy for the rows with a key).',
    '',
    '| case | proxy | CPU µs/request | × nginx | requests/s | p50 ms | p99 ms | resident MiB | failed |',
    '|---|---|--:|--:|--:|--:|--:|--:|--:|',
    ...results.load.map((row) => loadLine(row, results.load)),
    '',
    ...(results.single.length > 0 ? ['| Gatehouse alone | | | |', '|---|--:|---|---|'] : []),
    ...results.single.map(({ title, value, unit, note }) => `| ${title} | ${number(value)} | ${unit} | ${note} |`),
    '',
  ].join('\n');
}

/** Writes `<date>-<machine>.json` and `.md`; gives the path of the page. */
export function save(results: Results): string {
  const name = path.join(RESULTS, `${results.date.slice(0, 16).replace(':', '')}-${hostname().replace(/\W+/g, '-')}`);
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(`${name}.json`, `${JSON.stringify(results, null, 1)}\n`);
  writeFileSync(`${name}.md`, markdown(results));
  return `${name}.md`;
}
