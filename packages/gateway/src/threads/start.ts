import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createPool, DEFAULT_POOL_LIMITS, type ExchangeHandler, type PoolLimits } from '@gatehouse/wire';
import { type CounterStore, namespace } from '@gatehouse/store';
import { SharedCounterStore } from '@gatehouse/store/shared';
import { openKeyStore } from '@gatehouse/store/sqlite';
import type { GatewayConfig } from '../config/types.ts';
import { decodePolicy, type Policy } from '../definition/index.ts';
import { debugRequest } from '../debug/run.ts';
import { createIdentifier } from '../identity/lookup.ts';
import { createTlsChooser } from '../listen/tls.ts';
import { batchBuffers } from '../record/analytics.ts';
import { createLogger } from '../record/logger.ts';
import { createRecorder, type ThreadRecorder } from '../record/recorder.ts';
import { ErrorWriter, messageOverrides } from '../request/error-writer.ts';
import { createServe, type PortRoutes } from '../request/serve.ts';
import type { Runtime } from '../request/runtime.ts';
import { Router } from '../routing/router.ts';
import type { RouteSettings } from '../routing/routes.ts';
import { ControlBridge } from './control-bridge.ts';
import { type Generation, GenerationBuilder } from './generation.ts';
import type { DebugMessage, FromThread, GenerationMessage, ThreadBoot, ToThread } from './messages.ts';
import { Ports, serverLimits } from './ports.ts';
import { createServices } from './services.ts';

export type Post = (message: FromThread, transfer?: ArrayBuffer[]) => void;

/** A running data thread: takes generations and answers of the control API, and drains. */
export interface DataThread {
  receive(message: ToThread): void;
}

export function startDataThread(boot: ThreadBoot, post: Post): DataThread {
  const { config, shared } = boot;
  const log = createLogger(config);
  if (boot.upstreamCa !== '') setDefaultCACertificates([...getCACertificates('default'), boot.upstreamCa]);
  const keys = namespace(openKeyStore({ folder: boot.dataFolder, epoch: shared.keyEpoch, readOnly: true }), 'apikey-');
  const identifier = createIdentifier({ config, keys });
  const counters = new SharedCounterStore(shared.counters);
  const services = createServices({
    config,
    counters,
    turns: shared.turns,
    log,
    identify: (credential, api) => identifier.identify(credential, api),
    event: (name, api, meta) => post({ kind: 'event', name, apiId: api.id, meta }),
  });
  const runtime = createRuntime(boot, counters, log, post);
  const bridge = new ControlBridge(config, log, post);
  const builder = new GenerationBuilder(services, routeSettings(config), (wire, target, body) => bridge.take(wire, target, body));
  let generation: Generation = { number: 0, ports: new Map() };
  let policies: ReadonlyMap<string, Policy> = new Map();
  let applying = Promise.resolve();
  const ports = createPorts(boot, (port) => createServe(() => generation.ports.get(port) ?? NO_ROUTES, runtime));

  async function serveGeneration(message: GenerationMessage): Promise<void> {
    policies = decodePolicies(message.policies);
    identifier.policies(policies, message.number);
    generation = builder.build(message);
    const problems = await ports.apply(message.ports);
    post({ kind: 'serving', number: message.number, problems });
  }

  /** What is thrown is our bug: the thread goes on with the generation that it has. */
  function notServed({ number }: GenerationMessage, error: unknown): void {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log('error', 'a data thread cannot serve the definitions', { prefix: 'gateway', error: reason });
    const problem = { code: 'reload.failed', path: '', message: 'a data thread cannot serve the definitions', hint: 'the log says where; please report this' };
    post({ kind: 'serving', number, problems: [problem] });
  }

  async function debug({ id, definition, request }: DebugMessage): Promise<void> {
    const { neighbours } = [...generation.ports.values()][0] ?? NO_ROUTES;
    post({ kind: 'debugged', id, answer: await debugRequest(definition, request, { services, runtime, keys, policies, neighbours }) });
  }

  async function drain(graceMs: number): Promise<void> {
    await ports.close(graceMs);
    runtime.recorder.flush();
    runtime.pool.close();
    post({ kind: 'drained' });
  }

  return {
    receive(message) {
      switch (message.kind) {
        case 'generation':
          // One after the other: a second reload must not open ports that the first is still opening.
          applying = applying.then(() => serveGeneration(message)).catch((error: unknown) => notServed(message, error));
          return;
        case 'control-answer':
          return bridge.answer(message);
        case 'metrics':
          return post({ kind: 'metrics', id: message.id, snapshot: runtime.recorder.snapshot(ports.connections) });
        case 'debug':
          return void debug(message);
        case 'drain':
          return void drain(message.graceMs);
      }
    },
  };
}

function createRuntime(boot: ThreadBoot, counters: CounterStore, log: Runtime['log'], post: Post): Runtime & { readonly recorder: ThreadRecorder } {
  const { config } = boot;
  const options = config.http_server_options;
  return {
    pool: createPool(poolLimits(config)),
    errors: new ErrorWriter(new Map(boot.templates), config.hide_generator_header, messageOverrides(config.override_messages)),
    counters,
    recorder: createRecorder({ config, deliver: (batch) => post({ kind: 'records', batch }, batchBuffers(batch)) }),
    log,
    userAgent: `Gatehouse/${boot.version}`,
    headTimeoutMs: (config.proxy_default_timeout > 0 ? config.proxy_default_timeout : 30) * 1000,
    websockets: options.enable_websockets,
    skipUrlCleaning: options.skip_url_cleaning,
    skipTargetEscaping: options.skip_target_path_escaping,
    maxRequestBody: options.max_request_body_size,
    rateFields: config.rate_limit_response_headers === 'rate_limits',
    closeConnections: config.close_connections,
  };
}

function poolLimits(config: GatewayConfig): PoolLimits {
  const idle = config.max_idle_connections_per_host;
  return {
    ...DEFAULT_POOL_LIMITS,
    ...(idle > 0 ? { maxIdlePerOrigin: idle } : {}),
    maxConnectionAge: config.max_conn_time * 1000,
    closeAfterUse: config.proxy_close_connections,
  };
}

function createPorts(boot: ThreadBoot, handler: (port: number) => ExchangeHandler): Ports {
  const { config, certificates } = boot;
  const { read_timeout: read, write_timeout: write } = config.http_server_options;
  return new Ports({
    reusePort: boot.reusePort,
    closeConnections: config.close_connections,
    limits: serverLimits(read, write),
    tls: certificates.length > 0 ? createTlsChooser(certificates, config, boot.shared.ticketKeys) : undefined,
    handler,
  });
}

export function routeSettings(config: GatewayConfig): RouteSettings {
  return { customDomains: config.enable_custom_domains, hostname: config.hostname, strictRoutes: config.http_server_options.enable_strict_routes };
}

function decodePolicies(text: string): Map<string, Policy> {
  return new Map(Object.entries(JSON.parse(text) as Record<string, unknown>).map(([id, json]) => [id, decodePolicy(json).value]));
}

/** Until the first generation is there. */
const NO_ROUTES: PortRoutes = { router: new Router([]), neighbours: { byId: () => undefined, byLoopName: () => undefined }, control: () => false };
