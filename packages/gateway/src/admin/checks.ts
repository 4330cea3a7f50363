import { json, refusal } from './answers.ts';
import type { AdminAnswer, AdminContext, AdminRequest } from './context.ts';
import { A } from './errors.ts';

/**
 * `/hello` and `/ready` under their configured names, without a secret (spec/control/gateway-api.md §12). Undefined for every other path: a slash
 * at the end makes another path of it.
 */
export function answerCheck(context: AdminContext, request: AdminRequest): AdminAnswer | undefined {
  const check = checkAt(context, request.path);
  if (check === undefined) return undefined;
  return request.method === 'GET' ? check(context) : refusal(A.METHOD_NOT_ALLOWED);
}

function checkAt(context: AdminContext, path: string): ((context: AdminContext) => AdminAnswer) | undefined {
  const { health_check_endpoint_name, readiness_check_endpoint_name } = context.config;
  if (path === `/${health_check_endpoint_name}`) return hello;
  return path === `/${readiness_check_endpoint_name}` ? ready : undefined;
}

/** 200 in every case: a store that is away is no reason to restart the gateway. */
function hello(context: AdminContext): AdminAnswer {
  return json(200, report(context, 'Tyk GW'));
}

function ready(context: AdminContext): AdminAnswer {
  const { ready: isReady, reason } = context.readiness();
  return isReady ? json(200, report(context, 'Tyk GW Ready')) : json(503, { status: 'error', message: reason });
}

function report(context: AdminContext, description: string): Readonly<Record<string, unknown>> {
  const { status, details } = context.health();
  const checked = Object.keys(details).length > 0;
  return { status, version: `v${context.version}`, description, ...(checked ? { details } : {}) };
}
