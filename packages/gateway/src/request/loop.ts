import { E } from '../contract/errors.ts';
import type { CompiledVersion } from '../contract/compiled.ts';
import type { Exchange } from '../contract/exchange.ts';
import { type Refusal, refuse } from '../contract/outcome.ts';
import { decodePath } from '../routing/url.ts';
import { outgoingPath } from './outgoing.ts';

const SOURCE = 'ReverseProxy';

/** True where the rewrite leads back into the gateway (`tyk://self/…`, `tyk://<api>/…`; spec/gateway/request-chain.md §5). */
export function isLoop(x: Exchange): boolean {
  return x.rewrite.startsWith('tyk://');
}

/** True where the API's target is another API (`target_url: tyk://<api>`). */
export function isTargetLoop(version: CompiledVersion): boolean {
  return version.upstream.targets[0]?.protocol === 'tyk';
}

/** As `enterLoop`, for a target that is an API: its path is not looked at, the request keeps its own. */
export function enterTargetLoop(x: Exchange, version: CompiledVersion): Refusal | undefined {
  const name = version.upstream.targets[0]?.host ?? '';
  const api = name === 'self' ? undefined : x.neighbours.byLoopName(name);
  if (!api) return refuse(E.LOOP_TARGET_MISSING, SOURCE);
  if (++x.loopLevel > x.loopLimit) return refuse(E.LOOP_TOO_DEEP, SOURCE, String(x.loopLimit));
  const { path } = outgoingPath(x, version.upstream, false);
  x.rawPath = path.startsWith('/') ? path : `/${path}`;
  x.path = decodePath(x.rawPath) ?? x.rawPath;
  x.checkLimits = false;
  x.rewrite = '';
  x.candidates = undefined;
  x.ignored = false;
  changeApi(x, api);
  return undefined;
}

/** Turns the exchange into the next round of its loop. The controls `method`, `loop_limit` and `check_limits` are taken out of the query. */
export function enterLoop(x: Exchange): Refusal | undefined {
  const match = /^tyk:\/\/([^/?]*)([^?]*)(?:\?(.*))?$/s.exec(x.rewrite);
  const name = match?.[1] ?? '';
  const rawPath = match?.[2] === '' || match?.[2] === undefined ? '/' : match[2];
  const path = decodePath(rawPath);
  if (path === undefined) return refuse(E.LOOP_TARGET_UNKNOWN, SOURCE);
  takeControls(x, match?.[3] ?? '');
  if (++x.loopLevel > x.loopLimit) return refuse(E.LOOP_TOO_DEEP, SOURCE, String(x.loopLimit));
  if (name !== 'self') {
    const api = x.neighbours.byLoopName(name);
    if (!api) return refuse(E.LOOP_TARGET_UNKNOWN, SOURCE);
    changeApi(x, api);
  }
  x.path = path;
  x.rawPath = rawPath;
  x.rewrite = '';
  x.candidates = undefined;
  x.ignored = false;
  return undefined;
}

function takeControls(x: Exchange, query: string): void {
  x.checkLimits = false;
  const kept = query.split('&').filter((pair) => {
    const [key, value = ''] = pair.split('=');
    if (key === 'method') x.outgoingMethod = value.toUpperCase();
    else if (key === 'loop_limit') x.loopLimit = Number.parseInt(value, 10) || x.loopLimit;
    else if (key === 'check_limits') x.checkLimits = value === 'true';
    else return true;
    return false;
  });
  x.query = kept.join('&');
}

/** Another API starts from nothing: its own version, identity and listen path. */
function changeApi(x: Exchange, api: Exchange['api']): void {
  x.api = api;
  x.listenPrefix = '';
  x.identity = undefined;
  x.credential = '';
}
