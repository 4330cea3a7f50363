import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig, type LoadedConfig } from '@gatehouse/gateway';
import type { Command, Io } from '../io.ts';
import { runGateway } from '../run-gateway.ts';

/** `gatehouse gateway --conf FILE`: the data plane alone, with a Tyk configuration as it is. */
export const run: Command = (args, io) => {
  const options = parse(args, io);
  if (!options) return Promise.resolve(2);
  const files = options.conf ?? ['tyk.conf', '/etc/tyk/tyk.conf'];
  const loaded = loadConfig({ files, required: options.conf !== undefined, env: io.env, compat: options.compat });
  if (!reportProblems(loaded, io) || !hasOwnSecret(loaded.config, options.compat, io)) return Promise.resolve(1);
  const base = loaded.file === undefined ? io.cwd : dirname(resolve(io.cwd, loaded.file));
  return runGateway({ config: loaded.config, dataFolder: resolve(base, loaded.config.data_path), ready: () => undefined }, io);
};

function parse(args: readonly string[], io: Io): { conf: string[] | undefined; compat: boolean } | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options: { conf: { type: 'string', multiple: true }, compat: { type: 'boolean', default: false } } });
    return { conf: values.conf, compat: values.compat };
  } catch (error) {
    io.stderr(`gatehouse gateway: ${error instanceof Error ? error.message : String(error)}\nUsage: gatehouse gateway [--conf FILE] [--compat]\n`);
    return undefined;
  }
}

/** False where the configuration forbids a start. */
export function reportProblems(loaded: LoadedConfig, io: Io): boolean {
  for (const w of loaded.warnings) io.stderr(`gatehouse: warning: ${w.path} ${w.message}; ${w.hint}\n`);
  for (const p of loaded.problems) io.stderr(`gatehouse: ${p.path} ${p.message}; ${p.hint}\n`);
  return loaded.problems.length === 0;
}

/** Secrets that stand in published examples: whoever reads them may manage a gateway that kept them. */
const KNOWN_SECRETS = new Set(['352d20ee67be67f6340b4c0605b044b7', 'CHANGEME']);

/** Refuses a control API that everybody can use, unless only this machine reaches it or `--compat` was given. */
function hasOwnSecret({ secret, listen_address: address }: LoadedConfig['config'], compat: boolean, io: Io): boolean {
  if (!KNOWN_SECRETS.has(secret) || /^(127\.|::1$|localhost$)/.test(address)) return true;
  io.stderr(`gatehouse: ${compat ? 'warning: ' : ''}/secret the secret of the control API is one that everybody knows; set your own (TYK_GW_SECRET)\n`);
  return compat;
}
