import { parseDuration } from '../go-json.ts';

/** Nanoseconds of a duration such as `1h30m` or `200ms`; what is no duration counts as zero, as `validateOas` has told of it. */
export const durationNanoseconds = (value: unknown): number => (typeof value === 'string' ? (parseDuration(value) ?? 0) : 0);

/** The same in seconds, with fractions. */
export const durationSeconds = (value: unknown): number => durationNanoseconds(value) / 1e9;

/** The same in whole seconds, for fields that Classic keeps as such; what is left over is cut off. */
export const wholeSeconds = (value: unknown): number => Math.trunc(durationSeconds(value));
