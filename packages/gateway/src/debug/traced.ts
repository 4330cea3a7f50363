import type { Maybe } from '@gatehouse/store';
import type { CompiledApi, CompiledVersion, PlannedStep } from '../contract/compiled.ts';
import type { Answer, Exchange } from '../contract/exchange.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { Log, Services } from '../contract/site.ts';
import { makeEnter } from '../routing/version.ts';

/** The same API, each of whose steps says when it begins and what came of it. */
export function traced(api: CompiledApi, use: Services): CompiledApi {
  const versions = new Map([...api.versions].map(([key, version]) => [key, tracedVersion(version, use.log)]));
  const copy = { ...api, versions };
  return { ...copy, enter: makeEnter(copy, use.config, use) };
}

function tracedVersion(version: CompiledVersion, log: Log): CompiledVersion {
  const request = (planned: PlannedStep): PlannedStep => ({ ...planned, step: { request: (x) => tellRequest(planned, x, log) } });
  const response = (planned: PlannedStep): PlannedStep => ({ ...planned, step: { response: (x, answer) => tellResponse(planned, x, answer, log) } });
  return { ...version, request: version.request.map(request), identify: version.identify.map(request), response: version.response.map(response) };
}

function tellRequest({ name, step }: PlannedStep, x: Exchange, log: Log): Maybe<Outcome | void> {
  const common = { mw: name, origin: x.clientIp, path: x.path };
  const began = performance.now();
  log('debug', 'Started', common);
  const finished = (outcome: Outcome | void): Outcome | void => {
    const error = outcome?.kind === 'refusal' ? { error: outcome.error.text.replace('%s', () => outcome.detail) } : {};
    log('debug', 'Finished', { ...common, code: codeOf(outcome), ns: since(began), ...error });
    return outcome;
  };
  const outcome = step.request?.(x);
  return outcome instanceof Promise ? outcome.then(finished) : finished(outcome);
}

function codeOf(outcome: Outcome | void): number {
  if (!outcome) return 200;
  return outcome.kind === 'refusal' ? outcome.error.status : outcome.status;
}

function tellResponse({ name, step }: PlannedStep, x: Exchange, answer: Answer, log: Log): Maybe<void> {
  const began = performance.now();
  log('debug', 'Started', { mw: name, type: 'response' });
  const finished = (): void => log('debug', 'Finished', { mw: name, type: 'response', ns: since(began) });
  const pending = step.response?.(x, answer);
  return pending instanceof Promise ? pending.then(finished) : finished();
}

const since = (began: number): number => Math.round((performance.now() - began) * 1e6);
