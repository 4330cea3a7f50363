import { debugLog, logProblems } from '../debug/log.ts';
import type { DebugAnswer, DebugRequest } from '../debug/types.ts';
import { type ClassicApi, decodeClassic } from '../definition/classic/index.ts';
import { type OasDocument, oasToClassic, reviewOas } from '../definition/oas/index.ts';
import { placeProblem } from '../load/place.ts';
import { json, refusal } from './answers.ts';
import { jsonBody } from './body.ts';
import type { AdminAnswer } from './context.ts';
import { A } from './errors.ts';
import type { Call, Routes } from './router.ts';

type Json = Readonly<Record<string, unknown>>;

/** Sends one request through a definition that is not kept (spec/control/gateway-api.md §13). */
export const debugRoutes: Routes = { 'POST /tyk/debug': debug };

async function debug(call: Call): Promise<AdminAnswer> {
  const parsed = jsonBody(call.request);
  const body = parsed?.value === null ? {} : parsed?.value;
  if (!isObject(body)) return refusal(A.MALFORMED);
  const { spec = null, oas = null, request: asked = null } = body;
  if (spec === null && oas === null) return refusal(A.DEBUG_SPEC_MISSING);
  if (asked === null) return refusal(A.DEBUG_REQUEST_MISSING);
  const request = readRequest(asked);
  if (request === undefined) return refusal(A.MALFORMED);
  return oas === null ? debugClassic(call, spec, undefined, request) : debugOas(call, oas, request);
}

function debugOas(call: Call, oas: unknown, request: DebugRequest): AdminAnswer | Promise<AdminAnswer> {
  const { problems } = reviewOas(oas);
  if (problems.length === 0) return debugClassic(call, oasToClassic(oas as OasDocument), oas as OasDocument, request);
  const logs = debugLog({ id: '', name: '', orgId: '' }, false);
  logProblems(logs.log, 'error', problems);
  return answer({ served: false, text: '', logs: logs.text() });
}

async function debugClassic({ context }: Call, classic: unknown, oas: OasDocument | undefined, request: DebugRequest): Promise<AdminAnswer> {
  const { value: definition, problems } = decodeClassic(classic);
  if (problems.length > 0) return refusal(A.MALFORMED);
  const unplaced = unplacedAnswer(definition);
  if (unplaced) return answer(unplaced);
  const listenPath = definition.proxy.listen_path;
  const message = { hash: '', classic: JSON.stringify(definition), oas: oas && JSON.stringify(oas), listenPath, incarnation: 0 };
  const done = await context.debug(message, request);
  return done === undefined ? refusal(A.UNAVAILABLE) : answer(done);
}

/** The answer for a definition without a usable listen path. */
function unplacedAnswer(api: ClassicApi): DebugAnswer | undefined {
  const problem = api.proxy.listen_path === '' ? 'Listen path is empty' : placeProblem(api)?.message;
  if (problem === undefined) return undefined;
  const logs = debugLog({ id: api.api_id, name: api.name, orgId: api.org_id }, false);
  logs.log('error', problem);
  logs.log('warning', 'Spec not valid, skipped!');
  return { served: false, text: '', logs: logs.text() };
}

const answer = ({ served, text, logs }: DebugAnswer): AdminAnswer => json(served ? 200 : 400, { message: served ? 'ok' : 'error', response: text, logs });

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Nothing that could end a line, or a request line's target. */
const TARGET = /^[^\s\p{Cc}#]*$/u;
const VALUE = /^[^\0\r\n]*$/;
/** The engine's own: they follow from the body. */
const FRAMING = new Set(['content-length', 'transfer-encoding', 'connection', 'upgrade', 'expect', 'trailer', 'te', 'keep-alive']);

/** Undefined where it is no request that could come over the wire. */
function readRequest(value: unknown): DebugRequest | undefined {
  if (!isObject(value)) return undefined;
  const { method, path, body } = value;
  const fields = readFields(value['headers'] ?? {});
  const texts = [method ?? '', path ?? '', body ?? ''].filter((one) => typeof one === 'string');
  const [verb = '', target = '', payload = ''] = texts;
  if (texts.length < 3 || fields === undefined || !TARGET.test(target)) return undefined;
  return TOKEN.test(verb || 'GET') ? { method: verb || 'GET', path: target, fields, body: payload } : undefined;
}

function readFields(headers: unknown): string[] | undefined {
  if (!isObject(headers)) return undefined;
  const fields: string[] = [];
  for (const [name, values] of Object.entries(headers)) {
    if (!TOKEN.test(name) || !Array.isArray(values)) return undefined;
    for (const value of values as unknown[]) {
      if (typeof value !== 'string' || !VALUE.test(value)) return undefined;
      if (!FRAMING.has(name.toLowerCase())) fields.push(name, value.trim());
    }
  }
  return fields;
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
