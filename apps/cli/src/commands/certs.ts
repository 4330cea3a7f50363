import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openLocalCa } from '@gatehouse/gateway';
import type { Command, Io } from '../io.ts';

const USAGE = 'Usage: gatehouse certs ca [--data FOLDER]\n';

/** `gatehouse certs ca`: makes the local certificate authority, or shows the one that is there. */
export const run: Command = (args, io) => {
  const folder = parse(args, io);
  if (folder === undefined) return Promise.resolve(2);
  try {
    const ca = openLocalCa(resolve(io.cwd, folder));
    io.stdout(`${ca.file}\n`);
    return Promise.resolve(0);
  } catch (error) {
    io.stderr(`gatehouse certs: ${error instanceof Error ? error.message : String(error)}\n`);
    return Promise.resolve(1);
  }
};

function parse(args: readonly string[], io: Io): string | undefined {
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { data: { type: 'string', default: '.gatehouse' } } });
    if (positionals.length === 1 && positionals[0] === 'ca') return values.data;
    io.stderr(USAGE);
  } catch (error) {
    io.stderr(`gatehouse certs: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
  return undefined;
}
