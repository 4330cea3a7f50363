import type { X509Certificate } from 'node:crypto';
import { REFUSALS, type RefusalCode } from './refusals.ts';
import type { UpstreamError, UpstreamPhase } from './types.ts';

/** The only class behind `UpstreamError`. */
export class WireUpstreamError extends Error implements UpstreamError {
  readonly code: string;
  readonly phase: UpstreamPhase;
  readonly answered: boolean;
  certificate: X509Certificate | undefined;

  constructor(code: string, phase: UpstreamPhase, answered: boolean, message: string) {
    super(message);
    this.name = 'UpstreamError';
    this.code = code;
    this.phase = phase;
    this.answered = answered;
  }
}

/** From an error of Node's sockets; codes are kept. */
export function fromSystem(error: Error & { code?: unknown }, phase: UpstreamPhase, answered: boolean): WireUpstreamError {
  const wrapped = new WireUpstreamError(typeof error.code === 'string' ? error.code : 'FAILED', phase, answered, error.message);
  wrapped.cause = error;
  return wrapped;
}

/** From an answer that breaks the rules of HTTP/1.1. */
export function badAnswer(code: RefusalCode, phase: UpstreamPhase): WireUpstreamError {
  return new WireUpstreamError('BAD_ANSWER', phase, true, `The upstream's answer is malformed (${code}): ${REFUSALS[code].message}.`);
}
