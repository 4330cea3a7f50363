import type { Maybe } from '@gatehouse/store';
import type { PlannedStep } from '../contract/compiled.ts';
import { E } from '../contract/errors.ts';
import type { Answer, Exchange } from '../contract/exchange.ts';
import { type Outcome, refuse } from '../contract/outcome.ts';
import type { Log } from '../contract/site.ts';

/** Runs request steps in order until one answers. Synchronous as long as every step is; this is the only place that looks for promises. */
export function walkRequest(x: Exchange, steps: readonly PlannedStep[], log: Log, from = 0): Maybe<Outcome | undefined> {
  for (let i = from; i < steps.length; i++) {
    const planned = steps[i] as PlannedStep;
    if (planned.skipIgnored && x.ignored) continue;
    const result = runStep(planned, x, log);
    if (result === undefined) continue;
    if (isPromise(result)) return continueLater(result, x, steps, log, i);
    return result;
  }
  return undefined;
}

async function continueLater(pending: Promise<Outcome | void>, x: Exchange, steps: readonly PlannedStep[], log: Log, i: number): Promise<Outcome | undefined> {
  try {
    const outcome = await pending;
    if (outcome) return outcome;
  } catch (error) {
    return stepFailed(steps[i] as PlannedStep, error, log);
  }
  return walkRequest(x, steps, log, i + 1);
}

function runStep(planned: PlannedStep, x: Exchange, log: Log): Maybe<Outcome | void> {
  try {
    return planned.step.request?.(x);
  } catch (error) {
    return stepFailed(planned, error, log);
  }
}

/** A step never throws on purpose: what it throws is our bug, the request fails closed. */
function stepFailed(planned: PlannedStep, error: unknown, log: Log): Outcome {
  log('error', 'step failed', { mw: planned.name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  return refuse(E.INTERNAL, planned.name);
}

/** Runs response steps over the head of an answer. */
export function walkResponse(x: Exchange, answer: Answer, steps: readonly PlannedStep[], log: Log, from = 0): Maybe<void> {
  for (let i = from; i < steps.length; i++) {
    const planned = steps[i] as PlannedStep;
    const pending = runResponseStep(planned, x, answer, log);
    if (pending) return pending.then(() => walkResponse(x, answer, steps, log, i + 1));
  }
}

function runResponseStep(planned: PlannedStep, x: Exchange, answer: Answer, log: Log): Promise<void> | undefined {
  const failed = (error: unknown): void => void stepFailed(planned, error, log);
  try {
    const result = planned.step.response?.(x, answer);
    return isPromise(result) ? result.catch(failed) : undefined;
  } catch (error) {
    failed(error);
    return undefined;
  }
}

export function isPromise<T>(value: Maybe<T> | undefined): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value;
}
