import { availableParallelism } from 'node:os';
import type { KeyStore, RecordStore } from '@gatehouse/store';
import { createAdmin } from './admin/index.ts';
import type { AdminContext, AdminHandler } from './admin/context.ts';
import { sampleTraffic } from './admin/health/sampling.ts';
import type { GatewayConfig } from './config/types.ts';
import type { Log } from './contract/site.ts';
import { obfuscateKey } from './record/keys.ts';
import { createHealth } from './load/health.ts';
import { Loader } from './load/loader.ts';
import type { Resolve } from './load/sources/files.ts';
import type { Problem } from './schema/problem.ts';
import { answerControl } from './threads/control-answers.ts';
import { Crew } from './threads/crew.ts';
import { PortProbe } from './threads/probe.ts';
import type { FromThread, GenerationMessage, ServerCertificatePem, SharedMemory, ThreadBoot } from './threads/messages.ts';

/** What the process gives to the gateway: everything that touches the world outside is made by the caller. */
export interface GatewayOptions {
  readonly config: GatewayConfig;
  readonly version: string;
  readonly dataFolder: string;
  readonly shared: SharedMemory;
  readonly keys: KeyStore;
  readonly orgKeys: KeyStore;
  readonly counters: AdminContext['counters'];
  readonly records: RecordStore;
  readonly certificates: readonly ServerCertificatePem[];
  readonly templates: ThreadBoot['templates'];
  /** PEM of authorities for upstreams; `''` = those of the system alone. */
  readonly upstreamCa: string;
  readonly resolve: Resolve;
  readonly services: ConstructorParameters<typeof Loader>[0]['services'];
  readonly log: Log;
  /** The data threads failed for good: the process has to end. */
  fatal(reason: string): void;
}

export interface Gateway {
  /** Loads the definitions and opens the ports. The problems are ports that could not be opened. */
  start(): Promise<readonly Problem[]>;
  /** Never rejects: what keeps a reload from happening is logged and the only problem, the running definitions stay. */
  reload(): Promise<readonly Problem[]>;
  loaded(): ReturnType<Loader['loaded']>;
  readonly reloads: number;
  /** Snapshots of the metrics of the data threads. */
  metrics(): Promise<unknown[]>;
  readiness(): { ready: boolean; reason: string };
  /** Stops accepting, lets requests finish, then ends the threads. */
  close(delayMs: number, graceMs: number): Promise<void>;
}

/** The data plane as a library: data threads, loader and control API over the given stores. */
export function createGateway(options: GatewayOptions): Gateway {
  const { config, log } = options;
  let stopping = false;
  const threads = config.data_threads > 0 ? config.data_threads : availableParallelism();
  const boot: ThreadBoot = {
    config,
    shared: options.shared,
    certificates: options.certificates,
    version: options.version,
    templates: options.templates,
    dataFolder: options.dataFolder,
    upstreamCa: options.upstreamCa,
    reusePort: threads > 1,
  };
  const crew = new Crew(threads, boot, {
    log,
    control: (request, answer) => void answerControl(admin, request, answer),
    message: (message) => receive(message, options),
    givenUp: options.fatal,
  });
  const probe = new PortProbe();
  const loader = new Loader({ config, resolve: options.resolve, log, services: options.services, serve: (generation) => serveProbed(crew, probe, generation) });
  const readiness = (): { ready: boolean; reason: string } => {
    if (stopping) return { ready: false, reason: 'Gateway is shutting down' };
    return loader.isLoaded ? { ready: true, reason: '' } : { ready: false, reason: 'A successful API reload did not happen' };
  };
  const traffic = sampleTraffic(config.health_check, () => crew.metrics(), log);
  const admin: AdminHandler = createAdmin({ ...adminContext(options, loader, crew, readiness), ...(traffic && { traffic: traffic.of }) });
  const reload = (): Promise<readonly Problem[]> => loader.reload().catch((error: unknown) => reloadFailed(error, log));
  return {
    start: reload,
    reload,
    loaded: () => loader.loaded(),
    get reloads() {
      return loader.reloads;
    },
    metrics: () => crew.metrics(),
    readiness,
    async close(delayMs, graceMs) {
      stopping = true;
      traffic?.stop();
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      await crew.close(graceMs);
    },
  };
}

/** Serves a generation on the ports that are free; without one of the gateway's own nothing is served. */
async function serveProbed(crew: Crew, probe: PortProbe, generation: GenerationMessage): Promise<Problem[]> {
  const probed = await probe.probe(generation);
  if (probed.problems.some((p) => p.code === 'listen.failed')) return [...probed.problems];
  return [...probed.problems, ...(await crew.serve(probed.generation))];
}

function reloadFailed(error: unknown, log: Log): Problem[] {
  const reason = error instanceof Error ? error.message : String(error);
  log('error', 'Reload failed, the running definitions stay', { prefix: 'gateway', error: error instanceof Error ? (error.stack ?? reason) : reason });
  return [{ code: 'reload.failed', path: '', message: `cannot load the definitions: ${reason}`, hint: 'the log says where; please report this' }];
}

function adminContext(options: GatewayOptions, loader: Loader, crew: Crew, readiness: AdminContext['readiness']): AdminContext {
  return {
    config: options.config,
    version: options.version,
    keys: options.keys,
    orgKeys: options.orgKeys,
    counters: options.counters,
    hasCertificate: () => false,
    loaded: () => loader.loaded(),
    reload: async () => void (await loader.reload()),
    readiness,
    health: createHealth(options),
    debug: (definition, request) => crew.debug(definition, request),
    now: Date.now,
    log: options.log,
    event: (name, meta) => logEvent(options, name, meta),
  };
}

function receive(message: FromThread, options: GatewayOptions): void {
  if (message.kind === 'records') void options.records.append(message.batch);
  else if (message.kind === 'log') options.log(message.level, message.message, message.fields);
  else if (message.kind === 'event') logEvent(options, message.name, { api_id: message.apiId, ...message.meta });
}

/** Keys are shortened here, as not every log does it by itself. */
function logEvent({ config, log }: GatewayOptions, event: string, meta: Readonly<Record<string, unknown>>): void {
  const { key } = meta;
  const masked = typeof key === 'string' && key !== '' && !config.enable_key_logging ? { key: obfuscateKey(key) } : {};
  log('debug', 'event', { event, ...meta, ...masked });
}
