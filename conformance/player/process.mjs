// Gateways as process groups: what a command starts (npx, a script) ends together with it, also when the player is interrupted.
import { spawn } from 'node:child_process';

const groups = new Set();

/** Starts a shell command in a group of its own. `output` is called with each piece of what it writes. */
export function spawnGroup(command, { cwd, env, output }) {
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  groups.add(child.pid);
  child.stdout.on('data', output);
  child.stderr.on('data', output);
  return child;
}

/** Sends a signal to all of a group that is still there. */
export function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Asks a group to end, and ends what is left of it after `ms`. `exit` resolves when the command is over. */
export async function endGroup(child, exit, ms) {
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), ms);
  await exit;
  clearTimeout(timer);
  signalGroup(child, 'SIGKILL');
  groups.delete(child.pid);
}

process.on('exit', () => {
  for (const pid of groups) signalGroup({ pid }, 'SIGKILL');
});
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.on(signal, () => process.exit(code));
