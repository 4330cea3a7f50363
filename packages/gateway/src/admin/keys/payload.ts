import { decodeSession, type Session } from '../../definition/session.ts';
import { refusal } from '../answers.ts';
import { jsonBody } from '../body.ts';
import type { AdminAnswer, AdminContext, AdminRequest } from '../context.ts';
import { A } from '../errors.ts';
import { misplacedMcp } from '../mcp.ts';
import { fitsHash } from './password.ts';

export interface KeyPayload {
  readonly session: Session;
  /** The body says when the key ends, if only by 0. */
  readonly namesEnd: boolean;
}

/** The session of a body; undefined where it is none. */
export function keyPayload(request: AdminRequest): KeyPayload | undefined {
  const body = jsonBody(request);
  if (body === undefined) return undefined;
  const { value, problems } = decodeSession(body.value);
  if (problems.length > 0) return undefined;
  // Names count whatever their case, as in Go.
  const namesEnd = Object.keys(body.value ?? {}).some((name) => name.toLowerCase() === 'expires');
  return { session: value, namesEnd };
}

/** Ids in the certificate store: an organisation and the SHA-256 of a certificate. */
const CERTIFICATE_ID = /[0-9a-f]{64}$/i;

/** Why a session cannot be stored whatever its limits are. */
export async function refusePayload(context: AdminContext, session: Session): Promise<AdminAnswer | undefined> {
  const misplaced = misplacedMcp(context, session.access_rights);
  if (misplaced !== undefined) return refusal(A.MCP_ON_ORDINARY_API, misplaced);
  if (!fitsHash(session.basic_auth_data.password, context.config)) return refusal(A.PASSWORD_TOO_LONG);
  for (const id of session.mtls_static_certificate_bindings ?? []) {
    if (!CERTIFICATE_ID.test(id)) return refusal(A.BINDING_INVALID, id);
    if (!(await context.hasCertificate(id))) return refusal(A.BINDING_UNKNOWN, id);
  }
  return undefined;
}

/** An end in the past counts as not given, but for 1, which means "at once". */
export function endOf(given: number, old: number, nowSeconds: number): number {
  return given > 1 && given < nowSeconds ? old : given;
}
