import { fileURLToPath } from 'node:url';
import { freePort, startProcess } from '@gatehouse/testkit';
import { pinned, PROXY_CORE } from '../load.ts';
import { runningTarget, type RunningTarget, type Site, type Target, type Variant } from './target.ts';

const PROGRAM = fileURLToPath(new URL('fastify-proxy.ts', import.meta.url));

export const fastify: Target = {
  name: 'fastify',
  async start(site: Site, { tls = false }: Variant): Promise<RunningTarget> {
    const port = await freePort();
    const upstreams = [`http://127.0.0.1:${site.upstream.plain}`, `http://127.0.0.1:${site.upstream.sink}`];
    const files = tls ? [site.certFile, site.keyFile] : [];
    const child = startProcess(pinned(PROXY_CORE, [process.execPath, PROGRAM, String(port), ...upstreams, ...files]));
    await child.port(port);
    return runningTarget(child, tls ? 'https' : 'http', port);
  },
};
