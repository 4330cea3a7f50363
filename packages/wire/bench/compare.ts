import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * µs of CPU per request of the bare relay beside nginx's on the same upstream, each alone on core 0; load and upstream on core 1.
 * Usage: `compare.ts [SECONDS] [ROUNDS] [CASE…]`. Needs nginx, wrk and taskset; only ratios within one run mean anything.
 */

const [seconds = '4', rounds = '3', ...only] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'wire-bench-'));
// nginx's workers read from it as another user.
chmodSync(folder, 0o755);
const children: ChildProcess[] = [];

interface Case {
  name: string;
  path: string;
  script: string;
}

const CASES: Case[] = [
  { name: 'small GET', path: '/small', script: '' },
  { name: '64 KiB answer', path: '/large', script: '' },
  { name: '64 KiB upload', path: '/small', script: 'wrk.method="POST"; wrk.body=string.rep("x", 65536)' },
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function nginxConf(name: string, server: string): string {
  const file = join(folder, `${name}.conf`);
  writeFileSync(
    file,
    `worker_processes 1; daemon off; pid ${folder}/${name}.pid; error_log ${folder}/${name}.log; events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000; client_body_temp_path ${folder}/${name}-body; proxy_temp_path ${folder}/${name}-proxy;
fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s; client_max_body_size 10m; ${server} }`,
  );
  return file;
}

function start(core: string, command: string[]): ChildProcess {
  const child = spawn('taskset', ['-c', core, ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

/** Process ids of a process and all below it. */
function family(pid: number): number[] {
  const below = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [pid, ...(below === '' ? [] : below.split(' ').flatMap((child) => family(Number(child))))];
}

/** CPU time of a process and its children, in µs. */
function cpu(pid: number): number {
  let ticks = 0;
  for (const member of family(pid)) {
    const after = readFileSync(`/proc/${member}/stat`, 'utf8').replace(/^.*\) /, '');
    const fields = after.split(' ');
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks * 10_000;
}

function load(port: number, { path, script }: Case, time: string): { requests: number; rate: number } {
  const file = join(folder, 'load.lua');
  writeFileSync(file, script);
  const args = ['-c', '1', 'wrk', '-t1', '-c64', `-d${time}s`, ...(script === '' ? [] : ['-s', file]), `http://127.0.0.1:${port}${path}`];
  const { stdout } = spawnSync('taskset', args, { encoding: 'utf8' });
  if (/Non-2xx|Socket errors/.test(stdout)) process.stdout.write(stdout);
  return { requests: Number(/(\d+) requests in/.exec(stdout)?.[1] ?? 0), rate: Number(/Requests\/sec: +([\d.]+)/.exec(stdout)?.[1] ?? 0) };
}

function measure(child: ChildProcess, port: number, test: Case): { cost: number; rate: number } {
  const pid = child.pid ?? 0;
  const before = cpu(pid);
  const { requests, rate } = load(port, test, seconds);
  return { cost: (cpu(pid) - before) / Math.max(requests, 1), rate };
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function main(): Promise<void> {
  const [up, proxy, relay] = [await freePort(), await freePort(), await freePort()];
  writeFileSync(join(folder, 'large'), 'x'.repeat(65_536));
  const upstream = `server { listen 127.0.0.1:${up}; root ${folder}; location = /small { return 200 "hello world, this is a small answer\\n"; } }`;
  const relaying = `upstream u { server 127.0.0.1:${up}; keepalive 256; }
server { listen 127.0.0.1:${proxy}; location / { proxy_pass http://u; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_request_buffering off; } }`;
  start('1', ['nginx', '-c', nginxConf('up', upstream)]);
  const nginx = start('0', ['nginx', '-c', nginxConf('proxy', relaying)]);
  const ours = start('0', [
    process.execPath,
    ...(process.env['RELAY_FLAGS'] ?? '').split(' ').filter(Boolean),
    '--conditions=@gatehouse/source',
    join(import.meta.dirname, 'relay.ts'),
    String(up),
    String(relay),
  ]);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  for (const test of CASES.filter(({ name }) => only.length === 0 || only.includes(name))) {
    load(relay, test, '2');
    const results = Array.from({ length: Number(rounds) }, () => ({ nginx: measure(nginx, proxy, test), relay: measure(ours, relay, test) }));
    const a = median(results.map((result) => result.nginx.cost));
    const b = median(results.map((result) => result.relay.cost));
    const rates = `${Math.round(median(results.map((result) => result.nginx.rate)))}/s and ${Math.round(median(results.map((result) => result.relay.rate)))}/s`;
    process.stdout.write(`${test.name}: nginx ${a.toFixed(2)} µs, relay ${b.toFixed(2)} µs, ratio ${(b / a).toFixed(2)} (${rates})\n`);
  }
}

try {
  await main();
} finally {
  for (const child of children) child.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
