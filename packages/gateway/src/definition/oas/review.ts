import type { Problem } from '../../schema/problem.ts';
import { EXTENSION } from './to-classic.ts';
import { validateOas } from './validate.ts';

/** What keeps a document from being served at all; with a path below the extension where `inside` says so. */
const FATAL: readonly { readonly code: string; readonly inside: boolean }[] = [
  { code: 'oas.no_object', inside: false },
  { code: 'oas.no_extension', inside: false },
  { code: 'oas.reference', inside: false },
  { code: 'oas.wrong_type', inside: true },
];

/**
 * Checks a document that comes from a file. Tyk checks these less than those of the control API: it serves what it can read.
 * So only what cannot be read is a problem, above all a value of a wrong type, which would otherwise count as switched off;
 * everything else is a warning.
 */
export function reviewOas(document: unknown): { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] } {
  const { problems } = validateOas(document);
  const { fatal = [], other = [] } = Object.groupBy(problems, (problem) => (isFatal(problem) ? 'fatal' : 'other'));
  return { problems: fatal, warnings: other };
}

function isFatal({ code, path }: Problem): boolean {
  return FATAL.some((one) => one.code === code && (!one.inside || path.startsWith(`/${EXTENSION}`)));
}
