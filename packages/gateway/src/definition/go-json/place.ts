import { pointer } from '../../schema/problem.ts';

/** A place in a document: a JSON pointer, or a token below another place. Written out only when there is something to report. */
export type Place = string | { readonly below: Place; readonly token: string | number };

export function pathOf(place: Place): string {
  return typeof place === 'string' ? place : pointer(pathOf(place.below), place.token);
}
