/** Nanoseconds per unit of Go's `time.ParseDuration`; both spellings of micro are allowed. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3],
  ['μs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3600e9],
]);

const WHOLE = /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;

/** Nanoseconds of a Go duration such as `1m30s` or `-1.5h`; `0` needs no unit. Undefined for any other text. */
export function parseDuration(text: string): number | undefined {
  if (/^[-+]?0$/.test(text)) return 0;
  if (!WHOLE.test(text)) return undefined;
  let total = 0;
  for (const [, count, unit] of text.matchAll(PART)) total += Number(count) * (UNITS.get(unit ?? '') ?? 0);
  return Math.trunc(text.startsWith('-') ? -total : total);
}

const PRINTED: readonly (readonly [string, number])[] = [
  ['h', 3600e9],
  ['m', 60e9],
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
  ['ns', 1],
];

/** A duration as Tyk prints it: whole units from large to small, none that is zero (`1m30s`, `1s500ms`); `0s` for nothing. */
export function formatDuration(nanoseconds: number): string {
  let rest = Math.abs(nanoseconds);
  let text = nanoseconds < 0 ? '-' : '';
  for (const [unit, size] of PRINTED) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return nanoseconds === 0 ? '0s' : text;
}
