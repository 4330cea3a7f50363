import { removeField } from '@gatehouse/wire';
import type { Exchange } from '../contract/exchange.ts';
import type { ClassicApi } from '../definition/classic/types.ts';
import { compileRegex } from '../schema/regex.ts';
import { fullPathOf, withoutPrefix } from './candidates.ts';
import { queryValue, withoutParameter } from './query.ts';

/** Where a request names its version, and how that is taken out of it. */
export interface VersionName {
  /** `''` where it names none. */
  read(x: Exchange): string;
  /** Takes the version data out, where the API wants that. */
  strip(x: Exchange): void;
  /** Prepares the path for another API: without the listen path if `strip`; either way it counts as the whole path there. */
  leaveListenPath(x: Exchange, strip: boolean): void;
}

const keep = (): void => {};

/** Compiles `definition.location`, `key` and the options for stripping (spec/gateway/request-chain.md §3.2). Throws a ProblemError. */
export function compileVersionName({ definition, slug }: ClassicApi): VersionName {
  const { location, key } = definition;
  const strips = definition.strip_versioning_data || definition.strip_path;
  const lower = key.toLowerCase();
  if (location === 'header') {
    return { read: (x) => x.field(lower) ?? '', strip: strips ? (x) => void removeField(x.changeFields(), lower) : keep, leaveListenPath };
  }
  if (location === 'url-param') {
    return { read: (x) => queryValue(x.query, key), strip: strips ? (x) => void (x.query = withoutParameter(x.query, key)) : keep, leaveListenPath };
  }
  if (location === 'url') return inPath(slug, strips, definition.url_versioning_pattern);
  return { read: () => '', strip: keep, leaveListenPath };
}

/** First segment that is not empty, below the listen path and `/slug`. Only a segment that fits the pattern, with a slash after it, is taken out. */
function inPath(slug: string, strips: boolean, pattern: string): VersionName {
  const fits = pattern === '' ? undefined : compileRegex(pattern, { path: '/definition/url_versioning_pattern' });
  const read = (x: Exchange): string => segmentIn(belowSlug(withoutPrefix(x.path, x.listenPrefix), slug));
  const strip = (x: Exchange): void => {
    const segment = read(x);
    if (segment === '' || fits?.test(segment) === false) return;
    const full = fullPathOf(x);
    const clean = withoutPrefix(x.path, x.listenPrefix);
    const path = withoutSegment(x.path, x.path.length - belowSlug(clean, slug).length, segment);
    if (path === x.path) return;
    x.rawPath = withoutSegment(x.rawPath, 0, segment);
    x.path = path;
    x.candidates = clean === full ? [withoutPrefix(path, x.listenPrefix), full] : [withoutPrefix(path, x.listenPrefix), clean, full];
  };
  return { read, strip: strips ? strip : keep, leaveListenPath };
}

function belowSlug(path: string, slug: string): string {
  return slug !== '' && path.startsWith(`/${slug}`) ? path.slice(slug.length + 1) : path;
}

function segmentIn(path: string): string {
  return /[^/]+/.exec(path)?.[0] ?? '';
}

/** Without the first `segment/` from `from` on. */
function withoutSegment(path: string, from: number, segment: string): string {
  const at = path.indexOf(`/${segment}/`, Math.max(from - 1, 0));
  return at < 0 ? path : path.slice(0, at + 1) + path.slice(at + segment.length + 2);
}

function leaveListenPath(x: Exchange, strip: boolean): void {
  if (strip) {
    x.rawPath = withoutPrefix(x.rawPath, x.listenPrefix);
    x.path = withoutPrefix(x.path, x.listenPrefix);
  }
  x.listenPrefix = '';
  x.candidates = undefined;
}
