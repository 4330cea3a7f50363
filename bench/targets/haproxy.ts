import { freePort, startProcess } from '@gatehouse/testkit';
import { pinned, PROXY_CORE } from '../load.ts';
import { runningTarget, type RunningTarget, type Site, type Target, type Variant } from './target.ts';

const configuration = (site: Site, port: number, tls: string): string => `
global
  nbthread 1
  maxconn 8000
defaults
  mode http
  timeout connect 10s
  timeout client 300s
  timeout server 300s
  option http-keep-alive
  http-reuse always
frontend bench
  bind 127.0.0.1:${port} ${tls}
  option forwardfor
  use_backend sink if { path_beg /bench/upload }
  default_backend plain
backend plain
  server one 127.0.0.1:${site.upstream.plain}
backend sink
  server one 127.0.0.1:${site.upstream.sink}
`;

export const haproxy: Target = {
  name: 'haproxy',
  program: 'haproxy',
  async start(site: Site, { tls = false }: Variant): Promise<RunningTarget> {
    const port = await freePort();
    const file = site.folder.write(`haproxy-${port}.cfg`, configuration(site, port, tls ? `ssl crt ${site.folder.at('both.pem')} ssl-min-ver TLSv1.3` : ''));
    const child = startProcess(pinned(PROXY_CORE, ['haproxy', '-f', file]));
    await child.port(port);
    return runningTarget(child, tls ? 'https' : 'http', port);
  },
};
