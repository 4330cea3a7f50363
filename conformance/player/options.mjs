// Plays conformance suites against a gateway, and says where its answers differ from the recorded ones.
//
//   node play.mjs check  [options] SUITE.json…     compare; exit 1 where anything differs
//   node play.mjs record [options] SUITE.json…     write what the gateway answered into the suites (only from the reference gateway)
//
//   --gateway "CMD"   command that starts the gateway; {conf} is replaced by the path of its tyk.conf. Its working directory is --cwd.
//   --cwd DIR         default: the current directory
//   --redis PORT      a Redis to use (flushed per suite, database 9); without it the conf has no storage block and suites
//                     that need redis are skipped
//   --embedded        without a Redis, play the suites that need a key store but look into no Redis (for gateways that bring a store of their own)
//   --templates DIR   template_path for gateways that need one
//   --case TEXT       only cases whose name contains TEXT
//   --differences F   intended differences: a JSON list of {suite, case, at, why}; `at` is a pointer prefix, left out for the whole case
//   --slot N          own range of ports and own Redis database (9 + N), so that several players run side by side (0 to 6)
//   --keep            keep the working folder and print it
//   --log             print the gateway's output when a suite could not start
//   --json            one JSON object per case instead of text
//
// Node 20 or newer, no dependencies. The format is described in README.md.
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

const argv = process.argv.slice(2);
export const mode = argv.shift();
export const options = { suites: [], cwd: process.cwd() };
for (let i = 0; i < argv.length; i++) {
  const a = argv[i];
  if (['--gateway', '--cwd', '--redis', '--templates', '--case', '--differences', '--slot'].includes(a)) options[a.slice(2)] = argv[++i];
  else if (['--keep', '--log', '--json', '--embedded'].includes(a)) options[a.slice(2)] = true;
  else if (a.startsWith('--')) usage(`unknown option ${a}`);
  else options.suites.push(a);
}
export const SLOT = Number(options.slot ?? 0);
if (!['check', 'record'].includes(mode) || !(SLOT >= 0 && SLOT <= 6) || !options.gateway || options.suites.length === 0) usage('');

function usage(why) {
  const text = fs
    .readFileSync(fileURLToPath(import.meta.url), 'utf8')
    .split('\n')
    .filter((l) => l.startsWith('//'));
  process.stderr.write(`${why}\n${text.map((l) => l.slice(3)).join('\n')}\n`);
  process.exit(2);
}
