import type { UpstreamPlan, UpstreamTarget } from '../contract/compiled.ts';
import type { Exchange } from '../contract/exchange.ts';
import { decodePath, encodePath, spellPath } from '../routing/url.ts';

/** Path (escaped, without the target's) and query that go to the upstream. */
export interface OutgoingPath {
  readonly path: string;
  readonly query: string;
}

/**
 * The path after rewriting and stripping (spec/gateway/request-chain.md §2). The client's escapes stay as written; `raw`
 * (`skip_target_path_escaping`) sends the path exactly as it came.
 */
export function outgoingPath(x: Exchange, plan: UpstreamPlan, raw: boolean): OutgoingPath {
  const prefix = plan.stripListenPath ? x.listenPrefix : '';
  if (x.rewrite !== '') return rewrittenPath(x.rewrite, prefix);
  const rawPath = prefix === '' ? x.rawPath : strippedRaw(x, prefix);
  if (rawPath !== undefined && (raw || isPlain(rawPath))) return { path: rawPath, query: x.query };
  const path = x.path.startsWith(prefix) ? x.path.slice(prefix.length) : x.path;
  return { path: spellPath(path, rawPath ?? ''), query: x.query };
}

/** Raw path without the listen path; undefined where the prefix is spelt otherwise in it. */
function strippedRaw(x: Exchange, prefix: string): string | undefined {
  if (x.rawPath.startsWith(prefix)) return x.rawPath.slice(prefix.length);
  const escaped = encodePath(prefix);
  return x.rawPath.startsWith(escaped) ? x.rawPath.slice(escaped.length) : undefined;
}

const isPlain = (path: string): boolean => !NEEDS_CARE.test(path);
const NEEDS_CARE = /[^A-Za-z0-9\-_.~$&+,/:;=@]/;

/** A rewritten path loses the listen path as a received one does; `.` and `..` never climb out of the target. */
function rewrittenPath(rewrite: string, prefix: string): OutgoingPath {
  const mark = rewrite.indexOf('?');
  const full = mark < 0 ? rewrite : rewrite.slice(0, mark);
  const query = mark < 0 ? '' : rewrite.slice(mark + 1);
  const path = prefix !== '' && full.startsWith(prefix) ? full.slice(prefix.length) : full;
  return { path: isPlain(path) ? path : spellPath(decodePath(path) ?? path, path), query };
}

/** The target of a rewrite to an absolute URL, in place of the plan's. Undefined: the rewrite is a path. */
export function rewriteTarget(x: Exchange, plan: UpstreamPlan): UpstreamTarget | undefined {
  return /^https?:\/\//i.test(x.rewrite) ? plan.external(x.rewrite) : undefined;
}
