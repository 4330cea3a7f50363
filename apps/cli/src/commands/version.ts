import type { Command } from '../io.ts';
import { VERSION } from '../version.ts';

export const run: Command = (args, io) => {
  if (args.length > 0) {
    io.stderr('gatehouse version takes no arguments\n');
    return Promise.resolve(2);
  }
  io.stdout(`gatehouse ${VERSION} (node ${process.versions.node})\n`);
  return Promise.resolve(0);
};
