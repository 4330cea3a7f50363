#!/usr/bin/env node
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
import { spawn } from 'node:child_process';
import { constants, createHash, createHmac, sign as signBytes } from 'node:crypto';
import * as nodeCrypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { makeBundles, pluginServer } from './plugin-server.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const CERTS = path.join(HERE, 'certs');
const SECRET = 'golden-secret';
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// ---------------------------------------------------------------- options

const argv = process.argv.slice(2);
const mode = argv.shift();
const options = { suites: [], cwd: process.cwd() };
for (let i = 0; i < argv.length; i++) {
  const a = argv[i];
  if (['--gateway', '--cwd', '--redis', '--templates', '--case', '--differences', '--slot'].includes(a)) options[a.slice(2)] = argv[++i];
  else if (['--keep', '--log', '--json', '--embedded'].includes(a)) options[a.slice(2)] = true;
  else if (a.startsWith('--')) usage(`unknown option ${a}`);
  else options.suites.push(a);
}
const SLOT = Number(options.slot ?? 0);
if (!['check', 'record'].includes(mode) || !(SLOT >= 0 && SLOT <= 6) || !options.gateway || options.suites.length === 0) usage('');

function usage(why) {
  const text = fs.readFileSync(fileURLToPath(import.meta.url), 'utf8').split('\n').filter((l) => l.startsWith('//'));
  process.stderr.write(`${why}\n${text.map((l) => l.slice(3)).join('\n')}\n`);
  process.exit(2);
}

// ---------------------------------------------------------------- upstreams

/** Echo upstream. A path in the suite's `answers` gets that answer; otherwise the path decides: /status/N, /delay/MS, /bytes/N, /header?NAME=VALUE, /body (answers the request body), /slowbody/MS, /close
 *  (drops the connection), /partial (breaks off in the body), /trailers, /gzip, /garbage (no HTTP), anything else echoes method, path and headers as JSON. */
class Upstream {
  seen = [];
  constructor(id, answers) { this.id = id; this.answers = answers; }
  handler = (req, res) => {
    const chunks = [];
    req.on('data', (c) => chunks.push(c));
    req.on('error', () => {});
    req.on('end', async () => {
      const body = Buffer.concat(chunks);
      const record = { upstream: this.id, method: req.method, target: req.url, headers: pairs(req.rawHeaders ?? [], req.headers), body: text(body) };
      if (req.httpVersion !== '1.1') record.httpVersion = req.httpVersion;
      if (req.socket?.encrypted || req.stream?.session?.encrypted) {
        const peer = (req.socket.getPeerCertificate ? req.socket : req.stream.session.socket).getPeerCertificate();
        if (peer?.subject?.CN) record.clientCertificate = peer.subject.CN;
      }
      if (this.showTls) record.tls = { protocol: req.socket.getProtocol(), cipher: req.socket.getCipher()?.standardName, sni: req.socket.servername || null };
      const url = new URL(req.url, 'http://upstream');
      if (!this.answers[url.pathname]?.quiet) this.seen.push(record);
      const [, kind, value] = url.pathname.match(/\/(status|delay|bytes|header|body|slowbody|close|partial|trailers|gzip|garbage)(?:\/([^/?]+))?$/) ?? [];
      res.setHeader('X-Upstream', this.id);
      const fixed = this.answers[url.pathname];
      if (fixed) {
        for (const [k, v] of fixed.headers ?? [['Content-Type', 'application/json']]) res.appendHeader(k, v);
        res.statusCode = fixed.status ?? 200;
        return res.end(typeof fixed.body === 'string' || Buffer.isBuffer(fixed.body) ? fixed.body : JSON.stringify(fixed.body));
      }
      if (kind === 'close') return req.socket.destroy();
      if (kind === 'partial') { res.setHeader('Content-Length', 20); res.write('12345'); await sleep(100); return req.socket.destroy(); }
      if (kind === 'garbage') { req.socket.write('this is no HTTP\r\n\r\n'); return req.socket.destroy(); }
      if (kind === 'trailers') { res.setHeader('Trailer', 'X-Sum'); res.write('body'); res.addTrailers({ 'X-Sum': 'four' }); return res.end(); }
      if (kind === 'gzip') { res.setHeader('Content-Encoding', 'gzip'); return res.end(Buffer.from('H4sIAAAAAAAA/ytITM5OTVFIqlQoLSguKUpNzAUAPMSQwRIAAAA=', 'base64')); }
      if (kind === 'delay') await sleep(Number(value));
      if (kind === 'status') res.statusCode = Number(value);
      if (kind === 'header') for (const [k, v] of url.searchParams) res.appendHeader(k, v);
      if (kind === 'bytes') return res.end('x'.repeat(Number(value)));
      if (kind === 'body') { res.setHeader('Content-Type', req.headers['content-type'] ?? 'text/plain'); return res.end(body); }
      if (kind === 'slowbody') { res.write('first '); await sleep(Number(value)); return res.end('last'); }
      res.setHeader('Content-Type', 'application/json');
      res.end(JSON.stringify({ upstream: this.id, method: req.method, target: req.url, body: text(body) }));
    });
  };
  /** Any upgrade is taken: 101, a greeting, then every byte back. /refuse answers 403. */
  upgrade = (req, socket, first) => {
    this.seen.push({ upstream: this.id, method: req.method, target: req.url, headers: pairs(req.rawHeaders), upgrade: true });
    socket.on('error', () => {});
    if (/\/refuse$/.test(req.url)) return socket.end('HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nno');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${req.headers.upgrade}\r\nConnection: Upgrade\r\nX-Upstream: ${this.id}\r\n\r\nhello `);
    if (first.length) socket.write(first);
    socket.on('data', (d) => socket.write(d));
    socket.on('end', () => socket.end());
  };
}

function pairs(raw, headers) {
  if (raw.length === 0) return Object.entries(headers).filter(([k]) => !k.startsWith(':'));
  const out = [];
  for (let i = 0; i < raw.length; i += 2) if (!raw[i].startsWith(':')) out.push([raw[i], raw[i + 1]]);
  return out;
}
const text = (buffer) => { const s = buffer.toString('utf8'); return s.includes('�') ? `base64:${buffer.toString('base64')}` : s; };
/** SHA-256 (hex) of the first PEM block: the store's id of a certificate or public key. */
const fingerprint = (pem) => nodeCrypto.createHash('sha256').update(Buffer.from(pem.match(/-----BEGIN [^-]+-----([^-]+)-----END/)?.[1] ?? '', 'base64')).digest('hex');
const cert = (name) => ({ cert: fs.readFileSync(path.join(CERTS, `${name}.pem`)), key: fs.readFileSync(path.join(CERTS, `${name}.key`)) });

async function listen(server) {
  await new Promise((done, fail) => { server.once('error', fail); server.listen(0, '127.0.0.1', done); });
  return server.address().port;
}
async function freePort() {
  for (;;) { // below the ports that the system gives to outgoing connections, so that nothing takes it meanwhile
    const port = 15_000 + 2000 * SLOT + Math.floor(Math.random() * 2000);
    const s = net.createServer();
    if (!await new Promise((done) => { s.once('error', () => done(false)); s.listen(port, '127.0.0.1', () => done(true)); })) continue;
    await new Promise((done) => s.close(done));
    return port;
  }
}

/** More TLS upstreams of a suite (`tlsUpstreams`): name → {cert, chain, min, max, ciphers, ca, ask}. They say in each record what was negotiated. */
function tlsUpstream(name, t, answers) {
  const up = new Upstream(name.toLowerCase(), answers); up.showTls = true;
  const pem = (n) => fs.readFileSync(path.join(CERTS, n));
  const options = { ...cert(t.cert ?? 'upstream'), minVersion: t.min, maxVersion: t.max, ciphers: t.ciphers, ALPNProtocols: ['http/1.1'] };
  if (t.chain) options.cert = Buffer.concat([options.cert, ...[t.chain].flat().map((n) => pem(`${n}.pem`))]);
  if (t.ask) Object.assign(options, { requestCert: true, rejectUnauthorized: t.ask === 'require', ca: pem(`${t.ca ?? 'ca'}.pem`) });
  return [up, https.createServer(options, up.handler)];
}

/** A forward proxy (`proxies`): tunnels CONNECT and forwards absolute requests, any host name to 127.0.0.1; what it was asked for is recorded. */
function forwardProxy(name) {
  const log = new Upstream(name.toLowerCase(), {});
  const note = (req) => log.seen.push({ upstream: log.id, method: req.method, target: req.url, headers: pairs(req.rawHeaders, req.headers), body: '' });
  const server = http.createServer((req, res) => {
    note(req);
    const url = new URL(req.url, 'http://proxy');
    const onward = http.request({ host: '127.0.0.1', port: url.port || 80, method: req.method, path: url.pathname + url.search, headers: Object.fromEntries(Object.entries(req.headers).filter(([k]) => !k.startsWith('proxy-'))) }, (answer) => { res.writeHead(answer.statusCode, answer.rawHeaders); answer.pipe(res); });
    onward.on('error', () => { res.statusCode = 502; res.end('proxy: no way'); });
    req.pipe(onward);
  });
  server.on('connect', (req, socket, head) => {
    note(req);
    const onward = net.connect(Number(req.url.split(':').pop()), '127.0.0.1', () => { socket.write('HTTP/1.1 200 OK\r\n\r\n'); onward.write(head); onward.pipe(socket); socket.pipe(onward); });
    onward.on('error', () => socket.destroy()); socket.on('error', () => onward.destroy());
  });
  return [log, server];
}

async function startUpstreams(answers = {}, suite = {}) {
  const [a, b, t, m, s, h] = ['a', 'b', 'tls', 'mtls', 'self', 'h2c'].map((id) => new Upstream(id, answers));
  const ca = fs.readFileSync(path.join(CERTS, 'ca.pem'));
  const servers = {
    UPSTREAM: http.createServer(a.handler),
    UPSTREAM_B: http.createServer(b.handler),
    UPSTREAM_TLS: https.createServer(cert('upstream'), t.handler),
    UPSTREAM_MTLS: https.createServer({ ...cert('upstream'), ca, requestCert: true, rejectUnauthorized: true }, m.handler),
    UPSTREAM_SELF: https.createServer(cert('selfsigned'), s.handler),
    UPSTREAM_H2C: http2.createServer(h.handler),
  };
  const variables = {};
  const more = [];
  for (const [name, t] of Object.entries(suite.tlsUpstreams ?? {})) { const [u, server] = tlsUpstream(name, t, answers); more.push(u); servers[name] = server; }
  for (const name of suite.proxies ?? []) { const [u, server] = forwardProxy(name); more.push(u); servers[name] = server; }
  for (const [name, server] of Object.entries(servers)) {
    server.keepAliveTimeout = 60_000;
    if (name === 'UPSTREAM' || name === 'UPSTREAM_B') server.on('upgrade', (name === 'UPSTREAM' ? a : b).upgrade);
    const port = await listen(server);
    const scheme = name === 'UPSTREAM_H2C' ? 'h2c' : /TLS|SELF/.test(name) || suite.tlsUpstreams?.[name] ? 'https' : 'http';
    variables[name] = `${scheme}://127.0.0.1:${port}`;
    variables[`${name}_HOST`] = `127.0.0.1:${port}`;
    variables[`${name}_PORT`] = String(port);
  }
  variables.UPSTREAM_DEAD = `http://127.0.0.1:${await freePort()}`;
  const all = [...more, a, b, t, m, s, h];
  return { variables, take: () => all.flatMap((u) => u.seen.splice(0)), close: () => Object.values(servers).forEach((x) => { x.close(); x.closeAllConnections?.(); }) };
}

// ---------------------------------------------------------------- substitution and masks

function substitute(value, variables) {
  if (typeof value === 'string') {
    value = value.replace(/\$\{b64:(\w+)([^}]*)\}/g, (all, name, rest) => (name in variables ? Buffer.from(`${variables[name]}${rest}`).toString('base64') : all));
    const whole = value.match(/^\$\{([\w.:-]+)\}$/);
    if (whole && whole[1] in variables) return variables[whole[1]];
    return value.replace(/\$\{([\w.:-]+)\}/g, (all, name) => (name in variables ? String(variables[name]) : /^repeat:.:\d+$/.test(name) ? name[7].repeat(Number(name.slice(9))) : all));
  }
  if (Array.isArray(value)) return value.map((v) => substitute(v, variables));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [substitute(k, variables), substitute(v, variables)]));
  return value;
}

const AGENT = /^(Tyk|Gatehouse)\/\S+$/;
/** Puts the names of ports, hosts and times back in place of their values, so that two runs give the same text. */
function normalise(value, variables) {
  if (typeof value === 'string') {
    let s = value;
    for (const [name, v] of Object.entries(variables)) {
      if (name.startsWith('saved.')) { if (typeof v === 'string' && v.length >= 8) s = s.split(v).join(`\${${name}}`); }
      else if (/_HOST$/.test(name)) s = s.split(v).join(`\${${name}}`);
    }
    for (const [name, v] of Object.entries(variables)) if (/_PORT$/.test(name) && /:\d/.test(s)) s = s.replace(new RegExp(`:${v}\\b`, 'g'), `:\${${name}}`);
    s = s.split(variables.WORK).join('${WORK}');
    s = s.replace(/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d (GMT|UTC)\b/g, '<date>');
    s = s.replace(/\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, '<time>');
    s = s.replace(/\b127\.0\.0\.1:\d{4,5}\b/g, '127.0.0.1:<port>');
    s = s.replace(AGENT, '<gateway>'); // the gateway's own User-Agent
    return /^\d{10}$/.test(s) && Math.abs(Number(s) - Date.now() / 1000) < 400 * 86400 ? '<epoch>' : s;
  }
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value - Date.now() / 1000) < 400 * 86400 ? '<epoch>' : value;
  if (Array.isArray(value)) return value.map((v) => normalise(v, variables));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [normalise(k, variables), normalise(v, variables)]));
  return value;
}

const QUIET_ANSWER = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']);
const QUIET_UPSTREAM = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'accept-encoding']);
const headersOf = (list, quiet) => {
  const out = {};
  for (const [k, v] of list) if (!quiet.has(k.toLowerCase())) (out[k.toLowerCase()] ??= []).push(v);
  return Object.fromEntries(Object.entries(out).sort(([x], [y]) => (x < y ? -1 : 1)));
};

const pointer = (value, p) => p.split('/').slice(1).reduce((v, k) => v?.[k.replaceAll('~1', '/').replaceAll('~0', '~')], value);
const escape = (k) => String(k).replaceAll('~', '~0').replaceAll('/', '~1');

/** All places where two values differ, as [pointer, want, got]. Places in `loose` need only be there and of one type. */
function differences(want, got, loose, at = '', out = []) {
  if (loose.some((l) => l === at || (l.endsWith('/**') && at.startsWith(l.slice(0, -3))))) {
    if (typeof want !== typeof got) out.push([at, want, got]);
    return out;
  }
  if (want && got && typeof want === 'object' && typeof got === 'object' && Array.isArray(want) === Array.isArray(got)) {
    for (const k of new Set([...Object.keys(want), ...Object.keys(got)])) differences(want[k], got[k], loose, `${at}/${escape(k)}`, out);
  } else if (!Object.is(want, got)) out.push([at, want, got]);
  return out;
}

// ---------------------------------------------------------------- one request

function tlsOptions(t) {
  if (!t) return undefined;
  const o = { ca: fs.readFileSync(path.join(CERTS, `${t.ca ?? 'ca'}.pem`)), servername: t.sni ?? 'localhost', rejectUnauthorized: t.verify ?? false, minVersion: t.min, maxVersion: t.max, ciphers: t.ciphers };
  if (t.cert) Object.assign(o, cert(t.cert));
  return o;
}

function send(step, port, agents) {
  const body = step.body === undefined ? undefined : typeof step.body === 'string' ? step.body : JSON.stringify(step.body);
  const headers = {};
  for (const [k, v] of step.headers ?? []) headers[k] = k in headers ? [].concat(headers[k], v) : v;
  if (step.control && !Object.keys(headers).some((k) => k.toLowerCase() === 'x-tyk-authorization')) headers['X-Tyk-Authorization'] = SECRET;
  if (body !== undefined && !Object.keys(headers).some((k) => k.toLowerCase() === 'content-length')) headers['Content-Length'] = Buffer.byteLength(body);
  if (step.h2) return sendH2(step, port, headers, body);
  const t = tlsOptions(step.tls);
  return new Promise((done) => {
    const req = (t ? https : http).request({ host: '127.0.0.1', port, method: step.method ?? 'GET', path: step.path, headers, setHost: !Object.keys(headers).some((k) => k.toLowerCase() === 'host'), agent: t ? new https.Agent({ maxCachedSessions: 0 }) : agents.http, timeout: step.timeout ?? 15_000, ...t });
    req.on('response', (res) => {
      const chunks = [];
      res.on('data', (c) => chunks.push(c));
      res.on('error', (e) => done({ error: e.code ?? e.message }));
      res.on('end', () => {
        const answer = { status: res.statusCode, headers: pairs(res.rawHeaders), body: text(Buffer.concat(chunks)) };
        if (Object.keys(res.trailers).length) answer.trailers = res.trailers;
        if (t) { answer.protocol = req.socket?.getProtocol?.(); answer.serverCertificate = res.socket?.getPeerCertificate?.()?.subject?.CN; }
        done(answer);
      });
    });
    req.on('timeout', () => req.destroy(Object.assign(new Error('timeout'), { code: 'TIMEOUT' })));
    req.on('error', (e) => done({ error: /ECONN|EPIPE|TIMEOUT|socket hang up/.test(`${e.code} ${e.message}`) ? e.code ?? 'ECONNRESET' : tlsError(e) }));
    req.end(body);
  });
}
const tlsError = (e) => (/alert|handshake|SSL|TLS|EPROTO/i.test(`${e.code} ${e.message}`) ? `tls: ${(e.reason ?? e.message).replace(/^.*:error:.*?:SSL routines:[^:]*:/, '').replace(/:.*/s, '')}` : e.code ?? e.message);

function sendH2(step, port, headers, body) {
  return new Promise((done) => {
    const t = tlsOptions(step.tls);
    const client = http2.connect(`${t ? 'https' : 'http'}://127.0.0.1:${port}`, t);
    client.on('error', (e) => done({ error: tlsError(e) }));
    const lower = Object.fromEntries(Object.entries(headers).filter(([k]) => k.toLowerCase() !== 'host').map(([k, v]) => [k.toLowerCase(), v]));
    const host = Object.entries(headers).find(([k]) => k.toLowerCase() === 'host')?.[1];
    const stream = client.request({ ':method': step.method ?? 'GET', ':path': step.path, ...(host ? { ':authority': host } : {}), ...lower });
    let head; const chunks = [];
    stream.on('response', (h) => { head = h; });
    stream.on('data', (c) => chunks.push(c));
    stream.on('error', (e) => { client.close(); done({ error: e.code }); });
    stream.on('end', () => { const alpn = step.tls?.alpn ? { alpn: client.alpnProtocol } : {}; client.close(); done({ status: head?.[':status'], http2: true, ...alpn, headers: Object.entries(head ?? {}).filter(([k]) => !k.startsWith(':')), body: text(Buffer.concat(chunks)) }); });
    stream.end(body);
  });
}

/** Sends bytes as they are and returns what came back until the peer closes or is silent for `idle` ms. */
function sendRaw(step, port) {
  return new Promise((done) => {
    const t = tlsOptions(step.tls);
    const socket = t ? tls.connect({ host: '127.0.0.1', port, ...t }) : net.connect(port, '127.0.0.1');
    let bytes = ''; let timer; let closed = false;
    const finish = () => { clearTimeout(timer); socket.destroy(); done({ raw: bytes.replace(/\r\nDate: [^\r]*/gi, '\r\nDate: <date>'), closed }); };
    const arm = () => { clearTimeout(timer); timer = setTimeout(finish, step.idle ?? 700); };
    socket.on(t ? 'secureConnect' : 'connect', async () => {
      arm();
      for (const [i, piece] of [step.raw].flat().entries()) { if (i) await sleep(step.gap ?? 150); if (socket.destroyed) return; socket.write(Buffer.from(piece, 'latin1')); arm(); }
    });
    socket.on('data', (d) => { bytes += d.toString('latin1'); arm(); });
    socket.on('end', () => { closed = true; finish(); });
    socket.on('error', () => { closed = true; finish(); });
  });
}

/** Takes the bytes of a raw step apart: one object per answer; what is no HTTP stays as `rest`. */
function rawAnswers(bytes, head, plain) {
  const shape = plain ? (b) => b : asJson;
  const out = [];
  while (bytes) {
    const m = bytes.match(/^HTTP\/\d\.\d (\d{3})[^\r\n]*\r\n\r\n|^HTTP\/\d\.\d (\d{3})[^\r\n]*\r\n([^]*?)\r\n\r\n/);
    if (!m) { out.push({ rest: bytes }); break; }
    bytes = bytes.slice(m[0].length);
    const status = Number(m[1] ?? m[2]);
    const list = (m[3] ?? '').split('\r\n').filter(Boolean).map((l) => { const i = l.indexOf(':'); return [l.slice(0, i), l.slice(i + 1).trim()]; });
    const field = (name) => list.find(([k]) => k.toLowerCase() === name)?.[1];
    const answer = { status, headers: headersOf(list, QUIET_ANSWER) };
    if (/close/i.test(field('connection') ?? '')) answer.close = true;
    out.push(answer);
    if (status === 101) { if (bytes) answer.after = bytes; break; }
    if (status < 200 || status === 204 || status === 304 || head) continue;
    const length = field('content-length');
    if (/chunked/i.test(field('transfer-encoding') ?? '')) {
      let body = '', done = false;
      for (let c; (c = bytes.match(/^([0-9a-f]+)[^\r\n]*\r\n/i)); ) {
        const n = parseInt(c[1], 16);
        bytes = bytes.slice(c[0].length);
        if (n === 0) { const end = bytes.indexOf('\r\n\r\n'); const t = bytes.startsWith('\r\n') ? '' : bytes.slice(0, end); if (t) answer.trailers = t; bytes = bytes.slice(t ? end + 4 : 2); done = true; break; }
        body += bytes.slice(0, n); bytes = bytes.slice(n + 2);
      }
      answer.body = shape(body);
      if (!done) { answer.unfinished = true; break; }
    } else if (length !== undefined) { const n = Number(length); answer.body = shape(bytes.slice(0, n)); if (bytes.length < n) answer.unfinished = true; bytes = bytes.slice(n); } else { answer.body = shape(bytes); bytes = ''; }
  }
  return out;
}

// ---------------------------------------------------------------- signatures made while playing

const pem = (name) => fs.readFileSync(path.join(CERTS, name), 'utf8');
/** Puts a credential that depends on the time of day into the step's headers (or query), and returns it. See README. */
function sign(step, g) {
  const now = Date.now();
  step.headers = [...(step.headers ?? [])];
  const put = (value) => {
    if (g.param) step.path += `${step.path.includes('?') ? '&' : '?'}${g.param}=${encodeURIComponent(value)}`;
    else step.headers.push([g.header ?? 'Authorization', `${g.prefix ?? ''}${value}`]);
    return value;
  };
  if (g.kind === 'digest') return put(createHash(g.hash).update(g.text.replaceAll('<seconds>', String(Math.floor(now / 1000) + (g.offset ?? 0)))).digest('hex'));
  if (g.kind === 'jwt') {
    const times = (v) => (typeof v === 'string' && /^now[+-]\d+$/.test(v) ? Math.floor(now / 1000) + Number(v.slice(3)) : v);
    const part = (o) => Buffer.from(JSON.stringify(Object.fromEntries(Object.entries(o).map(([k, v]) => [k, times(v)])))).toString('base64url');
    const text = `${part({ alg: g.alg, typ: 'JWT', ...g.head })}.${part(g.claims)}`;
    const hash = `sha${g.alg.slice(2)}`;
    const bytes = g.alg.startsWith('HS') ? createHmac(hash, g.secret).update(text).digest()
      : signBytes(hash, Buffer.from(text), { key: pem(g.key), dsaEncoding: 'ieee-p1363', ...(g.alg.startsWith('PS') ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}) });
    return put(`${text}.${bytes.toString('base64url')}`);
  }
  // 'http': draft-cavage-http-signatures-10
  if (g.date !== undefined) step.headers.push([g.dateHeader ?? 'Date', new Date(now + g.date).toUTCString()]);
  const first = (name) => step.headers.find(([k]) => k.toLowerCase() === name)?.[1] ?? '';
  const lines = (g.headers ?? ['date']).map((name) => (name === '(request-target)' ? `${name}: ${(step.method ?? 'GET').toLowerCase()} ${step.path.split('?')[0]}` : `${name}: ${first(name)}`));
  const text = (g.text ?? lines.join('\n'));
  const [kind, hash] = (g.algorithm ?? 'hmac-sha1').split('-');
  const bytes = kind === 'rsa' ? signBytes(hash, Buffer.from(text), pem(g.key)) : createHmac(hash, g.secret).update(text).digest();
  const value = kind === 'rsa' ? bytes.toString('base64') : encodeURIComponent(bytes.toString('base64'));
  step.headers.push([g.header ?? 'Authorization', `Signature keyId="${g.keyId}",${g.algorithm ? `algorithm="${g.algorithm}",` : ''}${g.headers ? `headers="${g.headers.join(' ')}",` : ''}signature="${value}"`]);
  return value;
}

/** `verify` of a step: recomputes the request signature (draft-cavage-10) over what the upstream received; the signature itself is masked. */
function checkSignature(v, record) {
  const name = (v.header ?? 'authorization').toLowerCase();
  const entry = record.headers.find(([k]) => k.toLowerCase() === name);
  if (!entry?.[1].includes('signature="')) return { header: null };
  const fields = Object.fromEntries([...entry[1].matchAll(/(\w+)="([^"]*)"/g)].map((m) => [m[1], m[2]]));
  const list = (fields.headers ?? 'date').split(' ');
  const first = (n) => record.headers.find(([k]) => k.toLowerCase() === n)?.[1] ?? '';
  const lines = list.map((n) => v.lines?.[n] ?? (n === '(request-target)' ? `${n}: ${record.method.toLowerCase()} ${record.target}` : `${n.toLowerCase()}: ${first(n.toLowerCase()).trim()}`));
  const [kind, hash] = (fields.algorithm ?? '').split('-');
  let verified;
  try {
    const bytes = Buffer.from(decodeURIComponent(fields.signature), 'base64');
    verified = kind === 'rsa' ? nodeCrypto.verify(hash, Buffer.from(lines.join('\n')), fs.readFileSync(path.join(CERTS, v.key)), bytes)
      : nodeCrypto.createHmac(hash, v.secret).update(lines.join('\n')).digest().equals(bytes);
  } catch (e) { verified = e.message; }
  entry[1] = entry[1].replace(/signature="[^"]*"/, 'signature="<signature>"');
  if (v.anyOrder) { entry[1] = entry[1].replace(/headers="[^"]*"/, `headers="${[...list].sort().join(' ')}"`); list.sort(); lines.sort(); }
  return { keyId: fields.keyId, algorithm: fields.algorithm, headers: list, signingString: lines, verified, escaped: !/[+/=]/.test(fields.signature) };
}

// ---------------------------------------------------------------- Redis (a small RESP client)

async function redis(port, ...commands) {
  const socket = net.connect(Number(port), '127.0.0.1');
  let buffer = Buffer.alloc(0); const waiters = [];
  socket.on('data', (d) => { buffer = Buffer.concat([buffer, d]); pump(); });
  const parse = (i) => {
    const end = buffer.indexOf('\r\n', i); if (end < 0) return;
    const kind = String.fromCharCode(buffer[i]); const rest = buffer.toString('utf8', i + 1, end); let next = end + 2;
    if (kind === '+' || kind === '-') return [rest, next];
    if (kind === ':') return [Number(rest), next];
    const n = Number(rest); if (n < 0) return [null, next];
    if (kind === '$') return buffer.length < next + n + 2 ? undefined : [buffer.toString('utf8', next, next + n), next + n + 2];
    const list = [];
    for (let k = 0; k < n; k++) { const r = parse(next); if (!r) return; list.push(r[0]); next = r[1]; }
    return [list, next];
  };
  const pump = () => { for (;;) { const r = parse(0); if (!r || !waiters.length) return; buffer = buffer.subarray(r[1]); waiters.shift()(r[0]); } };
  const call = (args) => new Promise((done) => { waiters.push(done); socket.write(`*${args.length}\r\n${args.map((a) => `$${Buffer.byteLength(String(a))}\r\n${a}\r\n`).join('')}`); });
  await call(['SELECT', 9 + SLOT]);
  const out = []; for (const c of commands) out.push(await call(c));
  socket.end();
  return out;
}

// ---------------------------------------------------------------- one suite, once

function baseConf(work, port) {
  return {
    listen_address: '127.0.0.1', listen_port: port, secret: SECRET, node_secret: SECRET,
    ...(options.templates ? { template_path: options.templates } : {}),
    app_path: `${work}/apps/`, middleware_path: `${work}/middleware/`, tyk_js_path: '', use_db_app_configs: false,
    policies: { policy_source: 'file', policy_path: `${work}/policies/`, allow_explicit_policy_id: true },
    ...(options.redis ? { storage: { type: 'redis', host: '127.0.0.1', port: Number(options.redis), database: 9 + SLOT, optimisation_max_idle: 20, optimisation_max_active: 40 } } : {}),
    enable_analytics: false, allow_insecure_configs: true, hash_keys: false, enable_non_transactional_rate_limiter: false,
    health_check: { enable_health_checks: false }, allow_master_keys: false, close_connections: false, local_session_cache: { disable_cached_session_state: true },
  };
}
const merge = (a, b) => { const out = { ...a }; for (const [k, v] of Object.entries(b ?? {})) out[k] = v && typeof v === 'object' && !Array.isArray(v) && a[k] && typeof a[k] === 'object' ? merge(a[k], v) : v; return out; };

async function play(suite) {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'conformance-'));
  const answers = { ...suite.answers };
  const upstreams = await startUpstreams(answers, suite);
  const port = await freePort();
  const variables = { ...upstreams.variables, WORK: work, GATEWAY: `http://127.0.0.1:${port}`, GATEWAY_HOST: `127.0.0.1:${port}`, CERTS, SECRET };
  for (const name of suite.ports ?? []) { const p = await freePort(); variables[name] = p; variables[`${name}_HOST`] = `127.0.0.1:${p}`; }
  for (const f of fs.readdirSync(CERTS)) if (/\.(pem|key)$/.test(f)) { variables[`file:${f}`] = fs.readFileSync(path.join(CERTS, f), 'utf8'); variables[`sha256:${f}`] = fingerprint(variables[`file:${f}`]); }
  upstreams.plugin = suite.plugin || suite.pluginServer ? await pluginServer(substitute(suite.plugin ?? {}, variables), suite.pluginServer ?? {}, work) : undefined;
  if (upstreams.plugin) Object.assign(variables, { PLUGIN_ADDRESS: upstreams.plugin.address, PLUGIN_HOST: upstreams.plugin.host });
  Object.assign(answers, substitute(answers, variables), makeBundles(substitute(suite.bundles ?? {}, variables), CERTS, work));
  upstreams.answers = answers;
  for (const d of ['apps', 'policies', 'middleware']) fs.mkdirSync(path.join(work, d));
  for (const [name, content] of Object.entries(substitute(suite.files ?? {}, variables))) {
    const file = path.join(work, name); fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 1));
  }
  for (const [id, p] of Object.entries(substitute(suite.policies ?? {}, variables))) fs.writeFileSync(path.join(work, 'policies', `${id}.json`), JSON.stringify(p, null, 1));
  for (const [i, api] of substitute(suite.apis ?? [], variables).entries()) {
    const id = api['x-tyk-api-gateway']?.info?.id ?? api.api_id ?? `api${i}`;
    fs.writeFileSync(path.join(work, 'apps', api['x-tyk-api-gateway'] ? `${id}-oas.json` : `${id}.json`), JSON.stringify(api, null, 1));
    // A gateway that works from files may want the Classic half of an OAS API too; suites give it as `classicHalves`, see README.
  }
  for (const [name, api] of Object.entries(substitute(suite.classicHalves ?? {}, variables))) fs.writeFileSync(path.join(work, 'apps', name), JSON.stringify(api));
  const conf = path.join(work, 'tyk.conf');
  fs.writeFileSync(conf, JSON.stringify(merge(baseConf(work, port), substitute(suite.conf ?? {}, variables)), null, 1));
  if (options.redis) await redis(options.redis, ['FLUSHDB'], ...substitute(suite.redisBefore ?? [], variables));

  let output = ''; upstreams.output = () => output;
  const child = spawn('/bin/sh', ['-c', `exec ${options.gateway.replaceAll('{conf}', conf)}`], { cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...substitute(suite.env ?? {}, variables) } });
  child.stdout.on('data', (d) => { output += d; }); child.stderr.on('data', (d) => { output += d; });
  let exited = false; const exit = new Promise((done) => child.once('exit', () => { exited = true; done(); }));
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
    if (suite.oas) for (const doc of substitute(suite.oas, variables)) {
      const made = await send({ control: true, method: 'POST', path: '/tyk/apis/oas', body: doc, tls: t }, controlPort, agents);
      if (made.status !== 200) process.stderr.write(`${suite.suite}: OAS API ${doc['x-tyk-api-gateway']?.info?.id}: ${made.status ?? made.error} ${made.body ?? ''}\n`);
    }
    await send({ control: true, path: '/tyk/reload?block=true', tls: t }, controlPort, agents);
    await sleep(suite.settle ?? 300);
    upstreams.take(); upstreams.plugin?.take();
    const cases = [];
    for (const c of suite.cases) {
      if (options.case && !c.name.includes(options.case)) { cases.push(undefined); continue; }
      const local = { ...variables };
      const got = [];
      for (const raw of c.steps) got.push(await runStep(substitute(raw, local), local, port, agents, upstreams, t, work));
      cases.push(got);
    }
    return { cases };
  } finally {
    agents.http.destroy();
    if (!exited) { child.kill('SIGTERM'); await Promise.race([exit, sleep(3000)]); if (!exited) child.kill('SIGKILL'); }
    upstreams.close(); upstreams.plugin?.close();
    if (options.keep) process.stderr.write(`${work}\n`); else fs.rmSync(work, { recursive: true, force: true });
  }
}

async function runStep(step, variables, port, agents, upstreams, suiteTls, work) {
  if (step.wait) { await sleep(step.wait); return null; }
  if (step.write) { fs.mkdirSync(path.dirname(path.join(work, step.write)), { recursive: true }); fs.writeFileSync(path.join(work, step.write), typeof step.content === 'string' ? step.content : JSON.stringify(step.content)); return null; }
  if (step.remove) { fs.rmSync(path.join(work, step.remove)); return null; }
  if (step.read) { const f = path.join(work, step.read); return normalise({ file: fs.existsSync(f) ? asJson(fs.readFileSync(f, 'utf8')) : null }, variables); }
  if (step.redis) { const [v] = await redis(options.redis, step.redis); if (Array.isArray(v) && /^(keys|smembers)$/i.test(step.redis[0])) v.sort(); return normalise({ redis: typeof v === 'string' ? asJson(v) : v }, variables); }
  if (step.plugin) { await upstreams.plugin[step.plugin](); return null; }
  if (step.bundle) { upstreams.answers[`/bundles/${step.bundle}`] = upstreams.answers[`/bundles/${step.as}`]; return null; }
  if (step.output) return normalise({ lines: upstreams.output().split('\n').filter((l) => l.includes(step.output)).map((l) => l.replace(/time="[^"]*"/, 'time="<time>"')) }, variables);
  if (step.reload) { await send({ control: true, path: '/tyk/reload?block=true', tls: suiteTls }, variables.CONTROL_PORT ?? port, agents); await sleep(200); return null; }
  const target = step.port ? Number(step.port) : step.control ? variables.CONTROL_PORT ?? port : port;
  if (step.tls === undefined && suiteTls) step.tls = suiteTls;
  if (step.raw !== undefined) { let a = await sendRaw(step, target); if (step.parse) a = { answers: rawAnswers(a.raw, [step.raw].flat()[0].startsWith('HEAD '), step.parse === 'text'), closed: a.closed }; return normalise({ ...a, ...upstreamPart(upstreams, step.verify) }, variables); }
  if (step.sign) for (const g of [step.sign].flat()) variables[`saved.${g.name ?? 'signature'}`] = sign(step, g);
  const statuses = [];
  let answer;
  for (let i = 0; i < (step.repeat ?? 1); i++) { answer = await send(step, target, agents); statuses.push(answer.status ?? answer.error); if (step.every) await sleep(step.every); }
  if (step.after) await sleep(step.after);
  const shown = answer.error ? { error: answer.error } : { ...answer, headers: headersOf(answer.headers, QUIET_ANSWER), body: asJson(answer.body) };
  for (const [name, from] of Object.entries(step.save ?? {})) variables[`saved.${name}`] = from.startsWith('header:') ? shown.headers?.[from.slice(7).toLowerCase()]?.[0] : pointer(shown.body, from);
  const result = normalise(shown, variables);
  if (step.repeat) result.statuses = statuses;
  return { ...result, ...(step.keepUpstream ? {} : step.noUpstream ? (upstreams.take(), upstreams.plugin?.take(), {}) : normalise(upstreamPart(upstreams, step.verify), variables)) };
}
const asJson = (s) => { try { const v = JSON.parse(s); return v && typeof v === 'object' ? { json: v } : s; } catch { return s; } };
const upstreamPart = (upstreams, verify) => { const seen = upstreams.take(), calls = upstreams.plugin?.take() ?? []; return { ...(calls.length ? { plugin: calls } : {}), ...(seen.length ? { ...(verify ? { signature: checkSignature(verify, seen.at(-1)) } : {}), upstream: seen.slice(-2).map((r) => ({ ...r, headers: headersOf(r.headers, QUIET_UPSTREAM) })), upstreamRequests: seen.length } : {}) }; };

// ---------------------------------------------------------------- record and check

const ownAgent = (v) => JSON.parse(JSON.stringify(v).replace(/"(Tyk|Gatehouse)\/[^"\s]+"/g, '"<gateway>"'));
const short = (v) => { const s = v === undefined ? 'nothing' : JSON.stringify(v); return s.length > 160 ? `${s.slice(0, 157)}…` : s; };
const intended = options.differences ? JSON.parse(fs.readFileSync(options.differences, 'utf8')) : [];
const isIntended = (suite, name, at) => intended.some((d) => d.suite === suite && (d.case === undefined || d.case === name) && at.startsWith(d.at ?? ''));
let passed = 0, failed = 0, skipped = 0, different = 0;

for (const file of options.suites) {
  const suite = JSON.parse(fs.readFileSync(file, 'utf8'));
  const looksIntoRedis = Boolean(suite.redisBefore) || [...(suite.setup ?? []), ...suite.cases.flatMap((c) => c.steps)].some((step) => step.redis);
  if (((suite.needs ?? []).includes('redis') || looksIntoRedis) && !options.redis && !(options.embedded && !looksIntoRedis)) { skipped += suite.cases.length; console.log(options.json ? JSON.stringify({ suite: suite.suite, skipped: suite.cases.length }) : `${suite.suite}: skipped, needs redis`); continue; }
  if (mode === 'record') {
    const first = await play(suite);
    const second = first.failed ? first : await play(suite);
    if (second.failed) { console.log(`${suite.suite}: ${second.failed}`); failed += suite.cases.length; continue; }
    for (const [i, c] of suite.cases.entries()) {
      if (!first.cases[i]) continue;
      for (const [k, step] of c.steps.entries()) {
        const a = first.cases[i][k], b = second.cases[i][k];
        if (a === null) continue;
        const differing = differences(a, b, []).map(([at]) => at);
        step.want = a;
        const loose = [...new Set([...(step.loose ?? []).filter((l) => l.endsWith('/**')), ...differing])];
        if (loose.length) step.loose = loose; else delete step.loose;
        if (differing.length) console.log(`${suite.suite} · ${c.name} · step ${k + 1}: differs from run to run at ${differing.join(' ')}`);
      }
      passed++;
    }
    fs.writeFileSync(file, `${JSON.stringify(suite, null, 1)}\n`);
    continue;
  }
  const run = await play(suite);
  for (const [i, c] of suite.cases.entries()) {
    const got = run.cases[i];
    if (!run.failed && !got) continue;
    const wrong = [];
    if (run.failed) wrong.push([0, '', 'a running gateway', run.failed]);
    else for (const [k, step] of c.steps.entries()) if (step.want === undefined) { if (got[k] !== null) wrong.push([k + 1, '', 'a recorded answer', 'nothing recorded']); } else for (const d of differences(ownAgent(step.want), got[k], step.loose ?? [])) wrong.push([k + 1, ...d]);
    const unmeant = wrong.filter(([, at]) => !isIntended(suite.suite, c.name, at));
    const intendedHere = wrong.length - unmeant.length;
    if (intendedHere) { different++; wrong.splice(0, wrong.length, ...unmeant); }
    if (wrong.length) failed++; else passed++;
    if (options.json) console.log(JSON.stringify({ suite: suite.suite, case: c.name, ok: wrong.length === 0, intended: intendedHere, wrong }));
    else if (wrong.length) {
      console.log(`✗ ${suite.suite} · ${c.name}${c.covers ? ` (${c.covers})` : ''}`);
      for (const [k, at, want, is] of wrong.slice(0, 6)) console.log(`    step ${k} ${at}: want ${short(want)}, got ${short(is)}`);
      if (wrong.length > 6) console.log(`    … and ${wrong.length - 6} more`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
if (different) console.error(`${different} cases differ as intended`);
process.exit(failed ? 1 : 0);
