import { createLogger, type EmbeddedGateway, type GatewayConfig, openEmbedded, type Problem } from '@gatehouse/gateway';
import { openAdminPort } from './admin-port.ts';
import type { Io } from './io.ts';
import { VERSION } from './version.ts';
import { watchDefinitions } from './watch.ts';

export interface RunOptions {
  readonly config: GatewayConfig;
  readonly dataFolder: string;
  /** Called once, when the gateway serves. */
  ready(gateway: EmbeddedGateway): void | Promise<void>;
}

/**
 * Runs a gateway until a signal: SIGTERM, SIGINT and SIGQUIT drain, SIGHUP reloads. What keeps it from starting is one line and exit
 * code 1, with nothing half-started.
 */
export async function runGateway(options: RunOptions, io: Io): Promise<number> {
  const started = performance.now();
  const fatal = Promise.withResolvers<string>();
  const gateway = open(options, fatal.resolve, io);
  if (!gateway) return 1;
  // Before the first load: a signal that comes in the middle of it waits for its end.
  const signalled = untilSignal(gateway);
  const needed = (await Promise.race([gateway.start(), fatal.promise.then(failedStart)])).filter(isNeeded);
  if (needed.length > 0) return giveUp(gateway, needed, io);
  const admin = await openAdminPort(options.config, gateway, io);
  if (!admin) return giveUp(gateway, [], io);
  const reason = await serveUntilAsked(options, gateway, Promise.race([fatal.promise, signalled]), started);
  await admin.close();
  await shutDown(options.config, gateway);
  if (reason !== '') io.stderr(`gatehouse: ${reason}\n`);
  return reason === '' ? 0 : 1;
}

function open({ config, dataFolder }: RunOptions, fatal: (reason: string) => void, io: Io): EmbeddedGateway | undefined {
  try {
    return openEmbedded({ config, dataFolder, version: VERSION, env: io.env, log: createLogger(config), fatal });
  } catch (error) {
    io.stderr(`gatehouse: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}

/** Resolves with why the process ends: `''` for a signal. */
async function serveUntilAsked({ config, ready }: RunOptions, gateway: EmbeddedGateway, asked: Promise<string>, started: number): Promise<string> {
  const watcher = config.watch_definitions ? watchDefinitions(config, () => void gateway.reload()) : undefined;
  const fields = { prefix: 'main', port: config.listen_port, apis: gateway.loaded().apis.length };
  createLogger(config)('info', `ready in ${(performance.now() - started).toFixed(0)} ms`, fields);
  await ready(gateway);
  const reason = await asked;
  watcher?.close();
  return reason;
}

async function shutDown(config: GatewayConfig, gateway: EmbeddedGateway): Promise<void> {
  await gateway.close(config.graceful_shutdown_delay_seconds * 1000, (config.graceful_shutdown_timeout_duration || 30) * 1000);
  gateway.closeStores();
}

const failedStart = (reason: string): Problem[] => [{ code: 'reload.failed', path: '', message: reason, hint: 'the definitions were not loaded' }];

/** A port that a definition asks for may fail alone; the gateway's own may not. */
function isNeeded(problem: Problem): boolean {
  return problem.code === 'listen.failed' || problem.code === 'listen.no_certificate' || problem.code === 'reload.failed';
}

async function giveUp(gateway: EmbeddedGateway, problems: readonly Problem[], io: Io): Promise<number> {
  for (const text of new Set(problems.map((p) => `gatehouse: ${p.message}; ${p.hint}\n`))) io.stderr(text);
  await gateway.close(0, 0);
  gateway.closeStores();
  return 1;
}

/** Resolves with `''` when the process is asked to end; a second signal ends it at once. */
function untilSignal(gateway: EmbeddedGateway): Promise<string> {
  process.on('SIGHUP', () => void gateway.reload());
  return new Promise((resolve) => {
    for (const [signal, code] of [
      ['SIGTERM', 143],
      ['SIGINT', 130],
      ['SIGQUIT', 131],
    ] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(code));
        resolve('');
      });
    }
  });
}
