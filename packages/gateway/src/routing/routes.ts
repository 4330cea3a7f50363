import type { CompiledApi } from '../contract/compiled.ts';
import type { Route } from './router.ts';
import { isTemplate, routeLength } from './templates.ts';

export interface RouteSettings {
  readonly customDomains: boolean;
  /** `hostname` of the configuration: binds every API that has no domain of its own. */
  readonly hostname: string;
  readonly strictRoutes: boolean;
}

/** An API with the listen path that it got (collisions change it). */
export interface Placed {
  readonly api: CompiledApi;
  readonly listenPath: string;
  readonly domain: string;
}

/**
 * Routes of a port in the order of request-chain.md §2: APIs with a domain first, then by length of the listen path, ties in load order;
 * for each `/{api_id}/`, then its listen path.
 */
export function orderRoutes(apis: readonly Placed[], settings: RouteSettings): Route[] {
  return apis.toSorted(routeOrder(settings.customDomains)).flatMap((placed) => routesOf(placed, settings));
}

/** Compares APIs by their place in the routing order; equal ones keep the order of loading. */
export function routeOrder(customDomains: boolean): (a: Pick<Placed, 'listenPath' | 'domain'>, b: Pick<Placed, 'listenPath' | 'domain'>) => number {
  const rank = (domain: string): number => (customDomains && domain !== '' ? 1 : 0);
  return (a, b) => rank(b.domain) - rank(a.domain) || routeLength(b.listenPath) - routeLength(a.listenPath);
}

function routesOf({ api, listenPath, domain }: Placed, settings: RouteSettings): Route[] {
  const host = (settings.customDomains && domain) || settings.hostname || undefined;
  const byId: Route = { api, prefix: `/${api.id}/`, host, strict: false, listenPath };
  const strict = settings.strictRoutes && !listenPath.endsWith('/') && !isTemplate(listenPath);
  const own: Route = { api, prefix: listenPath, host, strict, listenPath };
  return [byId, own];
}

/** Why a listen path cannot be served, or undefined. */
export function listenPathProblem(listenPath: string): string | undefined {
  if (listenPath === '') return 'the listen path is empty';
  if (!listenPath.startsWith('/')) return `the listen path "${listenPath}" does not begin with a slash`;
  if (listenPath.includes(' ')) return `the listen path "${listenPath}" holds a blank`;
  return undefined;
}

/** What `placeApis` needs to know of an API. */
export interface Claim {
  readonly id: string;
  readonly listenPath: string;
  readonly domain: string;
}

/**
 * Listen paths after collisions, one per claim: of several APIs with one domain and path every one gets `-<id>` appended (`_` until it is
 * unique), except one that had exactly that path before the reload (request-chain.md §2). The domain counts also where custom domains are off.
 */
export function resolveCollisions(claims: readonly Claim[], before: ReadonlyMap<string, string>): string[] {
  const groups = Map.groupBy(claims, placeOf);
  const taken = new Set(groups.keys());
  return claims.map((claim) => {
    const alone = (groups.get(placeOf(claim))?.length ?? 0) < 2;
    return alone || before.get(claim.id) === claim.listenPath ? claim.listenPath : uniquePath(claim, taken);
  });
}

const placeOf = (claim: Claim): string => `${claim.domain.toLowerCase()} ${claim.listenPath}`;

function uniquePath(claim: Claim, taken: Set<string>): string {
  let listenPath = `${claim.listenPath}-${claim.id}`;
  while (taken.has(placeOf({ ...claim, listenPath }))) listenPath += '_';
  taken.add(placeOf({ ...claim, listenPath }));
  return listenPath;
}
