import type { CompiledApi, CompiledVersion, PlannedStep, UpstreamTarget } from '../contract/compiled.ts';
import type { Exchange } from '../contract/exchange.ts';
import type { Outcome } from '../contract/outcome.ts';
import { type ChainRow, chainRows, refusingRows, responseRows } from '../middleware/chain.ts';
import { joinTarget } from '../upstream/target.ts';

/**
 * What becomes of one row of the chain. `runs`: a step of the API; `skipped`: a step that this request does not meet, as an earlier one
 * answers; `off`: the definition does not configure it; `unsupported`: it does, but the gateway cannot do it yet; `elsewhere`: no step at all.
 */
export type RowState = 'runs' | 'skipped' | 'off' | 'unsupported' | 'elsewhere';

export interface ExplainedRow {
  /** As docs/reference/chain.md numbers it. */
  readonly number: number;
  readonly id: string;
  /** Tyk's name. */
  readonly name: string;
  readonly state: RowState;
  /** What the step does with this request where that follows from method and URL, or why there is none. */
  readonly note: string;
}

export interface ExplainedChain {
  readonly version: string;
  readonly request: readonly ExplainedRow[];
  readonly response: readonly ExplainedRow[];
  /** Answer that no upstream gives: a refusal or a mock; `''` = the request is proxied. */
  readonly answer: string;
  /** Method and URL that a proxied request goes to, one per target of a load balancer. */
  readonly upstream: readonly string[];
}

/** Steps whose work follows from method and URL alone: they are tried. The others need headers, a key, or count. */
const TRIED = new Set(['version.access', 'track.endpoint', 'url.rewrite', 'method.transform', 'mock.response', 'enforce.timeout', ...refusingRows]);

/** Ids of the rows that work for an API, in any of its versions; those that only refuse do not count. */
export function workingRows(api: CompiledApi): string[] {
  const ids = new Set<string>();
  for (const { request, attempt, response } of api.versions.values()) {
    for (const step of request) ids.add(step.id);
    for (const step of attempt) ids.add(step.id);
    for (const step of response) ids.add(step.id);
  }
  return [...ids].filter((id) => !refusingRows.has(id));
}

/** The chain that a request takes through an API, with the reason of every row. Counts nothing and asks no store. */
export function explainChain(x: Exchange): ExplainedChain {
  const { api } = x;
  if (api.disabled !== undefined) return unserved(`503 ${api.disabled}`);
  const refused = api.enter(x);
  const version = x.version;
  if (refused || !version) return unserved(refused ? outcomeText(refused) : '503 the API has no version to serve');
  const tried = tryRequest(x, version);
  return {
    version: version.key,
    request: chainRows.map((row) => explainRow(row, x.api, [...version.request, ...version.attempt], tried)),
    response: responseRows.map((row) => explainRow(row, x.api, version.response, tried)),
    answer: tried.answer,
    upstream: tried.answer === '' ? upstreamUrls(x, version) : [],
  };
}

const unserved = (answer: string): ExplainedChain => ({ version: '', request: [], response: [], answer, upstream: [] });

interface Trial {
  /** By id of the step. */
  readonly notes: ReadonlyMap<string, string>;
  readonly answer: string;
  /** Steps that are not reached. */
  readonly skipped: ReadonlySet<string>;
}

function tryRequest(x: Exchange, version: CompiledVersion): Trial {
  const notes = new Map<string, string>();
  for (const [i, planned] of version.request.entries()) {
    if (!TRIED.has(planned.id)) continue;
    const before = { rewrite: x.rewrite, method: x.outgoingMethod, ignored: x.ignored, tracked: x.trackedPath };
    const outcome = planned.step.request?.(x);
    if (outcome instanceof Promise) continue;
    if (outcome) {
      notes.set(planned.id, `answers ${outcomeText(outcome)}`);
      return { notes, answer: outcomeText(outcome), skipped: new Set(version.request.slice(i + 1).map((step) => step.id)) };
    }
    notes.set(planned.id, changeText(before, x));
  }
  const passed = x.ignored ? version.request.filter((step) => step.skipIgnored).map((step) => step.id) : [];
  return { notes, answer: '', skipped: new Set(passed) };
}

function changeText(before: { rewrite: string; method: string; ignored: boolean; tracked: string }, x: Exchange): string {
  if (x.rewrite !== before.rewrite) return `rewrites to ${x.rewrite}`;
  if (x.outgoingMethod !== before.method) return `method becomes ${x.outgoingMethod}`;
  if (x.ignored !== before.ignored) return 'the endpoint is ignored: authentication and limits are left out';
  if (x.trackedPath !== before.tracked) return `tracked as ${x.trackedPath}`;
  return '';
}

function outcomeText(outcome: Outcome): string {
  if (outcome.kind === 'reply') return `${outcome.status} (by the gateway itself)`;
  return `${outcome.error.status} ${outcome.error.text.replace('%s', () => outcome.detail)}`;
}

function explainRow(row: ChainRow, api: CompiledApi, steps: readonly PlannedStep[], trial: Trial): ExplainedRow {
  const { number, id, name } = row;
  const state = stateOf(row, api, steps, trial);
  const notes: Readonly<Record<RowState, string>> = {
    runs: trial.notes.get(id) ?? '',
    skipped: 'not reached by this request',
    off: 'not configured',
    unsupported: [`not supported yet: ${row.later?.uses(api.definition, api.oas) ?? ''}`, trial.notes.get(id)].filter(Boolean).join('; '),
    elsewhere: row.why,
  };
  return { number, id, name, state, note: notes[state] };
}

function stateOf(row: ChainRow, api: CompiledApi, steps: readonly PlannedStep[], trial: Trial): RowState {
  if (row.later) return row.later.uses(api.definition, api.oas) === undefined ? 'off' : 'unsupported';
  if (!row.use) return 'elsewhere';
  if (!steps.some((step) => step.id === row.id)) return 'off';
  return trial.skipped.has(row.id) ? 'skipped' : 'runs';
}

function upstreamUrls(x: Exchange, { upstream }: CompiledVersion): string[] {
  if (/^[a-z0-9]+:\/\//i.test(x.rewrite)) return [`${x.outgoingMethod} ${x.rewrite}`];
  const mark = x.rewrite.indexOf('?');
  const path = x.rewrite === '' ? x.rawPath : mark < 0 ? x.rewrite : x.rewrite.slice(0, mark);
  const query = x.rewrite === '' ? x.query : mark < 0 ? '' : x.rewrite.slice(mark + 1);
  const strips = upstream.stripListenPath && path.startsWith(x.listenPrefix);
  const rest = strips ? path.slice(x.listenPrefix.length) : path;
  return upstream.targets.map(
    (target) => `${x.outgoingMethod} ${schemeOf(target)}://${target.authority}${joinTarget(target, rest, query, upstream.keepSlash)}`,
  );
}

const schemeOf = ({ protocol }: UpstreamTarget): string => (protocol === 'h2' ? 'https' : protocol);
