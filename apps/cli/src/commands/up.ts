import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type GatewayConfig, loadConfig } from '@gatehouse/gateway';
import { demoConfig, startDemo } from '../demo.ts';
import type { Command, Io } from '../io.ts';
import { runGateway } from '../run-gateway.ts';
import { reportProblems } from './gateway.ts';

const USAGE = 'Usage: gatehouse up [--demo] [--data FOLDER]\n';

/** `gatehouse up`: everything in one process on embedded stores below `--data`; `--demo` adds an upstream and two APIs to try. */
export const run: Command = async (args, io) => {
  const options = parse(args, io);
  if (!options) return 2;
  const dataFolder = resolve(io.cwd, options.data);
  const loaded = loadConfig({ files: [], env: io.env, defaults: 'product' });
  if (!reportProblems(loaded, io)) return 1;
  const config: GatewayConfig = { ...loaded.config, app_path: resolve(dataFolder, 'apps'), admin_listen_port: loaded.config.admin_listen_port || 9464 };
  return options.demo
    ? runDemo(config, dataFolder, io)
    : runGateway({ config, dataFolder, ready: () => io.stdout(`Gateway: http://localhost:${config.listen_port}/\n`) }, io);
};

async function runDemo(config: GatewayConfig, dataFolder: string, io: Io): Promise<number> {
  try {
    const demo = await startDemo(dataFolder);
    const code = await runGateway({ config: demoConfig(config, demo), dataFolder, ready: (gateway) => demo.announce(gateway, io) }, io);
    await demo.close();
    return code;
  } catch (error) {
    io.stderr(`gatehouse up: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function parse(args: readonly string[], io: Io): { demo: boolean; data: string } | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options: { demo: { type: 'boolean', default: false }, data: { type: 'string', default: '.gatehouse' } } });
    return values;
  } catch (error) {
    io.stderr(`gatehouse up: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return undefined;
  }
}
