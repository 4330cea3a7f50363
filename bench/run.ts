// npm run bench -- [options]
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openLocalCa } from '@gatehouse/gateway';
import { startProcess, tempFolder } from '@gatehouse/testkit';
import { type LoadCase, LOAD_CASES } from './cases.ts';
import { LOAD_CORE, pinned } from './load.ts';
import { machine, markdown, type Results, save } from './report.ts';
import { runLoadCase } from './run-load.ts';
import { type SingleCase, SINGLE_CASES } from './run-single.ts';
import { FULL, QUICK, type Settings } from './settings.ts';
import { startUpstream } from './targets/nginx.ts';

const IDS: readonly string[] = [...LOAD_CASES.map(({ id }) => id), ...SINGLE_CASES.map(({ id }) => id)];
const USAGE = `Compares Gatehouse with nginx, HAProxy and a Fastify proxy on this machine.

  npm run bench -- [options]

  --only CASE      only this case (repeatable): ${IDS.join(', ')}
  --quick          short times: minutes become seconds, numbers become rough
  --gateway-only   no other proxies, and so no ratios
  --no-save        nothing is written to bench/results/
`;

function fail(message: string, status = 2): never {
  process.stderr.write(`${message}\n`);
  process.exit(status);
}

function options() {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      options: { only: { type: 'string', multiple: true, default: [...IDS] }, quick: flag, 'gateway-only': flag, 'no-save': flag, help: flag },
    }).values;
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${USAGE}`);
  }
}

/** First line of what a program says of its version; ends the run where it is missing. */
function version(program: string, flag: string): string {
  try {
    const text = execFileSync('/bin/sh', ['-c', `${program} ${flag} 2>&1 || true`], { encoding: 'utf8' });
    if (!text.includes('not found')) return /\d+\.\d+(\.\d+)?/.exec(text)?.[0] ?? 'unknown';
  } catch {
    // Falls through to the message.
  }
  return fail(`${program} is not installed; on Debian: apt-get install nginx haproxy wrk`, 1);
}

const values = options();
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const unknown = values.only.find((id) => !IDS.includes(id));
if (unknown !== undefined) fail(`there is no case ${unknown}; cases are ${IDS.join(', ')}`);
if (availableParallelism() < 2) fail('a benchmark wants two cores: one for the proxy, one for everything else', 1);
const versions = { nginx: version('nginx', '-v'), haproxy: version('haproxy', '-v'), wrk: version('wrk', '-v') };

using folder = tempFolder('bench-');
const ca = openLocalCa(folder.at('ca'));
const { certFile, keyFile, cert, key } = ca.serverCertificate('bench', ['localhost', '127.0.0.1']);
folder.write('both.pem', cert + key);
setDefaultCACertificates([...getCACertificates('default'), ca.certificate]);
await using upstream = await startUpstream({ folder });
await using sink = startProcess(pinned(LOAD_CORE, [process.execPath, fileURLToPath(new URL('sink.ts', import.meta.url))]));
const sinkPort = Number((await sink.line(/^port (\d+)/))[1]);
const site = { folder, upstream: { plain: Number(new URL(upstream.origin).port), sink: sinkPort }, certFile, keyFile };
const settings: Settings = { site, ...(values.quick ? QUICK : FULL), gatewayOnly: values['gateway-only'] };
const results: Results = {
  date: new Date().toISOString(),
  machine: machine(),
  node: process.versions.node,
  quick: values.quick,
  versions,
  load: [],
  single: [],
};

/** A case that breaks is said and fails the run, but does not lose the others. */
async function attempt(id: string, run: () => Promise<void>): Promise<void> {
  if (!values.only.includes(id)) return;
  try {
    await run();
  } catch (error) {
    console.error(`${id}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}

async function takeLoad(one: LoadCase): Promise<void> {
  for await (const row of runLoadCase(one, settings)) {
    results.load.push(row);
    console.error(
      `${row.case} ${row.target}: ${row.cpuUs.toFixed(1)} µs CPU/request, ${row.perSecond.toFixed(0)} requests/s${row.failed > 0 ? `, ${row.failed} FAILED` : ''}`,
    );
  }
}

async function takeSingle(one: SingleCase): Promise<void> {
  for (const row of await one.run(settings)) {
    results.single.push(row);
    console.error(`${row.title}: ${row.value.toFixed(1)} ${row.unit}`);
  }
}

for (const one of LOAD_CASES) await attempt(one.id, () => takeLoad(one));
for (const one of SINGLE_CASES) await attempt(one.id, () => takeSingle(one));
process.stdout.write(`\n${markdown(results)}`);
if (!values['no-save']) console.error(`written to ${save(results)}`);
