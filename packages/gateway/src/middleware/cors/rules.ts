import type { CorsConfig } from './schema.ts';

/** What an API allows, ready to be asked. */
export interface CorsRules {
  /** Value of Access-Control-Allow-Origin; undefined = not allowed. */
  originField(origin: string): string | undefined;
  allowsMethod(method: string): boolean;
  /** `list`: Access-Control-Request-Headers as sent. */
  allowsHeaders(list: string): boolean;
  readonly exposed: string;
  readonly credentials: boolean;
  readonly maxAge: number;
}

export function compileRules(config: CorsConfig): CorsRules {
  const methods = new Set([...config.allowedMethods, 'OPTIONS']);
  return {
    originField: compileOrigins(config.allowedOrigins),
    allowsMethod: (method) => methods.has(method.toUpperCase()),
    allowsHeaders: compileHeaders(config.allowedHeaders),
    exposed: config.exposedHeaders.join(', '),
    credentials: config.allowCredentials,
    maxAge: config.maxAge,
  };
}

function compileOrigins(origins: readonly string[]): CorsRules['originField'] {
  if (origins.includes('*')) return () => '*';
  const small = origins.map((origin) => origin.toLowerCase());
  const plain = new Set(small.filter((origin) => !origin.includes('*')));
  const wild = small
    .filter((origin) => origin.includes('*'))
    .map((origin) => [origin.slice(0, origin.indexOf('*')), origin.slice(origin.indexOf('*') + 1)] as const);
  return (origin) => {
    const lower = origin.toLowerCase();
    const known = plain.has(lower) || wild.some(([head, tail]) => lower.length >= head.length + tail.length && lower.startsWith(head) && lower.endsWith(tail));
    return known ? origin : undefined;
  };
}

/** Browsers ask in lower case and in alphabetical order (Fetch standard, "CORS-unsafe request-header names"); anything else is refused, as Tyk does. */
function compileHeaders(headers: readonly string[]): CorsRules['allowsHeaders'] {
  if (headers.includes('*')) return () => true;
  const order = new Map([...new Set(headers.map((name) => name.toLowerCase()))].sort().map((name, index) => [name, index]));
  return (list) => {
    let last = -1;
    for (const name of list.split(',')) {
      if (name.trim() === '') continue;
      const index = order.get(name.trim());
      if (index === undefined || index <= last) return false;
      last = index;
    }
    return true;
  };
}
