import type { Exchange } from '../contract/exchange.ts';

/**
 * The forms of the path that endpoint patterns are tried on, in this order: without listen path and version, without listen path, in full
 * (spec/gateway/request-chain.md §2). Made once per round; `routing/version.ts` sets them itself where it takes a version out of the path.
 */
export function candidatesOf(x: Exchange): readonly string[] {
  return (x.candidates ??= candidatesFor(x.path, x.listenPrefix));
}

function candidatesFor(path: string, listenPrefix: string): readonly string[] {
  const clean = withoutPrefix(path, listenPrefix);
  return clean === path ? [path] : [clean, path];
}

/** The path without its listen path; always with a leading slash. */
export function withoutPrefix(path: string, listenPrefix: string): string {
  if (listenPrefix === '' || !path.startsWith(listenPrefix)) return path;
  const rest = path.slice(listenPrefix.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** The whole path, listen path and version included, as it came into this round. */
export function fullPathOf(x: Exchange): string {
  return candidatesOf(x).at(-1) ?? x.path;
}

/** The path below the listen path, as the upstream will see it unless it is rewritten. */
export function cleanPathOf(x: Exchange): string {
  return candidatesOf(x)[0] ?? x.path;
}

/** The path without its listen path, a version in it kept. */
export function withoutListenPathOf(x: Exchange): string {
  const candidates = candidatesOf(x);
  return candidates[Math.max(candidates.length - 2, 0)] ?? x.path;
}
