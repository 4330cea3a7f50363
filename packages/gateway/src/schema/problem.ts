/**
 * Something wrong in a document that a user wrote, said so that it can be repaired. Problems are values: they are collected, stored with the API
 * that they disable, and shown alike by the REST API, the command line and the dashboard.
 */
export interface Problem {
  /** Dotted, stable id of the rule, e.g. `definition.wrong_type`. */
  readonly code: string;
  /** JSON pointer (RFC 6901) into the document; empty for the document itself. */
  readonly path: string;
  /** What is wrong, one sentence without a full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** Appends one reference token to a JSON pointer, escaped as RFC 6901 §3 says. */
export function pointer(base: string, token: string | number): string {
  return `${base}/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Thrown where a definition is being compiled and cannot work; the compiler turns it into a problem of its API. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}
