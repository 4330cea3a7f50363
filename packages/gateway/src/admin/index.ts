import { classicRoutes } from './apis/classic.ts';
import { oasRoutes } from './apis/oas.ts';
import { healthRoutes } from './health/index.ts';
import { answerInspection } from './inspection.ts';
import { debugRoutes } from './debug.ts';
import { keyRoutes } from './keys/index.ts';
import { notFound, pageNotFound, refusal } from './answers.ts';
import { MAX_BODY } from './body.ts';
import { answerCheck } from './checks.ts';
import type { AdminAnswer, AdminContext, AdminHandler, AdminRequest } from './context.ts';
import { A } from './errors.ts';
import { FileError } from './files.ts';
import { policyRoutes } from './policies.ts';
import { problemRoutes } from './problems.ts';
import { reloadRoutes } from './reload.ts';
import { Router } from './router.ts';
import { schemaRoutes } from './schema.ts';
import { sameSecret, SECRET_HEADER } from './secret.ts';

const router = new Router(reloadRoutes, oasRoutes, classicRoutes, keyRoutes, policyRoutes, healthRoutes, problemRoutes, schemaRoutes, debugRoutes);

/**
 * The gateway's own REST API (spec/control/gateway-api.md): everything under `/tyk/`, the checks `/hello` and `/ready`, `/config` and `/env`. Paths come
 * cleaned: who receives requests redirects `//` and `..` first.
 */
export function createAdmin(context: AdminContext): AdminHandler {
  return async (request) => {
    const answered = await answer(context, request).catch((error: unknown) => {
      context.log('error', 'A call of the control API failed', { method: request.method, path: firstSegments(request.path), error: String(error) });
      return failure(error);
    });
    return request.method === 'HEAD' ? { ...answered, body: '' } : answered;
  };
}

/** Without ids: that of a key is a secret. */
const firstSegments = (path: string): string => path.split('/').slice(0, 3).join('/');

function failure(error: unknown): AdminAnswer {
  if (!(error instanceof FileError)) return refusal(A.INTERNAL);
  return refusal(error.action === 'write' ? A.FILE_NOT_WRITTEN : A.DELETE_FAILED);
}

async function answer(context: AdminContext, request: AdminRequest): Promise<AdminAnswer> {
  const check = answerCheck(context, request) ?? answerInspection(context, request);
  if (check !== undefined) return check;
  if (!request.path.startsWith('/tyk/')) return notFound();
  // Before anything else is looked at: without the secret nobody learns which paths there are.
  if (!sameSecret(request.headers.get(SECRET_HEADER), context.config.secret)) return refusal(A.SECRET_WRONG);
  if (request.body.length > MAX_BODY) return refusal(A.BODY_TOO_LARGE);
  const found = router.find(request.method, request.path);
  if (found === 'unknown') return pageNotFound();
  return found === 'method' ? refusal(A.METHOD_NOT_SUPPORTED) : found.action({ context, request, id: found.id });
}
