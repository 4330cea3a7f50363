import type { CompiledApi } from '../contract/compiled.ts';
import { PrefixTree } from './prefix-tree.ts';
import { isTemplate, templateSource } from './templates.ts';

/** Where one API answers: a listen path on a host. */
export interface Route {
  readonly api: CompiledApi;
  /** Listen path as registered: literal, or with `{…}` parts. */
  readonly prefix: string;
  /** Host it is bound to; undefined = any. */
  readonly host: string | undefined;
  /** Strict routes: only the path itself or below it (`/app`, `/app/…`). */
  readonly strict: boolean;
  /** What is stripped where the path begins with it: the API's listen path, also on the route `/{api_id}/`. */
  readonly listenPath: string;
}

/** A route that a request took; `matched` is the part of the decoded path to strip, `''` when there is nothing to strip. */
export interface Match {
  readonly api: CompiledApi;
  readonly matched: string;
}

interface Candidate {
  readonly route: Route;
  readonly hostMatches: (host: string, authority: string) => boolean;
  readonly pattern: RegExp | undefined;
  /** Finds a templated listen path in a request's path; undefined for literal ones. */
  readonly listenPattern: RegExp | undefined;
  readonly order: number;
}

/** Routes of one port in their order (request-chain.md §2): the first that matches wins. */
export class Router {
  private readonly tree = new PrefixTree<Candidate>();
  private readonly templates: Candidate[] = [];

  constructor(routes: readonly Route[]) {
    for (const [order, route] of routes.entries()) this.add(route, order);
  }

  private add(route: Route, order: number): void {
    const candidate: Candidate = {
      route,
      order,
      hostMatches: hostMatcher(route.host),
      pattern: pathPattern(route.prefix),
      listenPattern: pathPattern(route.listenPath),
    };
    if (candidate.pattern) this.templates.push(candidate);
    else this.tree.add(route.prefix, { order, value: candidate });
  }

  /** `authority` is the Host field as received; `path` the decoded path. */
  match(authority: string, path: string): Match | undefined {
    const host = hostName(authority);
    const literal = this.tree.find(path, (c) => c.hostMatches(host, authority));
    for (const c of this.templates) {
      if (literal && literal.order < c.order) break;
      const found = c.pattern?.exec(path);
      if (found && c.hostMatches(host, authority)) return { api: c.route.api, matched: found[0] };
    }
    // The first prefix decides also where it then is too strict: no shorter one takes the request.
    if (!literal || !strictFits(literal.value.route, path)) return undefined;
    return { api: literal.value.route.api, matched: listenPart(literal.value, path) };
  }
}

/** The part of the path that is the API's listen path, `''` where it came in by its id. */
function listenPart({ route, listenPattern }: Candidate, path: string): string {
  if (listenPattern) return listenPattern.exec(path)?.[0] ?? '';
  return path.startsWith(route.listenPath) ? route.listenPath : '';
}

function strictFits(route: Route, path: string): boolean {
  return !route.strict || path.length === route.prefix.length || path.charCodeAt(route.prefix.length) === 0x2f;
}

function pathPattern(prefix: string): RegExp | undefined {
  return isTemplate(prefix) ? new RegExp(`^${templateSource(prefix, '[^/]+')}`) : undefined;
}

/** Host without port, lower case, without a trailing dot: host names know no case (RFC 9110 §4.2.3). */
export function hostName(authority: string): string {
  const end = authority.startsWith('[') ? authority.indexOf(']') + 1 : authority.indexOf(':');
  const name = (end > 0 ? authority.slice(0, end) : authority).toLowerCase();
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

function hostMatcher(host: string | undefined): Candidate['hostMatches'] {
  if (!host) return () => true;
  const withPort = /:\d+$/.test(host);
  if (isTemplate(host)) {
    const pattern = new RegExp(`^${templateSource(host, '[^.]+')}$`, 'i');
    return (name, authority) => pattern.test(withPort ? authority : name);
  }
  const wanted = host.toLowerCase();
  return withPort ? (_, authority) => authority.toLowerCase() === wanted : (name) => name === wanted;
}
