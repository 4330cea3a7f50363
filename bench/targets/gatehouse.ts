import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { classicApi, freePort, type JsonObject, keyedApi, merged, startProcess, type StartedProcess } from '@gatehouse/testkit';
import { LOAD_CORE, pinned, PROXY_CORE } from '../load.ts';
import type { RunningTarget, Site, Target, Variant } from './target.ts';

/** As it is shipped: compiled by `npm run bench` before the first run. */
const MAIN = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));
const SECRET = 'bench-secret';
const KEY = 'bench0000000000000000000000000001';
/** High enough that no run ever reaches them, so that every request is counted and passes. */
const NEVER_REACHED = 1_000_000_000;

/** Ours, with methods that only some cases use. */
export interface RunningGateway extends RunningTarget {
  /** Milliseconds from the start of the process to its first answer from an API. */
  readonly startMs: number;
  control(method: string, path: string, body?: JsonObject): Promise<Response>;
}

function configuration(site: Site, folder: string, port: number, variant: Variant): JsonObject {
  const base: JsonObject = {
    listen_address: '127.0.0.1',
    listen_port: port,
    secret: SECRET,
    app_path: path.join(folder, 'apps'),
    data_path: path.join(folder, 'data'),
    data_threads: variant.threads ?? 1,
    watch_definitions: false,
    policies: { policy_source: 'file', policy_path: path.join(folder, 'policies.json') },
    enable_analytics: variant.analytics ?? false,
    hash_keys: false,
  };
  const tls: JsonObject = {
    http_server_options: { use_ssl: true, certificates: [{ domain_name: '*', cert_file: site.certFile, key_file: site.keyFile }], min_version: 772 },
  };
  return variant.tls ? merged(base, tls) : base;
}

/** `/bench/` and, for uploads, `/bench/upload/`; the other APIs only fill the router. */
function definitions(site: Site, variant: Variant): [string, JsonObject][] {
  const make = variant.keyed ? keyedApi : classicApi;
  const api = (id: string, listenPath: string, port: number): [string, JsonObject] => {
    const proxy: JsonObject = { listen_path: listenPath, strip_listen_path: false };
    return [id, make(id, `http://127.0.0.1:${port}`, { proxy, disable_rate_limit: !variant.limited, disable_quota: !variant.limited })];
  };
  const others = Array.from({ length: (variant.apis ?? 1) - 1 }, (_, i) => api(`filler-${i}`, `/filler-${i}/`, site.upstream.plain));
  return [api('bench', '/bench/', site.upstream.plain), api('upload', '/bench/upload/', site.upstream.sink), ...others];
}

async function makeKey(control: RunningGateway['control'], limited: boolean): Promise<void> {
  const rate = limited ? NEVER_REACHED : 0;
  const rights = {
    bench: { api_id: 'bench', api_name: 'bench', versions: ['Default'] },
    upload: { api_id: 'upload', api_name: 'upload', versions: ['Default'] },
  };
  const session: JsonObject = {
    org_id: 'test',
    rate,
    per: 60,
    allowance: rate,
    quota_max: limited ? NEVER_REACHED : -1,
    quota_renewal_rate: 86_400,
    access_rights: rights,
  };
  const answer = await control('POST', `/tyk/keys/${KEY}`, session);
  if (!answer.ok) throw new Error(`the key was not taken: ${answer.status} ${await answer.text()}`);
}

/** Asks until the API answers; the time between two questions bounds the error of a start time. */
async function firstAnswer(url: string, child: StartedProcess): Promise<void> {
  const gone = child.ended.then(() => true);
  for (const until = Date.now() + 60_000; Date.now() < until && !(await Promise.race([gone, sleep(5, false)]));) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer && answer.status !== 404) return;
  }
  throw new Error(`no answer from ${url}; the gateway said:\n${child.output}`);
}

export async function startGatehouse(site: Site, variant: Variant): Promise<RunningGateway> {
  const port = await freePort();
  const folder = site.folder.at(`gatehouse-${port}`);
  for (const [id, definition] of definitions(site, variant)) site.folder.write(`gatehouse-${port}/apps/${id}.json`, definition);
  site.folder.write(`gatehouse-${port}/policies.json`, {});
  const conf = site.folder.write(`gatehouse-${port}/tyk.conf`, configuration(site, folder, port, variant));
  const origin = `${variant.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const cores = variant.threads && variant.threads > 1 ? `${PROXY_CORE},${LOAD_CORE}` : PROXY_CORE;
  const started = performance.now();
  const child = startProcess(pinned(cores, [process.execPath, MAIN, 'gateway', '--conf', conf]), {
    env: { NODE_ENV: 'production' },
  });
  await firstAnswer(`${origin}/bench/small`, child);
  const startMs = performance.now() - started;
  const control: RunningGateway['control'] = (method, target, body) =>
    fetch(origin + target, { method, headers: { 'X-Tyk-Authorization': SECRET }, ...(body ? { body: JSON.stringify(body) } : {}) });
  if (variant.keyed) await makeKey(control, variant.limited ?? false);
  return { pid: child.pid, origin, startMs, control, ...(variant.keyed ? { key: KEY } : {}), [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}

export const gatehouse: Target = { name: 'gatehouse', start: startGatehouse };
