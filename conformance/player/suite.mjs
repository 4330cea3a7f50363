// One suite, once: folder, upstreams, gateway, cases.
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { makeBundles, pluginServer } from '../plugin-server.mjs';
import { CERTS, SECRET, fingerprint, merge, sleep } from './common.mjs';
import { freePort } from './ports.mjs';
import { endGroup, spawnGroup } from './process.mjs';
import { redis } from './redis.mjs';
import { send } from './request.mjs';
import { runStep } from './step.mjs';
import { startUpstreams } from './upstreams.mjs';
import { substitute } from './values.mjs';
import { options, SLOT } from './options.mjs';

function baseConf(work, port) {
  return {
    listen_address: '127.0.0.1',
    listen_port: port,
    secret: SECRET,
    node_secret: SECRET,
    ...(options.templates ? { template_path: options.templates } : {}),
    app_path: `${work}/apps/`,
    middleware_path: `${work}/middleware/`,
    tyk_js_path: '',
    use_db_app_configs: false,
    policies: { policy_source: 'file', policy_path: `${work}/policies/`, allow_explicit_policy_id: true },
    ...(options.redis
      ? {
          storage: {
            type: 'redis',
            host: '127.0.0.1',
            port: Number(options.redis),
            database: 9 + SLOT,
            optimisation_max_idle: 20,
            optimisation_max_active: 40,
          },
        }
      : {}),
    enable_analytics: false,
    allow_insecure_configs: true,
    hash_keys: false,
    enable_non_transactional_rate_limiter: false,
    health_check: { enable_health_checks: false },
    allow_master_keys: false,
    close_connections: false,
    local_session_cache: { disable_cached_session_state: true },
  };
}

export async function play(suite) {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'conformance-'));
  const answers = { ...suite.answers };
  const upstreams = await startUpstreams(answers, suite);
  const port = await freePort();
  const variables = { ...upstreams.variables, WORK: work, GATEWAY: `http://127.0.0.1:${port}`, GATEWAY_HOST: `127.0.0.1:${port}`, CERTS, SECRET };
  for (const name of suite.ports ?? []) {
    const p = await freePort();
    variables[name] = p;
    variables[`${name}_HOST`] = `127.0.0.1:${p}`;
  }
  for (const f of fs.readdirSync(CERTS))
    if (/\.(pem|key)$/.test(f)) {
      variables[`file:${f}`] = fs.readFileSync(path.join(CERTS, f), 'utf8');
      variables[`sha256:${f}`] = fingerprint(variables[`file:${f}`]);
    }
  upstreams.plugin =
    suite.plugin || suite.pluginServer ? await pluginServer(substitute(suite.plugin ?? {}, variables), suite.pluginServer ?? {}, work) : undefined;
  if (upstreams.plugin) Object.assign(variables, { PLUGIN_ADDRESS: upstreams.plugin.address, PLUGIN_HOST: upstreams.plugin.host });
  Object.assign(answers, substitute(answers, variables), makeBundles(substitute(suite.bundles ?? {}, variables), CERTS, work));
  upstreams.answers = answers;
  for (const d of ['apps', 'policies', 'middleware']) fs.mkdirSync(path.join(work, d));
  for (const [name, content] of Object.entries(substitute(suite.files ?? {}, variables))) {
    const file = path.join(work, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 1));
  }
  for (const [id, p] of Object.entries(substitute(suite.policies ?? {}, variables)))
    fs.writeFileSync(path.join(work, 'policies', `${id}.json`), JSON.stringify(p, null, 1));
  for (const [i, api] of substitute(suite.apis ?? [], variables).entries()) {
    const id = api['x-tyk-api-gateway']?.info?.id ?? api.api_id ?? `api${i}`;
    fs.writeFileSync(path.join(work, 'apps', api['x-tyk-api-gateway'] ? `${id}-oas.json` : `${id}.json`), JSON.stringify(api, null, 1));
    // A gateway that works from files may want the Classic half of an OAS API too; suites give it as `classicHalves`, see README.
  }
  for (const [name, api] of Object.entries(substitute(suite.classicHalves ?? {}, variables)))
    fs.writeFileSync(path.join(work, 'apps', name), JSON.stringify(api));
  const conf = path.join(work, 'tyk.conf');
  fs.writeFileSync(conf, JSON.stringify(merge(baseConf(work, port), substitute(suite.conf ?? {}, variables)), null, 1));
  if (options.redis) await redis(options.redis, ['FLUSHDB'], ...substitute(suite.redisBefore ?? [], variables));

  let output = '';
  upstreams.output = () => output;
  const child = spawnGroup(options.gateway.replaceAll('{conf}', conf), {
    cwd: options.cwd,
    env: { ...process.env, ...substitute(suite.env ?? {}, variables) },
    output: (data) => {
      output += data;
    },
  });
  let exited = false;
  const exit = new Promise((done) =>
    child.once('exit', () => {
      exited = true;
      done();
    }),
  );
  const agents = { http: new http.Agent({ keepAlive: true, maxSockets: 8 }) };
  try {
    const t = suite.tlsListener === true ? {} : suite.tlsListener || undefined;
    const controlPort = Number(suite.controlPort ? variables[suite.controlPort] : port);
    variables.CONTROL_PORT = controlPort;
    const started = Date.now();
    for (;;) {
      const answer = await send({ path: '/hello', tls: t, timeout: 1000 }, port, agents);
      if (answer.status) break;
      if (exited || Date.now() - started > 30_000) {
        if (options.log) process.stderr.write(output);
        return { failed: `the gateway did not start${exited ? ' (it exited)' : ''}`, cases: [] };
      }
      await sleep(50);
    }
    for (const raw of suite.setup ?? []) await runStep(substitute(raw, variables), variables, port, agents, upstreams, t, work);
    if (suite.oas)
      for (const doc of substitute(suite.oas, variables)) {
        const made = await send({ control: true, method: 'POST', path: '/tyk/apis/oas', body: doc, tls: t }, controlPort, agents);
        if (made.status !== 200)
          process.stderr.write(`${suite.suite}: OAS API ${doc['x-tyk-api-gateway']?.info?.id}: ${made.status ?? made.error} ${made.body ?? ''}\n`);
      }
    await send({ control: true, path: '/tyk/reload?block=true', tls: t }, controlPort, agents);
    await sleep(suite.settle ?? 300);
    upstreams.take();
    upstreams.plugin?.take();
    const cases = [];
    for (const c of suite.cases) {
      if (options.case && !c.name.includes(options.case)) {
        cases.push(undefined);
        continue;
      }
      const local = { ...variables };
      const got = [];
      for (const raw of c.steps) got.push(await runStep(substitute(raw, local), local, port, agents, upstreams, t, work));
      cases.push(got);
    }
    return { cases };
  } finally {
    agents.http.destroy();
    await endGroup(child, exit, 3000);
    upstreams.close();
    upstreams.plugin?.close();
    if (options.keep) process.stderr.write(`${work}\n`);
    else fs.rmSync(work, { recursive: true, force: true });
  }
}
