import type { CompiledApi, CompiledVersion, PlannedStep } from '../contract/compiled.ts';
import type { ApiFrame, Services, Site } from '../contract/site.ts';
import type { Middleware } from '../contract/step.ts';
import type { ClassicApi, ClassicVersion } from '../definition/index.ts';
import type { OasDocument } from '../definition/oas/index.ts';
import type { Later } from '../middleware/chain-row.ts';
import { type ChainRow, chainRows, responseRows } from '../middleware/chain.ts';
import { refuseEndpoints } from '../middleware/disabled-endpoints.ts';
import { makeEnter } from '../routing/version.ts';
import { type Problem, ProblemError } from '../schema/problem.ts';
import { upstreamPlan } from '../upstream/plan.ts';
import { targetTls } from './target-tls.ts';

/** A definition compiled, with everything that is wrong with it. */
export interface CompileResult {
  /** Undefined: it cannot be served at all (no usable target or listen path). */
  readonly api: CompiledApi | undefined;
  readonly status: 'active' | 'degraded' | 'disabled';
  readonly problems: readonly Problem[];
}

export interface CompileInput {
  readonly definition: ClassicApi;
  readonly oas: OasDocument | undefined;
  /** After collisions. */
  readonly listenPath: string;
  readonly incarnation: number;
}

/**
 * ApiDefinition → CompiledApi: every row of the chain whose section is configured becomes a step, once. A section that cannot compile
 * disables the API (it answers 503), the others go on; a feature of a later part is a problem, never silence.
 */
export function compileApi(input: CompileInput, use: Services): CompileResult {
  const { definition } = input;
  const frame: ApiFrame = {
    id: definition.api_id,
    orgId: definition.org_id,
    name: definition.name,
    keyless: definition.use_keyless,
    incarnation: input.incarnation,
  };
  const found: Found = { problems: [], disabled: undefined };
  const versions = new Map<string, CompiledVersion>();
  try {
    noteMissingFeatures(definition, input.oas, found);
    for (const [key, version] of Object.entries(definition.version_data.versions ?? {})) {
      versions.set(key, compileVersion(key, { api: frame, definition, oas: input.oas, version, use }, found));
    }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { api: undefined, status: 'disabled', problems: [...found.problems, error.problem] };
  }
  const api = { ...frame, definition, oas: input.oas, listenPath: input.listenPath, versions, disabled: found.disabled };
  const status = found.disabled !== undefined ? 'disabled' : found.problems.length > 0 ? 'degraded' : 'active';
  return { api: { ...api, enter: makeEnter(api, use.config, use) }, status, problems: found.problems };
}

interface Found {
  readonly problems: Problem[];
  /** Why the API answers 503. */
  disabled: string | undefined;
}

function compileVersion(key: string, site: Site, found: Found): CompiledVersion {
  const planned = chainRows.flatMap((row) => [...(row.id === ANSWERS_FIRST ? refusedAnswers(site, found) : []), ...plan(row, site, found)]);
  const responses = responseRows.flatMap((row) => (row.use ? plan(row, site, found) : []));
  return {
    key,
    request: planned.filter((p) => p.step.request),
    identify: planned.filter((p) => p.step.request && IDENTIFY_STAGES.has(stageOf(p.id))),
    attempt: planned.filter((p) => p.step.attempt),
    response: responses.filter((p) => p.step.response),
    upstream: upstreamFor(site.definition, site.version, site),
  };
}

/** The first row that may answer in place of an upstream, with an answer that response rows would change. */
const ANSWERS_FIRST = 'mock.response';

/** Endpoints whose answers would need a feature that is not there yet are refused before there is an answer. */
const refusedAnswers = (site: Site, found: Found): PlannedStep[] => responseRows.flatMap((row) => (row.later ? plan(row, site, found) : []));

/** What `/tyk/rate-limits/` runs: addresses, organisation, identity and rights; nothing that counts or changes. */
const IDENTIFY_STAGES = new Set(['admit', 'identify', 'authorize']);
const stages = new Map(chainRows.map((row) => [row.id, row.use?.stage ?? '']));
const stageOf = (id: string): string => stages.get(id) ?? '';

/** The step of a row, where the row's section is configured. */
function plan(row: ChainRow, site: Site, found: Found): PlannedStep[] {
  try {
    const planned = row.use ? planOf(row.use, site) : refuseEndpoints(row, site);
    return planned ? [planned] : [];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    found.problems.push(error.problem);
    found.disabled ??= error.problem.message;
    return [];
  }
}

function planOf(middleware: Middleware<unknown>, site: Site): PlannedStep | undefined {
  const config = middleware.read(site);
  if (config === undefined) return undefined;
  return { id: middleware.id, name: middleware.name, skipIgnored: middleware.skipIgnored, step: middleware.compile(config, site) };
}

const HINTS: Readonly<Record<Later['effect'], string>> = {
  disable: 'the API answers 503 until the section is removed',
  endpoint: 'the endpoints that use it answer 503, all others are served',
  degrade: 'the API is served without it',
};

function noteMissingFeatures(definition: ClassicApi, oas: OasDocument | undefined, found: Found): void {
  for (const { name, later } of [...chainRows, ...responseRows]) {
    const path = later?.uses(definition, oas);
    if (!later || path === undefined) continue;
    const message = `${name} is not supported yet`;
    found.problems.push({ code: 'definition.unsupported', path, message, hint: HINTS[later.effect] });
    if (later.effect === 'disable') found.disabled ??= message;
  }
}

function upstreamFor(definition: ClassicApi, version: ClassicVersion, site: Site): CompiledVersion['upstream'] {
  return upstreamPlan(definition, version, { tls: targetTls(definition, site.use.config), defaultScheme: 'http', turn: site.use.turn(definition.api_id) });
}
