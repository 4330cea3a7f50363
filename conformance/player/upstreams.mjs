// The upstreams and forward proxies of a suite.
import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { CERTS, cert, pairs, sleep, text } from './common.mjs';
import { freePort, listen } from './ports.mjs';

/** Echo upstream. A path in the suite's `answers` gets that answer; otherwise the path decides: /status/N, /delay/MS, /bytes/N, /header?NAME=VALUE, /body (answers the request body), /slowbody/MS, /close
 *  (drops the connection), /partial (breaks off in the body), /trailers, /gzip, /garbage (no HTTP), anything else echoes method, path and headers as JSON. */
class Upstream {
  seen = [];
  constructor(id, answers) {
    this.id = id;
    this.answers = answers;
  }
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
      if (kind === 'partial') {
        res.setHeader('Content-Length', 20);
        res.write('12345');
        await sleep(100);
        return req.socket.destroy();
      }
      if (kind === 'garbage') {
        req.socket.write('this is no HTTP\r\n\r\n');
        return req.socket.destroy();
      }
      if (kind === 'trailers') {
        res.setHeader('Trailer', 'X-Sum');
        res.write('body');
        res.addTrailers({ 'X-Sum': 'four' });
        return res.end();
      }
      if (kind === 'gzip') {
        res.setHeader('Content-Encoding', 'gzip');
        return res.end(Buffer.from('H4sIAAAAAAAA/ytITM5OTVFIqlQoLSguKUpNzAUAPMSQwRIAAAA=', 'base64'));
      }
      if (kind === 'delay') await sleep(Number(value));
      if (kind === 'status') res.statusCode = Number(value);
      if (kind === 'header') for (const [k, v] of url.searchParams) res.appendHeader(k, v);
      if (kind === 'bytes') return res.end('x'.repeat(Number(value)));
      if (kind === 'body') {
        res.setHeader('Content-Type', req.headers['content-type'] ?? 'text/plain');
        return res.end(body);
      }
      if (kind === 'slowbody') {
        res.write('first ');
        await sleep(Number(value));
        return res.end('last');
      }
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

/** More TLS upstreams of a suite (`tlsUpstreams`): name → {cert, chain, min, max, ciphers, ca, ask}. They say in each record what was negotiated. */
function tlsUpstream(name, t, answers) {
  const up = new Upstream(name.toLowerCase(), answers);
  up.showTls = true;
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
    const onward = http.request(
      {
        host: '127.0.0.1',
        port: url.port || 80,
        method: req.method,
        path: url.pathname + url.search,
        headers: Object.fromEntries(Object.entries(req.headers).filter(([k]) => !k.startsWith('proxy-'))),
      },
      (answer) => {
        res.writeHead(answer.statusCode, answer.rawHeaders);
        answer.pipe(res);
      },
    );
    onward.on('error', () => {
      res.statusCode = 502;
      res.end('proxy: no way');
    });
    req.pipe(onward);
  });
  server.on('connect', (req, socket, head) => {
    note(req);
    const onward = net.connect(Number(req.url.split(':').pop()), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  return [log, server];
}

export async function startUpstreams(answers = {}, suite = {}) {
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
  for (const [name, t] of Object.entries(suite.tlsUpstreams ?? {})) {
    const [u, server] = tlsUpstream(name, t, answers);
    more.push(u);
    servers[name] = server;
  }
  for (const name of suite.proxies ?? []) {
    const [u, server] = forwardProxy(name);
    more.push(u);
    servers[name] = server;
  }
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
  return {
    variables,
    take: () => all.flatMap((u) => u.seen.splice(0)),
    close: () =>
      Object.values(servers).forEach((x) => {
        x.close();
        x.closeAllConnections?.();
      }),
  };
}
