import type { AdminAnswer, AdminContext, AdminRequest } from './context.ts';

/** One call of the control API on its way to the resource that answers it. */
export interface Call {
  readonly context: AdminContext;
  readonly request: AdminRequest;
  /** Value of `{…}` in the path; `''` where the path has none. */
  readonly id: string;
}

export type Action = (call: Call) => AdminAnswer | Promise<AdminAnswer>;

/** `METHOD path`, with at most one `{…}`, which stands for one segment. */
export type Routes = Readonly<Record<string, Action>>;

interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly action: Action;
}

/** An action, or why there is none. Of several routes that fit, the first one listed wins, as in Go's mux. */
export type Found = { readonly action: Action; readonly id: string } | 'unknown' | 'method';

export class Router {
  private readonly routes: readonly Route[];

  constructor(...tables: readonly Routes[]) {
    this.routes = tables.flatMap((table) => Object.entries(table)).map(([line, action]) => parse(line, action));
  }

  /** `path` is decoded; one slash at its end makes no difference. */
  find(method: string, path: string): Found {
    const segments = split(path);
    const fitting = this.routes.filter((route) => fits(route.segments, segments));
    const route = fitting.find((candidate) => candidate.method === method);
    if (route === undefined) return fitting.length === 0 ? 'unknown' : 'method';
    return { action: route.action, id: idIn(route.segments, segments) };
  }
}

const split = (path: string): string[] => path.replace(/\/$/, '').split('/');

const isVariable = (segment: string): boolean => segment.startsWith('{');

function parse(line: string, action: Action): Route {
  const [method = '', path = ''] = line.split(' ');
  return { method, segments: split(path), action };
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return pattern.length === segments.length && pattern.every((segment, index) => isVariable(segment) || segment === segments[index]);
}

function idIn(pattern: readonly string[], segments: readonly string[]): string {
  return segments[pattern.findIndex(isVariable)] ?? '';
}
