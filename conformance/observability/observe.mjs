#!/usr/bin/env node
// Plays observability suites: starts a gateway with an OTLP collector, upstreams and a Redis line of its own, sends requests, and compares
// spans, metrics, log lines and health answers with what was recorded from Tyk 5.14.0.
//
//   node observe.mjs check  [options] SUITE.json…    compare; exit 1 where anything differs
//   node observe.mjs record [options] SUITE.json…    write what the gateway did into the suites (only from the reference gateway)
//
//   --gateway "CMD"   command that starts the gateway; {conf} is replaced by the path of its tyk.conf; started in --cwd (default: here)
//   --redis PORT      a Redis to use (database 9, flushed per suite); the gateway reaches it through a line that a suite can cut
//   --templates DIR   template_path for gateways that need one
//   --suite TEXT      only suites whose name contains TEXT
//   --case TEXT       only cases whose name contains TEXT (metrics and exports of the suite are then not compared)
//   --parts A,B       compare only these of answers,upstream,spans,log,start,resource,exports,metrics
//   --differences F   intended differences: a JSON list of {suite, case, at, why}; `at` is a pointer prefix
//   --embedded        without a Redis, play the suites that never touch it (for gateways that bring a store of their own)
//   --slot N          own range of ports and own Redis database (9 + N), so that several players run side by side (0 to 6)
//   --json            one JSON object per case instead of text
//   --keep, --log     keep the working folder; print the gateway's output when it does not start
//
// Node 20 or newer, no dependencies. The format is described in README.md.
import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { endGroup, signalGroup, spawnGroup } from '../player/process.mjs';
import { Receiver } from './otlp.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const CERTS = path.join(HERE, '..', 'certs');
const SECRET = 'golden-secret';
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const argv = process.argv.slice(2);
const mode = argv.shift();
const options = { suites: [], cwd: process.cwd() };
for (let i = 0; i < argv.length; i++) {
  const a = argv[i];
  if (['--gateway', '--cwd', '--redis', '--templates', '--case', '--suite', '--parts', '--differences', '--slot'].includes(a)) options[a.slice(2)] = argv[++i];
  else if (['--keep', '--log', '--json', '--embedded'].includes(a)) options[a.slice(2)] = true;
  else if (a.startsWith('--')) usage(`unknown option ${a}`);
  else options.suites.push(a);
}
const SLOT = Number(options.slot ?? 0);
const DATABASE = 9 + SLOT;
if (!['check', 'record'].includes(mode) || !options.gateway || !options.suites.length || !(SLOT >= 0 && SLOT <= 6)) usage('');
function usage(why) {
  process.stderr.write(`${why}\n${fs.readFileSync(fileURLToPath(import.meta.url), 'utf8').split('\n').filter((l) => l.startsWith('//')).map((l) => l.slice(3)).join('\n')}\n`);
  process.exit(2);
}

// ---------------------------------------------------------------- upstreams

const TRACE_HEADERS = /^(traceparent|tracestate|baggage|b3|x-b3-.*|x-corr.*|x-tyk-trace.*|x-trace.*|uber-trace-id)$/;
const listen = (server) => new Promise((done) => server.listen(0, '127.0.0.1', () => done(server.address().port)));
async function freePort() {
  for (;;) { // below the ports that the system gives to outgoing connections, so that nothing takes it meanwhile
    const port = 15_000 + 2000 * SLOT + Math.floor(Math.random() * 2000);
    const s = net.createServer();
    if (!await new Promise((done) => { s.once('error', () => done(false)); s.listen(port, '127.0.0.1', () => done(true)); })) continue;
    await new Promise((done) => s.close(done));
    return port;
  }
}
const cert = (name) => ({ key: fs.readFileSync(path.join(CERTS, `${name}.key`)), cert: fs.readFileSync(path.join(CERTS, `${name}.pem`)) });

/** Answers `{"ok":true}`; the path may ask for more: /status/N, /delay/MS, /reset, /cut, /garbage, /bytes/N, /graphql; an answer in the suite's `answers` wins. */
function upstream(id, seen, answers) {
  return (req, res) => {
    const chunks = [];
    req.on('error', () => {});
    req.on('data', (c) => chunks.push(c));
    req.on('end', async () => {
      const p = req.url.split('?')[0];
      const note = { upstream: id, method: req.method, url: req.url };
      if (req.httpVersion !== '1.1') note.httpVersion = req.httpVersion;
      for (const [k, v] of Object.entries(req.headers)) if (TRACE_HEADERS.test(k)) (note.trace ??= {})[k] = v;
      seen.push(note);
      const known = answers[p];
      if (known) { res.writeHead(known.status ?? 200, { 'content-type': 'application/json', ...known.headers }); res.end(typeof known.body === 'string' ? known.body : JSON.stringify(known.body)); return; }
      const m = p.match(/\/(status|delay|bytes)\/(\d+)/);
      if (/\/reset/.test(p)) { req.socket.resetAndDestroy(); return; }
      if (/\/cut/.test(p)) { res.writeHead(200, { 'content-length': '100' }); res.write('half'); setTimeout(() => req.socket.destroy(), 30); return; }
      if (/\/close/.test(p)) { req.socket.destroy(); return; }
      if (/\/garbage/.test(p)) { req.socket.end('this is no HTTP\r\n\r\n'); return; }
      if (m?.[1] === 'delay') await sleep(Number(m[2]));
      if (m?.[1] === 'bytes') { res.writeHead(200, { 'content-type': 'text/plain' }); res.end('x'.repeat(Number(m[2]))); return; }
      res.writeHead(m?.[1] === 'status' ? Number(m[2]) : 200, { 'content-type': 'application/json' });
      res.end(req.method === 'HEAD' || m?.[2] === '204' ? undefined : '{"ok":true}');
    });
  };
}

async function startUpstreams(answers) {
  const seen = [];
  const ca = fs.readFileSync(path.join(CERTS, 'ca.pem'));
  const servers = {
    UPSTREAM: http.createServer(upstream('a', seen, answers)),
    UPSTREAM_B: http.createServer(upstream('b', seen, answers)),
    UPSTREAM_TLS: https.createServer(cert('upstream'), upstream('tls', seen, answers)),
    UPSTREAM_H2: http2.createSecureServer({ ...cert('upstream'), allowHTTP1: true }, upstream('h2', seen, answers)),
    UPSTREAM_SELF: https.createServer(cert('selfsigned'), upstream('self', seen, answers)),
    UPSTREAM_EXPIRED: https.createServer(cert('expired'), upstream('expired', seen, answers)),
    UPSTREAM_NAME_TLS: https.createServer(cert('server2'), upstream('name', seen, answers)),
    UPSTREAM_MTLS: https.createServer({ ...cert('upstream'), ca, requestCert: true, rejectUnauthorized: true }, upstream('mtls', seen, answers)),
    UPSTREAM_OLD: https.createServer({ ...cert('upstream'), minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }, upstream('old', seen, answers)),
    UPSTREAM_CIPHER: https.createServer({ ...cert('upstream'), maxVersion: 'TLSv1.2', ciphers: 'DHE-RSA-AES256-GCM-SHA384', dhparam: 'auto' }, upstream('cipher', seen, answers)),
    UPSTREAM_H2C: http2.createServer(upstream('h2c', seen, answers)),
    UPSTREAM_DROP: net.createServer((s) => { s.on('error', () => {}); s.once('data', () => s.destroy()); }),
  };
  servers.UPSTREAM.on('upgrade', (req, socket) => {
    const note = { upstream: 'a', method: req.method, url: req.url, upgrade: req.headers.upgrade };
    for (const [k, v] of Object.entries(req.headers)) if (TRACE_HEADERS.test(k)) (note.trace ??= {})[k] = v;
    seen.push(note); socket.on('error', () => {});
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  });
  const variables = {};
  for (const [name, server] of Object.entries(servers)) {
    server.keepAliveTimeout = 60_000; server.on('tlsClientError', () => {}); server.on('clientError', (e, s) => s.destroy());
    const port = await listen(server);
    variables[name] = `${/TLS|SELF|EXPIRED|OLD|CIPHER|H2$/.test(name) ? 'https' : name === 'UPSTREAM_H2C' ? 'h2c' : 'http'}://127.0.0.1:${port}`;
    variables[`${name}_HOST`] = `127.0.0.1:${port}`;
    variables[`${name}_PORT`] = String(port);
  }
  const dead = await freePort();
  Object.assign(variables, { UPSTREAM_DEAD: `http://127.0.0.1:${dead}`, UPSTREAM_DEAD_HOST: `127.0.0.1:${dead}`, UPSTREAM_DEAD_PORT: String(dead) });
  return { variables, take: () => seen.splice(0), close: () => Object.values(servers).forEach((x) => { x.close(); x.closeAllConnections?.(); }) };
}

/** A line to Redis that can be cut (`down`: refuses), silenced (`hang`: takes connections, says nothing) and restored (`up`). */
async function redisLine(port) {
  let state = 'up'; const sockets = new Set(); let server; let own;
  const handler = (socket) => {
    sockets.add(socket); socket.on('error', () => {}); socket.on('close', () => sockets.delete(socket));
    const onward = net.connect(port, '127.0.0.1');
    onward.on('error', () => socket.destroy()); onward.on('close', () => socket.destroy()); socket.on('close', () => onward.destroy());
    socket.on('data', (d) => { if (state !== 'hang') onward.write(d); });
    onward.on('data', (d) => { if (state !== 'hang') socket.write(d); });
  };
  const open = () => new Promise((done) => { server = net.createServer(handler); server.listen(own ?? 0, '127.0.0.1', () => { own = server.address().port; done(); }); });
  await open();
  return {
    port: own,
    async set(next) {
      if (next === 'down') { await new Promise((d) => { server.close(d); for (const s of sockets) s.destroy(); }); } else if (state === 'down') await open();
      if (next === 'up' && state === 'hang') for (const s of sockets) s.destroy();
      state = next;
    },
    close() { server.close(); for (const s of sockets) s.destroy(); },
  };
}
async function redis(...commands) {
  const socket = net.connect(Number(options.redis), '127.0.0.1'); socket.on('error', () => {});
  for (const c of [['SELECT', DATABASE], ...commands]) { socket.write(`*${c.length}\r\n${c.map((a) => `$${Buffer.byteLength(String(a))}\r\n${a}\r\n`).join('')}`); await new Promise((d) => socket.once('data', d)); }
  socket.destroy();
}

// ---------------------------------------------------------------- one request

function tlsOptions(t) {
  if (!t) return undefined;
  return { ca: fs.readFileSync(path.join(CERTS, 'ca.pem')), servername: t.sni ?? 'localhost', rejectUnauthorized: false, minVersion: t.min, maxVersion: t.max, ...(t.cert ? cert(t.cert) : {}) };
}
function send(step, port, t0) {
  const t = tlsOptions(step.tls ?? t0);
  const body = step.body === undefined ? undefined : typeof step.body === 'string' ? step.body : JSON.stringify(step.body);
  const headers = {};
  for (const [k, v] of step.headers ?? []) headers[k] = v;
  if (step.control) headers['X-Tyk-Authorization'] = SECRET;
  if (body !== undefined) headers['Content-Length'] = Buffer.byteLength(body);
  if (step.h2) {
    return new Promise((done) => {
      const client = http2.connect(`${t ? 'https' : 'http'}://127.0.0.1:${port}`, t);
      client.on('error', (e) => done({ error: e.code }));
      const stream = client.request({ ':method': step.method ?? 'GET', ':path': step.path, ...Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toLowerCase(), v])) });
      let head; const chunks = [];
      stream.on('response', (h) => { head = h; }); stream.on('data', (c) => chunks.push(c));
      stream.on('error', (e) => { client.close(); done({ error: e.code }); });
      stream.on('end', () => { client.close(); done({ status: head?.[':status'], http2: true, headers: Object.entries(head ?? {}).filter(([k]) => !k.startsWith(':')), body: Buffer.concat(chunks).toString() }); });
      stream.end(body);
    });
  }
  return new Promise((done) => {
    const started = Date.now();
    const req = (t ? https : http).request({ host: '127.0.0.1', port, method: step.method ?? 'GET', path: step.path, headers, agent: false, timeout: step.timeout ?? 15_000, ...t });
    const pairs = (raw) => { const out = []; for (let i = 0; i < raw.length; i += 2) out.push([raw[i], raw[i + 1]]); return out; };
    req.on('response', (res) => {
      const chunks = []; res.on('data', (c) => chunks.push(c)); res.on('error', (e) => done({ error: e.code ?? e.message }));
      res.on('end', () => done({ status: res.statusCode, headers: pairs(res.rawHeaders), body: Buffer.concat(chunks).toString(), ms: Date.now() - started }));
    });
    req.on('upgrade', (res, socket) => { socket.destroy(); done({ status: 101, headers: pairs(res.rawHeaders), body: '' }); });
    req.on('timeout', () => req.destroy(Object.assign(new Error('timeout'), { code: 'TIMEOUT' })));
    req.on('error', (e) => done({ error: e.code ?? e.message }));
    if (step.abort) setTimeout(() => req.destroy(), step.abort);
    req.end(body);
  });
}

// ---------------------------------------------------------------- normalising

function substitute(value, variables) {
  if (typeof value === 'string') {
    const whole = value.match(/^\$\{(\w+)\}$/);
    if (whole && whole[1] in variables) return variables[whole[1]];
    return value.replace(/\$\{file:([\w.-]+)\}/g, (a, f) => fs.readFileSync(path.join(CERTS, f), 'utf8')).replace(/\$\{(\w+)\}/g, (a, name) => (name in variables ? String(variables[name]) : a));
  }
  if (Array.isArray(value)) return value.map((v) => substitute(v, variables));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [substitute(k, variables), substitute(v, variables)]));
  return value;
}
/** Puts names back in place of ports, times, ids. `ids`: known trace and span ids → label. */
function normalise(value, variables, ids = new Map()) {
  if (typeof value === 'string') {
    let s = value;
    for (const [id, label] of ids) if (s.includes(id)) s = s.split(id).join(label);
    for (const [name, v] of Object.entries(variables)) if (/_HOST$/.test(name)) s = s.split(v).join(`\${${name}}`);
    for (const [name, v] of Object.entries(variables)) if (/_PORT$/.test(name) && s.includes(`:${v}`)) s = s.replace(new RegExp(`:${v}\\b`, 'g'), `:\${${name}}`);
    s = s.split(variables.WORK).join('${WORK}').split(CERTS).join('${CERTS}').split(options.templates ?? '\0').join('${TEMPLATES}').split(options.cwd).join('${CWD}');
    s = s.replace(/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d (GMT|UTC)\b/g, '<date>');
    s = s.replace(/\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, '<time>').replace(/^time="[A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d"/, 'time="<time>"');
    s = s.replace(/(\b(?:latency_total|latency_gateway|upstream_latency|ns|ts|memory|elapsed)"?[=:] ?)-?[\d.]+/g, '$1<n>').replace(/(\breloaded in[^\d]*|\bduration"?[=:] ?"?)[\d.]+(µs|ms|s)?/g, '$1<n>');
    s = s.replace(/\bredis: \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /g, 'redis: <time> ').replace(/(descriptor limit |CPU cores )\d+/g, '$1<n>').replace(/\b(pid|PID)(\W+)\d+/g, '$1$2<n>').replace(/(cycle completed in )[\d.]+\S*?s\b/g, '$1<n>').replace(/(Listening on port: )\d+/g, '$1<port>').replace(/\.go:\d+/g, '.go:<line>').replace(/\b20\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d\b/g, '<time>');
    s = s.replace(/\bv\d+\.\d+\.\d+(-[\w.]+)?\b/g, '<version>');
    s = s.replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, (id) => (verbatim.includes(id) ? id : '<uuid>'));
    s = s.replace(/\b127\.0\.0\.1:\d{4,5}\b/g, '127.0.0.1:<port>').replace(/^(Tyk|Gatehouse)\/\S+$/, '<gateway>').replace(/(user_agent\W+)(Tyk|Gatehouse)\/[\w.]+/, '$1<gateway>');
    return /^\d{10}$/.test(s) && Math.abs(Number(s) - Date.now() / 1000) < 400 * 86400 ? '<epoch>' : s;
  }
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value - Date.now() / 1000) < 400 * 86400 ? '<epoch>' : value;
  if (Array.isArray(value)) return value.map((v) => normalise(v, variables, ids));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [normalise(k, variables, ids), normalise(v, variables, ids)]));
  return value;
}
const VARIES = /^(host\.name|host\.id|process\.(pid|executable\.(name|path)|command_args|command|owner|runtime\.(version|description))|container\.id|service\.instance\.id|service\.version|tyk\.gw\.id|os\..*)$/;
function attributeText(attributes, variables) {
  return Object.fromEntries(Object.entries(attributes).map(([k, v]) => {
    const [type] = Object.keys(v);
    if (VARIES.test(k)) return [k, { [type]: '<varies>' }];
    if (/port$/.test(k) && type === 'int') { const name = Object.entries(variables).find(([n, p]) => /_PORT$/.test(n) && Number(p) === v.int)?.[0]; return [k, { int: name ? `\${${name}}` : v.int > 1024 ? '<port>' : v.int }]; }
    return [k, v];
  }));
}
/** Spans as trees, children in order of their start. Gives the trees and the labels of the ids. */
function forest(spans, variables, given) {
  const byId = new Map(spans.map((s) => [s.spanId, s])); const ids = new Map();
  const known = (id) => given.includes(id);
  const roots = spans.filter((s) => !byId.has(s.parentSpanId)).sort((a, b) => (a.start < b.start ? -1 : 1));
  let traces = 0; let count = 0;
  const walk = (s, root) => {
    if (!ids.has(s.traceId) && !known(s.traceId)) ids.set(s.traceId, `<trace${++traces}>`);
    ids.set(s.spanId, `<span${++count}>`);
    const out = { name: s.name, kind: s.kind, id: `<span${count}>` };
    if (root) Object.assign(out, { trace: s.traceId, parent: s.parentSpanId || 'none' });
    if (s.status !== 'unset' || s.statusMessage) out.status = s.statusMessage ? [s.status, s.statusMessage] : s.status;
    if (s.traceState) out.traceState = s.traceState;
    out.flags = s.flags;
    out.scope = [s.scope.name, s.scope.version, s.scope.schemaUrl].filter((x) => x !== undefined).join(' ');
    out.attributes = attributeText(s.attributes, variables);
    if (s.events.length) out.events = s.events.map((e) => ({ name: e.name, attributes: Object.fromEntries(Object.entries(e.attributes).map(([k, v]) => (/stacktrace/.test(k) ? [k, { string: '<stack>' }] : [k, v]))) }));
    if (s.links.length) out.links = s.links;
    const children = spans.filter((x) => x.parentSpanId === s.spanId).sort((a, b) => (a.start < b.start ? -1 : 1));
    if (children.length) out.children = children.map((c) => walk(c));
    return out;
  };
  return { trees: roots.map((s) => walk(s, true)), ids };
}
/** Trace and span ids that follow from what the client sent: as they are, and as the custom and B3 propagators make them longer. */
function givenIds(steps) {
  verbatim = JSON.stringify(steps);
  const out = verbatim.match(/[0-9a-f]{32}|[0-9a-f]{16}/g) ?? [];
  for (const v of steps.flatMap((s) => s.headers ?? []).map(([, x]) => x)) { const h = v.toLowerCase().replace(/[^0-9a-f]/g, ''); if (h) out.push(h.padEnd(32, '0').slice(0, 32), h.padEnd(32, '0').slice(0, 16), h.padStart(32, '0')); }
  return out;
}
let verbatim = '';
/** Labels for ids that no span told: answer header first, then what the upstream saw. */
function moreIds(texts, ids, given) {
  let n = 0; let m = 0;
  for (const t of texts) for (const id of t.match(/\b[0-9a-f]{32}\b|\b[0-9a-f]{16}\b/g) ?? []) if (!ids.has(id) && !given.includes(id)) ids.set(id, id.length === 32 ? `<unseen-trace${++n}>` : `<unseen-span${++m}>`);
}
/** All exports of one suite in one picture: cumulative points as last sent, delta points added up. Times and sizes that vary are left out. */
function metricText(exports, variables) {
  const out = new Map();
  for (const e of exports) for (const m of e.metrics) {
    const key = `${m.scope.name} ${m.name}`;
    const at = out.get(key) ?? { name: m.name, description: m.description, unit: m.unit, type: m.type, scope: [m.scope.name, m.scope.version].filter(Boolean).join(' '), ...(m.temporality ? { temporality: m.temporality } : {}), ...(m.type === 'sum' ? { monotonic: m.monotonic } : {}), points: new Map() };
    out.set(key, at);
    for (const p of m.points) {
      if (p.bounds?.length) at.bounds = p.bounds;
      const attributes = attributeText(p.attributes, variables);
      const id = JSON.stringify(attributes); const before = at.points.get(id);
      const point = { attributes };
      if (m.type === 'histogram') Object.assign(point, { count: p.count + (m.temporality === 'delta' ? before?.count ?? 0 : 0), has: ['sum', 'min', 'max'].filter((k) => p[k] !== undefined).join(' '), bucketCounts: p.buckets.length });
      else { const [type] = Object.keys(p.value); point.value = { [type]: (p.value[type] ?? 0) + (m.temporality === 'delta' ? before?.value[type] ?? 0 : 0) }; }
      if (p.exemplars || before?.exemplars) point.exemplars = true;
      at.points.set(id, point);
    }
  }
  return [...out.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map((m) => {
    const points = [...m.points.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, p]) => p);
    if (/^(go|process|nodejs|v8js)\./.test(m.name)) for (const p of points) { if (p.value) p.value = { [Object.keys(p.value)[0]]: '<n>' }; if (p.count !== undefined) { p.count = '<n>'; } }
    return { ...m, points };
  });
}
const QUIET = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']);
function answerText(a, step) {
  if (a.error) return { error: a.error };
  const headers = {};
  for (const [k, v] of a.headers) { const l = k.toLowerCase(); if (!QUIET.has(l) && !l.startsWith('x-mascot')) (headers[l] ??= []).push(v); }
  let body = a.body;
  try { body = { json: JSON.parse(a.body) }; } catch { /* text */ }
  if (typeof body === 'string' && body.length > 400) body = `${body.slice(0, 120)}… (${body.length} bytes)`;
  const out = { status: a.status, headers: Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, v.length === 1 ? v[0] : v]).sort(([x], [y]) => (x < y ? -1 : 1))), body };
  if (step.only) for (const k of Object.keys(out)) if (!step.only.includes(k)) delete out[k];
  if (a.http2) out.http2 = true;
  if (step.slow) out.slow = a.ms >= step.slow;
  return out;
}

// ---------------------------------------------------------------- comparing

const escape = (k) => String(k).replaceAll('~', '~0').replaceAll('/', '~1');
function differences(want, got, loose, at = '', out = []) {
  if (loose.some((l) => l === at || (l.endsWith('/**') && at.startsWith(l.slice(0, -3))))) { if (typeof want !== typeof got) out.push([at, want, got]); return out; }
  if (want && got && typeof want === 'object' && typeof got === 'object' && Array.isArray(want) === Array.isArray(got)) {
    for (const k of new Set([...Object.keys(want), ...Object.keys(got)])) differences(want[k], got[k], loose, `${at}/${escape(k)}`, out);
  } else if (!Object.is(want, got)) out.push([at, want, got]);
  return out;
}

// ---------------------------------------------------------------- one suite

const merge = (a, b) => { const out = { ...a }; for (const [k, v] of Object.entries(b ?? {})) out[k] = v && typeof v === 'object' && !Array.isArray(v) && a[k] && typeof a[k] === 'object' && !Array.isArray(a[k]) ? merge(a[k], v) : v; return out; };

async function play(suite) {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'conformance-'));
  const upstreams = await startUpstreams(suite.answers ?? {});
  const port = await freePort(); const controlPort = suite.controlPort ? await freePort() : port;
  const collector = new Receiver();
  const c = suite.collector ?? {};
  const secure = c.tls ? { ...cert('server'), ...(c.tls.ask ? { ca: fs.readFileSync(path.join(CERTS, 'ca.pem')), requestCert: true, rejectUnauthorized: true } : {}) } : undefined;
  const collectorPort = await (c.protocol === 'grpc' ? collector.grpc(secure) : collector.http(secure));
  if (c.fail) collector.fail = c.fail;
  const line = options.redis ? await redisLine(Number(options.redis)) : undefined;
  const dead = await freePort();
  const variables = { ...upstreams.variables, WORK: work, CERTS, SECRET, GATEWAY: `http://127.0.0.1:${port}`, GATEWAY_HOST: `127.0.0.1:${port}`, GATEWAY_PORT: String(port), CONTROL_HOST: `127.0.0.1:${controlPort}`, CONTROL_PORT: String(controlPort), COLLECTOR_HOST: `127.0.0.1:${collectorPort}`, COLLECTOR_PORT: String(collectorPort), DEAD_COLLECTOR_HOST: `127.0.0.1:${dead}`, REDIS_HOST: `127.0.0.1:${line?.port}` };
  for (const [name, file] of Object.entries(suite.certs ?? {})) { // certificate store: id = organisation + SHA-256 of the DER bytes
    const text = fs.readFileSync(path.join(CERTS, `${file}.pem`), 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/)[0];
    variables[name] = `org-fern${createHash('sha256').update(Buffer.from(text.replace(/-----[^-]*-----|\s/g, ''), 'base64')).digest('hex')}`;
  }
  for (const d of ['apps', 'policies', 'middleware']) fs.mkdirSync(path.join(work, d));
  for (const [name, content] of Object.entries(substitute(suite.files ?? {}, variables))) { fs.mkdirSync(path.dirname(path.join(work, name)), { recursive: true }); fs.writeFileSync(path.join(work, name), typeof content === 'string' ? content : JSON.stringify(content)); }
  for (const [id, p] of Object.entries(suite.policies ?? {})) fs.writeFileSync(path.join(work, 'policies', `${id}.json`), JSON.stringify(p));
  for (const api of substitute(suite.apis ?? [], variables)) fs.writeFileSync(path.join(work, 'apps', `${api.api_id}.json`), JSON.stringify(api));
  const base = {
    listen_address: '127.0.0.1', listen_port: port, ...(suite.controlPort ? { control_api_port: controlPort } : {}), secret: SECRET, node_secret: SECRET, ...(options.templates ? { template_path: options.templates } : {}),
    app_path: `${work}/apps/`, middleware_path: `${work}/middleware/`, tyk_js_path: '', policies: { policy_source: 'file', policy_path: `${work}/policies/`, allow_explicit_policy_id: true },
    ...(line ? { storage: { type: 'redis', host: '127.0.0.1', port: line.port, database: DATABASE, optimisation_max_idle: 20, optimisation_max_active: 40 } } : {}),
    enable_analytics: false, hash_keys: false, local_session_cache: { disable_cached_session_state: true },
  };
  const conf = path.join(work, 'tyk.conf');
  const full = merge(base, substitute(suite.conf ?? {}, variables));
  for (const k of suite.without ?? []) delete full[k];
  fs.writeFileSync(conf, JSON.stringify(full, null, 1));
  if (line) await redis(['FLUSHDB'], ...(suite.redisBefore ?? []));
  if (suite.redisAtStart) await line.set(suite.redisAtStart);

  const lines = []; let rest = '';
  const env = { ...process.env }; for (const k of Object.keys(env)) if (/^(TYK_|OTEL_)/.test(k)) delete env[k];
  const take = (d) => { rest += d; const list = rest.split('\n'); rest = list.pop(); lines.push(...list.filter(Boolean)); };
  const child = spawnGroup(options.gateway.replaceAll('{conf}', conf), { cwd: options.cwd, env: { ...env, ...substitute(suite.env ?? {}, variables) }, output: take });
  let exited = false; const exit = new Promise((done) => child.once('exit', () => { exited = true; done(); }));
  const t0 = suite.tlsListener ? {} : undefined;
  const result = { cases: [] };
  const wanted = (filter, l) => (filter === 'access' ? /access-log/.test(l) : filter === 'all' ? true : new RegExp(filter).test(l));
  try {
    const started = Date.now();
    while (!suite.expectExit) {
      const a = await send({ path: suite.alive ?? '/hello', timeout: 1000 }, controlPort, suite.controlPort && suite.controlTls === false ? undefined : t0);
      if (a.status) break;
      if (exited || Date.now() - started > 40_000) { if (options.log) process.stderr.write(lines.join('\n')); return { failed: `the gateway did not start${exited ? ' (it exited)' : ''}` }; }
      await sleep(50);
    }
    if (suite.expectExit) { await Promise.race([exit, sleep(20_000)]); result.exited = exited; }
    await sleep(suite.settle ?? 600);
    if (suite.startLog) result.start = normalise(lines.filter((l) => wanted(suite.startLog, l)), variables);
    for (const api of substitute(suite.oas ?? [], variables)) { const a = await send({ method: 'POST', path: '/tyk/apis/oas', control: true, headers: [['Content-Type', 'application/json']], body: api }, controlPort, t0); if (a.status !== 200) return { failed: `OAS API: ${a.status} ${a.body}` }; }
    if (suite.oas) { await send({ path: '/tyk/reload/?block=true', control: true }, controlPort, t0); await sleep(500); }
    for (const file of Object.values(suite.certs ?? {})) { const a = await send({ method: 'POST', path: '/tyk/certs?org_id=org-fern', control: true, body: fs.readFileSync(path.join(CERTS, `${file}.pem`), 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/)[0] }, controlPort, t0); if (a.status !== 200) return { failed: `certificate: ${a.status} ${a.body}` }; }
    for (const [key, session] of Object.entries(substitute(suite.keys ?? {}, variables))) { const a = await send({ method: 'POST', path: `/tyk/keys/${key}`, control: true, body: session }, controlPort, t0); if (a.status !== 200) return { failed: `key: ${a.status} ${a.body}` }; }
    for (const s of suite.setup ?? []) { const a = await send(substitute(s, variables), s.control ? controlPort : port, t0); if (!(a.status < 400)) return { failed: `setup: ${JSON.stringify(a)}` }; }
    await sleep(200);
    collector.spans = [];

    for (const item of suite.cases) {
      if (options.case && !item.name.includes(options.case)) { result.cases.push(undefined); continue; }
      upstreams.take(); collector.spans = []; lines.length = 0;
      const answers = [];
      for (const raw of item.steps) {
        const s = substitute(raw, variables);
        if (s.redis) { await line.set(s.redis); answers.push({ redis: s.redis }); continue; }
        if (s.wait) { await sleep(s.wait); continue; }
        if (s.collector !== undefined) { collector.fail = s.collector; continue; }
        if (s.until) { // asks again until the status comes
          const from = Date.now(); let a;
          do { a = await send(s, s.control ? controlPort : port, t0); if (a.status === s.until) break; await sleep(150); } while (Date.now() - from < (s.within ?? 15_000));
          answers.push(normalise(answerText(a, s), variables)); continue;
        }
        if (s.write) { fs.writeFileSync(path.join(work, s.write), typeof s.content === 'string' ? s.content : JSON.stringify(s.content)); continue; }
        if (s.remove) { fs.rmSync(path.join(work, s.remove)); continue; }
        if (s.signal) { signalGroup(child, s.signal); continue; }
        let a; const statuses = [];
        for (let i = 0; i < (s.repeat ?? 1); i++) { a = await send(s, s.control && !s.onMain ? controlPort : port, t0); statuses.push(a.status ?? a.error); }
        if (!s.quiet) { const text = answerText(a, s); if (s.repeat) text.statuses = statuses; answers.push(text); }
        if (s.settle) await sleep(s.settle);
      }
      const from = Date.now();
      const quiet = item.quiet ?? suite.quiet ?? 250;
      while (Date.now() - from < quiet || (collector.last && Date.now() - collector.last < 150 && Date.now() - from < 4000)) await sleep(30);
      const given = givenIds(item.steps);
      const filter = item.log ?? suite.log;
      const logged = () => lines.filter((l) => wanted(filter, l));
      // A busy machine writes late: lines that are waited for get more time, lines too many are seen all the same.
      if (mode === 'check' && filter) while (logged().length < (item.want?.log?.length ?? 0) && Date.now() - from < 3000) await sleep(20);
      const { trees, ids } = forest(collector.spans, variables, given);
      const seen = upstreams.take();
      moreIds(suite.spans === false ? [JSON.stringify(seen)] : [JSON.stringify(answers), JSON.stringify(seen)], ids, given);
      const got = { answers: normalise(answers, variables, ids) };
      if (item.noUpstream !== true && suite.noUpstream !== true) got.upstream = normalise(seen, variables, ids);
      if (suite.spans !== false) got.spans = normalise(trees, variables, ids);
      if (filter) { got.log = normalise(logged(), variables, ids); if (item.distinct) got.log = [...new Set(got.log)]; }
      result.cases.push(got);
      if (suite.spans !== false && collector.spans.length) result.resource ??= attributeText(collector.spans[0].resource, variables);
    }
    if (suite.metrics) {
      await sleep(suite.metricsAfter ?? 1300);
      if (suite.metricsOnExit) { signalGroup(child, 'SIGTERM'); await Promise.race([exit, sleep(8000)]); await sleep(200); }
      result.metrics = normalise(metricText(collector.metrics, variables), variables).filter((m) => suite.metrics === true || new RegExp(suite.metrics).test(m.name));
      if (collector.metrics.length) result.metricsResource = attributeText(collector.metrics[0].resource, variables);
    }
    if (suite.exports) {
      const kinds = new Map();
      for (const r of collector.requests) {
        const { 'content-length': _, host: _h, ...headers } = r.headers;
        const text = { protocol: r.protocol, secure: r.secure, path: r.path, answered: r.answered, headers: Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, k === 'user-agent' ? '<exporter>' : k === 'grpc-timeout' ? '<timeout>' : v]).sort(([a], [b]) => (a < b ? -1 : 1))) };
        kinds.set(JSON.stringify(text), text);
      }
      result.exports = normalise([...kinds.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), variables);
    }
  } finally {
    await endGroup(child, exit, suite.stop ?? 1500);
    upstreams.close(); collector.close(); line?.close();
    if (options.keep) process.stderr.write(`kept ${work}\n`); else fs.rmSync(work, { recursive: true, force: true });
  }
  return result;
}

// ---------------------------------------------------------------- all suites

const intended = options.differences ? JSON.parse(fs.readFileSync(options.differences, 'utf8')) : [];
const parts = options.parts?.split(',');
const counted = { pass: 0, differ: 0, intended: 0, skipped: 0 };
const ORDERLESS = new Set(['log', 'start']);
for (const file of options.suites) {
  const content = JSON.parse(fs.readFileSync(file, 'utf8')); // one suite or a list of them
  for (const suite of [content].flat()) await run(suite, () => fs.writeFileSync(file, `${compact(content)}\n`));
}
async function run(suite, save) {
  if (options.suite && !suite.suite.includes(options.suite)) return;
  const cutsRedis = Boolean(suite.redisAtStart || suite.redisBefore) || suite.cases.some((c) => c.steps.some((step) => step.redis));
  if (suite.needs?.includes('redis') && !options.redis && !(options.embedded && !cutsRedis)) {
    counted.skipped += suite.cases.length;
    if (options.json) console.log(JSON.stringify({ suite: suite.suite, skipped: suite.cases.length }));
    return;
  }
  let r;
  try { r = await play(suite); } catch (e) { r = { failed: e.stack }; }
  if (r.failed) {
    counted.differ += suite.cases.length || 1;
    if (!options.json) console.log(`${suite.suite}: ${r.failed}`);
    else for (const c of suite.cases.length ? suite.cases : [{ name: '(suite)' }]) console.log(JSON.stringify({ suite: suite.suite, case: c.name, ok: false, intended: 0, wrong: [[0, '', 'a running gateway', r.failed]] }));
    return;
  }
  if (mode === 'record') {
    for (const [i, got] of r.cases.entries()) if (got) suite.cases[i].want = got;
    if (!options.case) for (const k of ['start', 'resource', 'exports', 'metrics', 'metricsResource', 'exited']) { if (r[k] !== undefined) (suite.want ??= {})[k] = r[k]; else if (suite.want) delete suite.want[k]; }
    save();
    console.log(`${suite.suite}: recorded ${r.cases.filter(Boolean).length} cases`);
    return;
  }
  const compare = (name, want, got, loose) => {
    const all = [];
    for (const k of Object.keys(want ?? {})) {
      if (parts && !parts.includes(k)) continue;
      const sort = (v) => (ORDERLESS.has(k) && Array.isArray(v) ? [...v].sort() : v);
      all.push(...differences(sort(want[k]), sort(got?.[k]), loose, `/${k}`));
    }
    const left = all.filter(([at]) => !intended.some((d) => d.suite === suite.suite && (!d.case || d.case === name) && at.startsWith(d.at ?? '')));
    if (options.json) console.log(JSON.stringify({ suite: suite.suite, case: name, ok: left.length === 0, intended: all.length - left.length, wrong: left.map((d) => [1, ...d]) }));
    if (!left.length) { counted[all.length ? 'intended' : 'pass']++; return; }
    counted.differ++;
    for (const [at, w, g] of options.json ? [] : left.slice(0, 12)) console.log(`${suite.suite} · ${name} ${at}: want ${JSON.stringify(w)?.slice(0, 300)} got ${JSON.stringify(g)?.slice(0, 300)}`);
  };
  for (const [i, item] of suite.cases.entries()) if (r.cases[i]) compare(item.name, item.want, r.cases[i], [...(suite.loose ?? []), ...(item.loose ?? [])]);
  if (suite.want && !options.case) compare('(suite)', suite.want, r, suite.loose ?? []);
}
console.log(mode === 'record' ? 'done' : `${counted.pass} pass, ${counted.differ} differ, ${counted.intended} intended differences, ${counted.skipped} skipped`);
process.stdout.write('', () => process.exit(counted.differ ? 1 : 0)); // after everything that was printed before

/** JSON with short things on one line. */
function compact(value, indent = '') {
  const flat = JSON.stringify(value);
  if (flat === undefined || flat.length < 160 || value === null || typeof value !== 'object') return flat ?? 'null';
  const inner = `${indent} `;
  if (Array.isArray(value)) return `[\n${value.map((v) => inner + compact(v, inner)).join(',\n')}\n${indent}]`;
  return `{\n${Object.entries(value).filter(([, v]) => v !== undefined).map(([k, v]) => `${inner}${JSON.stringify(k)}: ${compact(v, inner)}`).join(',\n')}\n${indent}}`;
}
