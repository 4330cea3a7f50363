import type { Fields, ServerExchange } from '@gatehouse/wire';
import { type Exchange, type LimitFields, NO_LIMIT } from '../contract/exchange.ts';
import type { Refusal, Reply } from '../contract/outcome.ts';
import { overrideFields } from '../upstream/answer-fields.ts';
import type { Runtime } from './runtime.ts';

/** The only file that turns refusals and the gateway's own answers into bytes. */

/** Answers a refused request by the error writer's rules. Gives the status sent. */
export function sendRefusal(x: Exchange, refusal: Refusal, runtime: Runtime): number {
  const { detail } = refusal;
  const { status, text } = runtime.errors.row(refusal.error);
  const message = detail === '' ? text : text.replace('%s', () => detail);
  const { contentType, body } = runtime.errors.body(status, message, x.field('content-type'));
  const fields = ['Content-Type', contentType, ...runtime.errors.fields, ...refusal.fields, ...x.answerFields];
  if (runtime.rateFields && x.rate) pushLimit(fields, x.rate);
  if (runtime.closeConnections) x.wire.closeAfter();
  x.wire.respond(status, fields, body);
  return status;
}

/** Answers with what a step made: a mock, a preflight, a cached answer. */
export function sendReply(x: Exchange, reply: Reply, fields: Fields, runtime: Runtime): void {
  const all = overrideFields(fields, x.answerFields);
  if (reply.throughResponseSteps) pushLimitFields(all, x, runtime);
  if (runtime.closeConnections) x.wire.closeAfter();
  x.wire.respond(reply.status, all, reply.body);
}

/** Adds `X-RateLimit-*` to the fields of an answer: the quota, or the rate where the configuration says so (traffic-policy.md §5). */
export function pushLimitFields(fields: Fields, x: Exchange, runtime: Runtime): void {
  if (!runtime.rateFields) pushLimit(fields, x.quota);
  else if (x.rate) {
    removeLimitFields(fields);
    pushLimit(fields, x.rate);
  }
}

function pushLimit(fields: Fields, limit: LimitFields): void {
  if (limit === NO_LIMIT) fields.push('X-RateLimit-Limit', '0', 'X-RateLimit-Remaining', '0', 'X-RateLimit-Reset', '0');
  else fields.push('X-RateLimit-Limit', String(limit.limit), 'X-RateLimit-Remaining', String(limit.remaining), 'X-RateLimit-Reset', String(limit.reset));
}

function removeLimitFields(fields: Fields): void {
  for (let i = fields.length - 2; i >= 0; i -= 2) if (/^x-ratelimit-(limit|remaining|reset)$/i.test(fields[i] as string)) fields.splice(i, 2);
}

/** Plain-text answers outside any API: no route, body over the gateway's limit. */
export function sendText(wire: ServerExchange, status: number, text: string, fields: Fields = []): void {
  wire.respond(status, ['Content-Type', 'text/plain; charset=utf-8', ...fields], text);
}

export function sendRedirect(wire: ServerExchange, location: string): void {
  wire.respond(301, ['Location', location], '');
}
