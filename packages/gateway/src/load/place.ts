import type { ClassicApi } from '../definition/index.ts';
import { listenPathProblem } from '../routing/routes.ts';
import { isTemplate, templateSource } from '../routing/templates.ts';
import type { Problem } from '../schema/problem.ts';

/** Why an API cannot have a place among the routes: its listen path or domain is none. Found here, as a router is made for all APIs at once. */
export function placeProblem({ api_id: id, proxy, domain, domain_disabled: noDomain }: ClassicApi): Problem | undefined {
  const path = listenPathProblem(proxy.listen_path) ?? templateProblem('listen path', proxy.listen_path);
  if (path !== undefined)
    return { code: 'routing.listen_path', path: '/proxy/listen_path', message: path, hint: 'write it with a leading slash and without blanks' };
  // Its id is a route as well: `/{api_id}/`.
  const name = templateProblem('API id', id);
  if (name !== undefined) return { code: 'routing.api_id', path: '/api_id', message: name, hint: 'give the API an id without braces' };
  const host = noDomain ? undefined : templateProblem('domain', domain);
  return host === undefined
    ? undefined
    : { code: 'routing.domain', path: '/domain', message: host, hint: 'close each brace, and write a regular expression in it' };
}

function templateProblem(what: string, template: string): string | undefined {
  if (!isTemplate(template)) return undefined;
  try {
    void new RegExp(templateSource(template, '[^/]+'));
    return undefined;
  } catch (error) {
    return `the ${what} "${template}" cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
