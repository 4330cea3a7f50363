import type { ExchangeHandler, ServerExchange } from '@gatehouse/wire';
import type { CompiledVersion, Neighbours } from '../contract/compiled.ts';
import { E } from '../contract/errors.ts';
import { Exchange } from '../contract/exchange.ts';
import { type Outcome, refuse } from '../contract/outcome.ts';
import type { Router } from '../routing/router.ts';
import { type RequestTarget, cleanPath, encodePath, isUnclean, parseTarget } from '../routing/url.ts';
import { readLimited } from './body-limit.ts';
import { answerRateLimits, isRateLimitsPath } from './rate-limits-endpoint.ts';
import { enterLoop, enterTargetLoop, isLoop, isTargetLoop } from './loop.ts';
import { proxy } from './proxy.ts';
import { sendRedirect, sendRefusal, sendReply, sendText } from './reply.ts';
import type { Runtime } from './runtime.ts';
import { isPromise, walkRequest, walkResponse } from './walk.ts';

/** What a port answers; replaced as a whole at each reload. A request keeps the one that it started with. */
export interface PortRoutes {
  readonly router: Router;
  readonly neighbours: Neighbours;
  /** Takes requests of the control API and the checks; false = not one of these. */
  control(wire: ServerExchange, target: RequestTarget, body: Buffer | undefined): boolean;
}

/** The whole story of a request: target → control or route → version → steps → upstream → answer → record. */
export function createServe(routes: () => PortRoutes, runtime: Runtime): ExchangeHandler {
  return (wire) => {
    const startedAt = performance.now();
    const port = routes();
    if (runtime.maxRequestBody === 0 || wire.head.contentLength === 0) return guarded(wire, port, runtime, startedAt, undefined);
    readLimited(wire, runtime.maxRequestBody, (body) => guarded(wire, port, runtime, startedAt, body));
  };
}

/** What is thrown here is our bug: it costs this request, never the thread with all the others. */
function guarded(wire: ServerExchange, port: PortRoutes, runtime: Runtime, startedAt: number, body: Buffer | undefined): void {
  try {
    serve(wire, port, runtime, startedAt, body);
  } catch (error) {
    runtime.log('error', 'request failed', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    wire.abort();
  }
}

function serve(wire: ServerExchange, port: PortRoutes, runtime: Runtime, startedAt: number, body: Buffer | undefined): void {
  const { head } = wire;
  if (head.target === '*' && head.method === 'OPTIONS') return wire.respond(200, [], '');
  const target = parseTarget(head.target);
  if (!target) return sendText(wire, 400, '400 Bad Request');
  if (!runtime.skipUrlCleaning && isUnclean(target.path)) return redirectClean(wire, target);
  if (port.control(wire, target, body)) return;
  const match = port.router.match(head.authority, target.path);
  if (!match) return sendText(wire, 404, 'Not Found');
  const x = new Exchange(wire, startedAt, target.path, target.rawPath, target.query, match.api, port.neighbours);
  x.listenPrefix = match.matched;
  x.body = body;
  run(x, runtime);
}

function redirectClean(wire: ServerExchange, target: RequestTarget): void {
  const location = encodePath(cleanPath(target.path));
  sendRedirect(wire, target.query === '' ? location : `${location}?${target.query}`);
}

/** One round: a loop starts another. */
function run(x: Exchange, runtime: Runtime): void {
  if (x.api.disabled !== undefined) return finish(x, refuse(E.API_DISABLED, 'Definition'), runtime);
  const refused = x.api.enter(x);
  if (refused) return finish(x, refused, runtime);
  const version = x.version as CompiledVersion;
  const steps = isRateLimitsPath(x) ? version.identify : version.request;
  const outcome = walkRequest(x, steps, runtime.log);
  if (isPromise(outcome)) void outcome.then((o) => proceed(x, version, o, runtime));
  else proceed(x, version, outcome, runtime);
}

function proceed(x: Exchange, version: CompiledVersion, outcome: Outcome | undefined, runtime: Runtime): void {
  if (outcome) return finish(x, outcome, runtime);
  if (isRateLimitsPath(x)) return void answerRateLimits(x, runtime.counters);
  if (!isLoop(x) && !isTargetLoop(version)) return proxy(x, version, runtime);
  const refused = isLoop(x) ? enterLoop(x) : enterTargetLoop(x, version);
  if (refused) finish(x, refused, runtime);
  else run(x, runtime);
}

/** Sends what ended the request before an upstream saw it. */
function finish(x: Exchange, outcome: Outcome, runtime: Runtime): void {
  if (outcome.kind === 'refusal') {
    const status = sendRefusal(x, outcome, runtime);
    return runtime.recorder.finished(x, { status, refusal: outcome, failure: undefined, proxied: false });
  }
  const answer = { status: outcome.status, reason: '', fields: outcome.fields.slice() };
  const pending = outcome.throughResponseSteps ? walkResponse(x, answer, x.version?.response ?? [], runtime.log) : undefined;
  const send = (): void => {
    sendReply(x, outcome, answer.fields, runtime);
    if (outcome.recorded) runtime.recorder.finished(x, { status: outcome.status, refusal: undefined, failure: undefined, proxied: false });
  };
  if (isPromise(pending)) void pending.then(send);
  else send();
}
