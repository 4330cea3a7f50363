import { parseDuration } from '../go-json.ts';

/** Seconds of a duration such as `1h30m` or `200ms`; what is no duration counts as zero, as `validateOas` has told of it. */
export function durationSeconds(value: unknown): number {
  return typeof value === 'string' ? (parseDuration(value) ?? 0) / 1e9 : 0;
}
