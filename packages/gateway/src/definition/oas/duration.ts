const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, µs: 0.001, us: 0.001, ns: 0.000_001 };
const PART = /(\d+(?:\.\d+)?)(h|ms|m|s|µs|us|ns)/gy;

/**
 * Reads a duration as Tyk OAS writes it: `1h30m`, `10s`, `1.5s`, `200ms` (spec/gateway/api-definition-oas.md §8 of its summary).
 * Answers milliseconds; `undefined` where the text is none. The empty text is zero.
 */
export function durationMs(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  let total = 0;
  let end = 0;
  for (const match of value.matchAll(PART)) {
    total += Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0);
    end = match.index + match[0].length;
  }
  return end === value.length ? total : undefined;
}

/** The same in seconds; what is no duration counts as zero. */
export const durationSeconds = (value: unknown): number => (durationMs(value) ?? 0) / 1000;
