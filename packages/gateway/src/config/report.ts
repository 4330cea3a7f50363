import { nearestName } from '../definition/go-json/nearest.ts';
import { type Problem, pointer } from '../schema/problem.ts';

/** Collects what is wrong with a configuration. Tolerated problems are warnings: with `compat` also unknown keys. */
export interface Report {
  readonly errors: Problem[];
  readonly warnings: Problem[];
  readonly compat: boolean;
}

export const newReport = (compat: boolean): Report => ({ errors: [], warnings: [], compat });

/** A key that the table does not have; `elsewhere` is the dotted name of a setting of that name in another place. */
export function reportUnknown(report: Report, place: string, name: string, known: Iterable<string>, elsewhere?: string): void {
  const nearest = elsewhere ?? nearestName(name, known);
  const hint = nearest === undefined ? 'remove it, or start with --compat to leave it without effect' : `did you mean "${nearest}"?`;
  (report.compat ? report.warnings : report.errors).push({ code: 'config.unknown_key', path: place, message: `unknown setting "${name}"`, hint });
}

/** A value of the wrong kind, or one that is not among the allowed ones. */
export function reportValue(report: Report, place: string, wanted: string, given: unknown): void {
  const message = `expected ${wanted}, found ${kindOf(given)}`;
  report.errors.push({ code: 'config.wrong_value', path: place, message, hint: `write ${wanted} there, or remove the setting` });
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? `the text ${JSON.stringify(value.slice(0, 40))}` : `${typeof value} ${JSON.stringify(value)}`;
}

export { pointer };
