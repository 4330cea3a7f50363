import process from 'node:process';
import { COMMANDS, usage } from './commands.ts';
import type { Io } from './io.ts';

const io: Io = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  env: process.env,
  isTTY: process.stdout.isTTY,
  cwd: process.cwd(),
};

// `gatehouse check … | head` ends quietly.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await main(process.argv.slice(2));

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    io.stdout(usage());
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS.get(name);
  if (!command) {
    io.stderr(`gatehouse: there is no command "${name}"\n\n${usage()}`);
    return 2;
  }
  const { run } = await command.load();
  return run(args, io);
}
