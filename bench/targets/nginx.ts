import { freePort, startProcess, type StartedProcess, type TempFolder } from '@gatehouse/testkit';
import { LOAD_CORE, pinned, PROXY_CORE } from '../load.ts';
import { runningTarget, type RunningTarget, type Site, type Target, type Variant } from './target.ts';

/** Frame of a configuration: one worker, no access log, as nginx is set up where CPU matters. Root stays root: the folder is nobody else's. */
function configuration(folder: string, http: string): string {
  return `
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 16384; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  keepalive_timeout 300s;
  client_max_body_size 0;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
${http}
}
`;
}

const proxyHttp = (site: Site, port: number, tls: boolean): string => `
  upstream plain { server 127.0.0.1:${site.upstream.plain}; keepalive 8192; keepalive_requests 1000000000; }
  upstream sink { server 127.0.0.1:${site.upstream.sink}; keepalive 8192; keepalive_requests 1000000000; }
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $host;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_request_buffering off;
  proxy_buffer_size 16k;
  proxy_buffers 16 16k;
  proxy_busy_buffers_size 64k;
  server {
    listen 127.0.0.1:${port} ${tls ? 'ssl' : ''} backlog=8192;
    ${tls ? `ssl_certificate ${site.certFile}; ssl_certificate_key ${site.keyFile}; ssl_protocols TLSv1.3;` : ''}
    location /bench/ { proxy_pass http://plain; }
    location /bench/upload { proxy_pass http://sink; }
  }`;

function startNginx(files: TempFolder, name: string, core: number, http: string): StartedProcess {
  const folder = files.at(name);
  const file = files.write(`${name}/nginx.conf`, configuration(folder, http));
  return startProcess(pinned(core, ['nginx', '-p', folder, '-e', `${folder}/error.log`, '-c', file]));
}

export const nginx: Target = {
  name: 'nginx',
  program: 'nginx',
  async start(site: Site, { tls = false }: Variant): Promise<RunningTarget> {
    const port = await freePort();
    const child = startNginx(site.folder, `nginx-${port}`, PROXY_CORE, proxyHttp(site, port, tls));
    await child.port(port);
    return runningTarget(child, tls ? 'https' : 'http', port);
  },
};

/** The upstream of all: 280 bytes of JSON and 64 KiB of text, from memory. */
export async function startUpstream(site: Pick<Site, 'folder'>): Promise<RunningTarget> {
  const port = await freePort();
  const small = JSON.stringify({ filler: 'x'.repeat(280 - '{"filler":""}'.length) });
  site.folder.write('static/bench/64k', 'x'.repeat(65_536));
  const http = `
  server {
    listen 127.0.0.1:${port} backlog=8192;
    root ${site.folder.at('static')};
    open_file_cache max=10;
    default_type text/plain;
    location = /bench/small { default_type application/json; return 200 '${small}'; }
  }`;
  const child = startNginx(site.folder, 'upstream', LOAD_CORE, http);
  await child.port(port);
  return runningTarget(child, 'http', port);
}
