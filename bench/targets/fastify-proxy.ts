// The Fastify proxy of the comparison, as its documentation shows it: node targets/fastify-proxy.ts PORT UPSTREAM SINK [CERT KEY]
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import proxy from '@fastify/http-proxy';
import fastify from 'fastify';

const [port, upstream = '', sink = '', certFile, keyFile] = process.argv.slice(2);

function serverFactory(listener: RequestListener): Server {
  if (!certFile || !keyFile) return createServer(listener);
  return createTlsServer({ cert: readFileSync(certFile), key: readFileSync(keyFile), minVersion: 'TLSv1.3' }, listener);
}

const app = fastify({ serverFactory });
await app.register(proxy, { upstream: sink, prefix: '/bench/upload', rewritePrefix: '/bench/upload' });
await app.register(proxy, { upstream, prefix: '/bench', rewritePrefix: '/bench', undici: { connections: 256 } });
await app.listen({ host: '127.0.0.1', port: Number(port) });
