import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE: string = path.dirname(fileURLToPath(import.meta.url));

/** Suites of one file. `name` is `area/file`, e.g. `proxy/headers`; all results of its player belong to it. */
export interface SuiteFile {
  readonly name: string;
  readonly area: string;
  readonly file: string;
  readonly player: string;
}

/** An intended difference: `at` is the pointer prefix inside an answer, left out for the whole case; `case` left out for the whole suite. */
export interface Difference {
  readonly suite: string;
  readonly case?: string;
  readonly at?: string;
  readonly why: string;
}

export const DIFFERENCES: string = path.join(HERE, 'differences.json');

/** A case, or all cases of a suite, whose feature comes with a later part of the plan: it is played and may differ until then. */
export interface Pending {
  readonly suite: string;
  readonly case?: string;
  /** Number of the part. */
  readonly part: number;
  /** The feature. */
  readonly needs: string;
}

/** The folder whose names patterns are matched against: `suites/proxy/*.json` and `observability/*.json`. */
function found(): SuiteFile[] {
  const cases = globSync('suites/*/*.json', { cwd: HERE }).map((file) => suiteFile(file, file.split(path.sep)[1] ?? '', 'play.mjs'));
  const observed = globSync('observability/*.json', { cwd: HERE }).map((file) => suiteFile(file, 'observability', 'observability/observe.mjs'));
  return [...cases, ...observed].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function suiteFile(file: string, area: string, player: string): SuiteFile {
  return { name: `${area}/${path.basename(file, '.json')}`, area, file: path.join(HERE, file), player: path.join(HERE, player) };
}

/**
 * Suites whose name matches one of the patterns (`proxy/*`, `limits/keys-*`, `tls`; `!proxy/tcp*` takes away), in order of their names.
 * No pattern means all. Throws where a pattern matches nothing, so that a mistyped name is not taken for a success.
 */
export function suites(patterns: readonly string[] = []): SuiteFile[] {
  const all = found();
  const matching = (pattern: string): SuiteFile[] => all.filter((suite) => suite.area === pattern || path.matchesGlob(suite.name, pattern));
  const chosen = new Set(patterns.every((pattern) => pattern.startsWith('!')) ? all : []);
  for (const pattern of patterns) {
    const bare = pattern.replace(/^!/, '');
    const hits = matching(bare);
    if (hits.length === 0) throw new Error(`no suite is named ${bare}; areas are ${[...new Set(all.map((suite) => suite.area))].join(', ')}`);
    for (const suite of hits) if (pattern === bare) chosen.add(suite);
    for (const suite of hits) if (pattern !== bare) chosen.delete(suite);
  }
  return all.filter((suite) => chosen.has(suite));
}

/** Patterns of the suites whose features exist (`features.json`): those that `npm test` plays. */
export function featurePatterns(): string[] {
  const { suites: patterns } = JSON.parse(readFileSync(path.join(HERE, 'features.json'), 'utf8')) as { suites: string[] };
  return patterns;
}

/** `file`: a list other than ours; `none` = an empty one. */
export function pending(file: string = path.join(HERE, 'pending.json')): Pending[] {
  return file === 'none' ? [] : (JSON.parse(readFileSync(file, 'utf8')) as Pending[]);
}

export function differences(): Difference[] {
  return JSON.parse(readFileSync(DIFFERENCES, 'utf8')) as Difference[];
}
