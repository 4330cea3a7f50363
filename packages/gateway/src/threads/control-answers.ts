import type { AdminHandler } from '../admin/context.ts';
import type { ControlRequestMessage, ToThread } from './messages.ts';

/** Gives a control request from a data thread to the control API, and its answer back. */
export async function answerControl(admin: AdminHandler, request: ControlRequestMessage, answer: (message: ToThread) => void): Promise<void> {
  const result = await admin({
    method: request.method,
    path: request.path,
    rawPath: request.rawPath,
    query: new URLSearchParams(request.query),
    headers: headersOf(request.fields),
    body: Buffer.from(request.body),
    host: request.host,
  });
  answer({ kind: 'control-answer', id: request.id, status: result.status, headers: result.headers, body: result.body });
}

/** First value of each field, names in lower case. */
function headersOf(fields: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let i = 0; i < fields.length; i += 2) {
    const name = (fields[i] as string).toLowerCase();
    if (!headers.has(name)) headers.set(name, fields[i + 1] as string);
  }
  return headers;
}
