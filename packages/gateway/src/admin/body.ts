import type { AdminRequest } from './context.ts';

/** Bodies above this are refused: no definition, key or policy comes near it. */
export const MAX_BODY: number = 8 * 1024 * 1024;

export type Parsed = { readonly value: unknown } | undefined;

/** The body as JSON, whatever its content type says; undefined where it is none. */
export function jsonBody(request: AdminRequest): Parsed {
  try {
    return { value: JSON.parse(request.body.toString()) as unknown };
  } catch {
    return undefined;
  }
}
