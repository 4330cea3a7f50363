import type { ClassicVersion, HardTimeout } from '../../definition/classic/types.ts';
import { parseDuration } from '../../definition/go-json.ts';
import { type Located, readEndpoints } from '../endpoint-config.ts';
import type { EnforceTimeoutConfig, TimedEndpoint } from './schema.ts';

export type EnforceTimeout = EnforceTimeoutConfig & { readonly endpoints: readonly Located<TimedEndpoint>[] };

/** `global_enforce_timeout` and `hard_timeouts` of a version; of an entry, `duration` wins over `timeout`. */
export function fromClassic(version: ClassicVersion): EnforceTimeout | undefined {
  const timeoutMs = version.global_enforce_timeout_disabled ? 0 : milliseconds(version.global_enforce_timeout);
  const endpoints = readEndpoints(version, 'hard_timeouts', (entry) => ({ timeoutMs: timeoutOf(entry) })).filter((entry) => entry.timeoutMs > 0);
  return timeoutMs <= 0 && endpoints.length === 0 ? undefined : { timeoutMs: Math.max(timeoutMs, 0), endpoints };
}

function timeoutOf({ duration, timeout }: HardTimeout): number {
  return milliseconds(duration) || timeout * 1000;
}

/** At least one millisecond for what is shorter but not nothing; 0 for a text that is no duration. */
function milliseconds(duration: string): number {
  return Math.ceil((parseDuration(duration) ?? 0) / 1e6);
}
