/** `meta_data.rate_limit_pattern`: joins the counters of keys under a name of their own (spec/gateway/traffic-policy.md §4). */
const VARIABLE = /\$tyk_meta\.([\w-]+)/g;

/**
 * The name that counters of this key use instead of the key's own; `''` where there is none. `$tyk_meta.x` is the key's metadata; parts
 * that only a request knows stay as they are written.
 */
export function counterKeyFrom(metaData: Readonly<Record<string, unknown>> | null): string {
  const pattern = metaData?.['rate_limit_pattern'];
  if (typeof pattern !== 'string' || pattern === '') return '';
  return pattern.replace(VARIABLE, (_, name: string) => textOf(metaData?.[name]));
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
