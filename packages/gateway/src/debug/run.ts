import type { KeyStore } from '@gatehouse/store';
import type { CompiledApi, Neighbours } from '../contract/compiled.ts';
import type { Exchange } from '../contract/exchange.ts';
import type { Services } from '../contract/site.ts';
import type { ClassicApi } from '../definition/index.ts';
import { createIdentifier } from '../identity/lookup.ts';
import type { PolicySet } from '../identity/policies.ts';
import type { Recorder } from '../record/types.ts';
import type { Runtime } from '../request/runtime.ts';
import { createServe } from '../request/serve.ts';
import { Router } from '../routing/router.ts';
import { orderRoutes } from '../routing/routes.ts';
import { encodePath } from '../routing/url.ts';
import { compileText } from '../threads/generation.ts';
import type { DefinitionMessage } from '../threads/messages.ts';
import { httpText } from './http-text.ts';
import { type DebugLog, debugLog, logProblems } from './log.ts';
import { RecordedExchange } from './recorded-exchange.ts';
import { traced } from './traced.ts';
import type { DebugAnswer, DebugRequest } from './types.ts';

/** What a debugged request shares with those of the running generation. */
export interface DebugTools {
  readonly services: Services;
  readonly runtime: Runtime;
  readonly keys: KeyStore;
  readonly policies: PolicySet;
  readonly neighbours: Neighbours;
}

/** Longest time for the whole request. */
const PATIENCE_MS = 60_000;

/**
 * Compiles a definition, sends one request through its chain to its upstream and forgets both (spec/control/gateway-api.md §13): no route, no
 * record, no metric. Keys and their counters are the real ones, so that the answer is what a client would get.
 */
export async function debugRequest(message: DefinitionMessage, request: DebugRequest, tools: DebugTools): Promise<DebugAnswer> {
  const classic = message.classic ?? '{}';
  const definition = JSON.parse(classic) as ClassicApi;
  const logs = debugLog({ id: definition.api_id, name: definition.name, orgId: definition.org_id }, tools.services.config.enable_key_logging);
  const use = servicesFor(tools, logs);
  logs.log('debug', 'Initializing API');
  const { api, status, problems } = compileText(message, classic, use);
  logProblems(logs.log, status === 'disabled' ? 'error' : 'warning', problems);
  if (!api) return { served: false, text: '', logs: logs.text() };
  logs.log('info', 'API Loaded', { prefix: 'gateway' });
  const text = await send(request, traced(api, use), tools, logs);
  dispose(api);
  return { served: true, text, logs: logs.text() };
}

/** Those of the thread, with a log of their own, and identities that are not kept: another definition may have this id. */
function servicesFor({ services, keys, policies }: DebugTools, { log }: DebugLog): Services {
  const identifier = createIdentifier({ config: services.config, keys, capacity: 1 });
  identifier.policies(policies, 0);
  return {
    ...services,
    log,
    identify: (credential, api) => identifier.identify(credential, api),
    event: (name, _api, meta) => log('debug', `Event fired: ${name}`, meta),
  };
}

async function send(request: DebugRequest, api: CompiledApi, tools: DebugTools, logs: DebugLog): Promise<string> {
  const target = encodePath(api.listenPath.replace(/\/$/, '')) + request.path.replace(/^\/?/, '/');
  const wire = new RecordedExchange(request, target);
  const watch = new Watch(logs);
  const timer = setTimeout(() => wire.giveUp(`it took longer than ${PATIENCE_MS / 1000} s`), PATIENCE_MS).unref();
  createServe(() => routes(api, tools), { ...tools.runtime, log: logs.log, recorder: watch })(wire);
  const answer = await wire.answered;
  clearTimeout(timer);
  if (answer.cut !== '') logs.log('warning', answer.cut);
  return httpText(request, target, watch.x, answer);
}

function routes(api: CompiledApi, { services, neighbours }: DebugTools): ReturnType<Parameters<typeof createServe>[0]> {
  const settings = { customDomains: false, hostname: '', strictRoutes: services.config.http_server_options.enable_strict_routes };
  const router = new Router(orderRoutes([{ api, listenPath: api.listenPath, domain: '' }], settings));
  return { router, neighbours: withGuest(neighbours, api), control: () => false };
}

/** The API stands in for the one that runs under its id. */
function withGuest(neighbours: Neighbours, api: CompiledApi): Neighbours {
  return {
    byId: (id) => (id === api.id ? api : neighbours.byId(id)),
    byLoopName: (name) => (name.toLowerCase() === api.id.toLowerCase() ? api : neighbours.byLoopName(name)),
  };
}

/** In place of the recorder: keeps the exchange for the dump and says how it ended. */
class Watch implements Recorder {
  x: Exchange | undefined = undefined;
  private readonly logs: DebugLog;

  constructor(logs: DebugLog) {
    this.logs = logs;
  }

  finished(x: Exchange, { status, failure }: Parameters<Recorder['finished']>[1]): void {
    this.x = x;
    const { log } = this.logs;
    const mw = 'ReverseProxy';
    if (x.upstreamHost !== '') log('debug', `Outbound request URL: ${x.upstreamScheme}://${x.upstreamHost}${x.upstreamPath}`, { mw });
    if (failure) log('error', `http: proxy error: ${failure.message}`, { mw });
    log('debug', 'Finished', { mw, code: status, ns: Math.round((performance.now() - x.startedAt) * 1e6) });
  }

  flush(): void {
    // Nothing is buffered.
  }
}

function dispose({ versions }: CompiledApi): void {
  for (const { request, attempt, response } of versions.values()) for (const { step } of [...request, ...attempt, ...response]) step.dispose?.();
}
