import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A proxy of somebody else, between `port` and an upstream. */
export interface RealProxy {
  port: number;
  stop(): Promise<void>;
}

export type ProxyName = 'nginx' | 'haproxy';

/** How a proxy speaks on a side: HTTP/1.1, or HTTP/2 in clear. */
export interface ProxyOptions {
  upstream: number;
  frontHttp2?: boolean;
  backHttp2?: boolean;
}

/** Path of a program, also where only root has it in PATH; undefined when it is not installed. */
export function programOf(name: ProxyName): string | undefined {
  for (const program of [name, `/usr/sbin/${name}`, `/usr/local/sbin/${name}`]) {
    if (program.includes('/') && !existsSync(program)) continue;
    if (spawnSync(program, ['-v']).status === 0) return program;
  }
  return undefined;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function nginxConfig(folder: string, port: number, { upstream }: ProxyOptions): string {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
  return `daemon off; master_process off; pid ${folder}/pid; error_log stderr crit;
events { worker_connections 256; }
http { access_log off; ${temp} client_max_body_size 0; keepalive_requests 10000;
  upstream behind { server 127.0.0.1:${upstream}; keepalive 8; }
  map $http_upgrade $connection_header { default upgrade; '' ''; }
  server { listen 127.0.0.1:${port};
    location / { proxy_pass http://behind; proxy_http_version 1.1; proxy_request_buffering off; proxy_buffering off;
      proxy_set_header Host $http_host; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_header; } } }
`;
}

function haproxyConfig(port: number, { upstream, frontHttp2 = false, backHttp2 = false }: ProxyOptions): string {
  return `defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend front
  bind 127.0.0.1:${port}${frontHttp2 ? ' proto h2' : ''}
  default_backend back
backend back
  server one 127.0.0.1:${upstream}${backHttp2 ? ' proto h2' : ''}
`;
}

/** Starts a proxy in a folder of its own and waits until it listens. */
export async function startProxy(name: ProxyName, program: string, options: ProxyOptions): Promise<RealProxy> {
  const folder = mkdtempSync(join(tmpdir(), `gatehouse-${name}-`));
  mkdirSync(join(folder, 'logs'));
  const port = await freePort();
  const config = join(folder, 'proxy.conf');
  writeFileSync(config, name === 'nginx' ? nginxConfig(folder, port, options) : haproxyConfig(port, options));
  const child = spawn(program, name === 'nginx' ? ['-p', folder, '-c', config] : ['-db', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await untilListening(port, child, () => complaints);
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { port, stop };
}

async function untilListening(port: number, child: ChildProcess, complaints: () => string): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (child.exitCode !== null) throw new Error(`The proxy ended at once: ${complaints()}`);
    if (await reachable(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`The proxy does not listen on port ${port}: ${complaints()}`);
}

function reachable(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.on('connect', () => done(true));
    socket.on('error', () => done(false));
  });
}
