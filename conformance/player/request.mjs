// One request over HTTP/1.1 or HTTP/2.
import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import path from 'node:path';
import { CERTS, SECRET, cert, pairs, text } from './common.mjs';

export function tlsOptions(t) {
  if (!t) return undefined;
  const o = {
    ca: fs.readFileSync(path.join(CERTS, `${t.ca ?? 'ca'}.pem`)),
    servername: t.sni ?? 'localhost',
    rejectUnauthorized: t.verify ?? false,
    minVersion: t.min,
    maxVersion: t.max,
    ciphers: t.ciphers,
  };
  if (t.cert) Object.assign(o, cert(t.cert));
  return o;
}

export function send(step, port, agents) {
  const body = step.body === undefined ? undefined : typeof step.body === 'string' ? step.body : JSON.stringify(step.body);
  const headers = {};
  for (const [k, v] of step.headers ?? []) headers[k] = k in headers ? [].concat(headers[k], v) : v;
  if (step.control && !Object.keys(headers).some((k) => k.toLowerCase() === 'x-tyk-authorization')) headers['X-Tyk-Authorization'] = SECRET;
  if (body !== undefined && !Object.keys(headers).some((k) => k.toLowerCase() === 'content-length')) headers['Content-Length'] = Buffer.byteLength(body);
  if (step.h2) return sendH2(step, port, headers, body);
  const t = tlsOptions(step.tls);
  return new Promise((done) => {
    const req = (t ? https : http).request({
      host: '127.0.0.1',
      port,
      method: step.method ?? 'GET',
      path: step.path,
      headers,
      setHost: !Object.keys(headers).some((k) => k.toLowerCase() === 'host'),
      agent: t ? new https.Agent({ maxCachedSessions: 0 }) : agents.http,
      timeout: step.timeout ?? 15_000,
      ...t,
    });
    req.on('response', (res) => {
      const chunks = [];
      res.on('data', (c) => chunks.push(c));
      res.on('error', (e) => done({ error: e.code ?? e.message }));
      res.on('end', () => {
        const answer = { status: res.statusCode, headers: pairs(res.rawHeaders), body: text(Buffer.concat(chunks)) };
        if (Object.keys(res.trailers).length) answer.trailers = res.trailers;
        if (t) {
          answer.protocol = req.socket?.getProtocol?.();
          answer.serverCertificate = res.socket?.getPeerCertificate?.()?.subject?.CN;
        }
        done(answer);
      });
    });
    req.on('timeout', () => req.destroy(Object.assign(new Error('timeout'), { code: 'TIMEOUT' })));
    req.on('error', (e) => done({ error: /ECONN|EPIPE|TIMEOUT|socket hang up/.test(`${e.code} ${e.message}`) ? (e.code ?? 'ECONNRESET') : tlsError(e) }));
    req.end(body);
  });
}

const tlsError = (e) =>
  /alert|handshake|SSL|TLS|EPROTO/i.test(`${e.code} ${e.message}`)
    ? `tls: ${(e.reason ?? e.message).replace(/^.*:error:.*?:SSL routines:[^:]*:/, '').replace(/:.*/s, '')}`
    : (e.code ?? e.message);

function sendH2(step, port, headers, body) {
  return new Promise((done) => {
    const t = tlsOptions(step.tls);
    const client = http2.connect(`${t ? 'https' : 'http'}://127.0.0.1:${port}`, t);
    client.on('error', (e) => done({ error: tlsError(e) }));
    const lower = Object.fromEntries(
      Object.entries(headers)
        .filter(([k]) => k.toLowerCase() !== 'host')
        .map(([k, v]) => [k.toLowerCase(), v]),
    );
    const host = Object.entries(headers).find(([k]) => k.toLowerCase() === 'host')?.[1];
    const stream = client.request({ ':method': step.method ?? 'GET', ':path': step.path, ...(host ? { ':authority': host } : {}), ...lower });
    let head;
    const chunks = [];
    stream.on('response', (h) => {
      head = h;
    });
    stream.on('data', (c) => chunks.push(c));
    stream.on('error', (e) => {
      client.close();
      done({ error: e.code });
    });
    stream.on('end', () => {
      const alpn = step.tls?.alpn ? { alpn: client.alpnProtocol } : {};
      client.close();
      done({
        status: head?.[':status'],
        http2: true,
        ...alpn,
        headers: Object.entries(head ?? {}).filter(([k]) => !k.startsWith(':')),
        body: text(Buffer.concat(chunks)),
      });
    });
    stream.end(body);
  });
}
