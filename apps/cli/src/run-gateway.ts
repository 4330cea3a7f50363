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
  const { config } = options;
  const log = createLogger(config);
  const started = performance.now();
  let fail: (reason: string) => void = () => undefined;
  const fatal = new Promise<string>((resolve) => (fail = resolve));
  let gateway: EmbeddedGateway;
  try {
    gateway = openEmbedded({ config, dataFolder: options.dataFolder, version: VERSION, env: io.env, log, fatal: fail });
  } catch (error) {
    io.stderr(`gatehouse: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  const unopened = await gateway.start();
  const needed = unopened.filter((p) => isNeeded(p));
  if (needed.length > 0) return giveUp(gateway, needed, io);
  const admin = await openAdminPort(config, gateway, io);
  if (admin === undefined) return giveUp(gateway, [], io);
  const watcher = config.watch_definitions ? watchDefinitions(config, () => void gateway.reload()) : undefined;
  log('info', `ready in ${(performance.now() - started).toFixed(0)} ms`, { prefix: 'main', port: config.listen_port, apis: gateway.loaded().apis.length });
  await options.ready(gateway);
  const reason = await Promise.race([fatal, untilSignal(gateway)]);
  watcher?.close();
  await admin.close();
  await gateway.close(config.graceful_shutdown_delay_seconds * 1000, (config.graceful_shutdown_timeout_duration || 30) * 1000);
  gateway.closeStores();
  if (reason !== '') io.stderr(`gatehouse: ${reason}\n`);
  return reason === '' ? 0 : 1;
}

/** A port that a definition asks for may fail alone; the gateway's own may not. */
function isNeeded(problem: Problem): boolean {
  return problem.code === 'listen.failed' || problem.code === 'listen.no_certificate';
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
    for (const [signal, code] of [['SIGTERM', 143], ['SIGINT', 130], ['SIGQUIT', 131]] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(code));
        resolve('');
      });
    }
  });
}
