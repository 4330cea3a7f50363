import type { Exchange } from '../contract/exchange.ts';

/** What went to the upstream, without the query: escaped. `''` where no attempt was made. */
export function sentRawPath(x: Exchange): string {
  const mark = x.upstreamPath.indexOf('?');
  return mark < 0 ? x.upstreamPath : x.upstreamPath.slice(0, mark);
}

/** The same, decoded; as it is where its bytes are no UTF-8. */
export function sentPath(x: Exchange): string {
  const raw = sentRawPath(x);
  if (!raw.includes('%')) return raw;
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

/** The path that would have gone to the upstream, for a request that never came so far: without the listen path where the API strips it. */
export function strippedPath(x: Exchange): string {
  const strips = x.version?.upstream.stripListenPath ?? x.api.definition.proxy.strip_listen_path;
  if (!strips || x.listenPrefix === '' || !x.path.startsWith(x.listenPrefix)) return x.path;
  const rest = x.path.slice(x.listenPrefix.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}
