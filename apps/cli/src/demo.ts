import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDemoUpstream } from '@gatehouse/demo-upstream';
import { type EmbeddedGateway, type GatewayConfig, openLocalCa } from '@gatehouse/gateway';
import type { Io } from './io.ts';

/** Definitions and policies that a first start puts into the data folder. */
const SAMPLES = fileURLToPath(new URL('../demo', import.meta.url));

const HOST = 'httpbin.tyk.localhost';

export interface Demo {
  readonly folder: string;
  readonly upstream: string;
  readonly secret: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
  /** Prints what there is to try. */
  announce(gateway: EmbeddedGateway, io: Io): Promise<void>;
  close(): Promise<void>;
}

/** Starts the demo upstream and puts samples, certificate and secrets into the data folder, keeping what is there already. */
export async function startDemo(folder: string): Promise<Demo> {
  mkdirSync(folder, { recursive: true });
  const ca = openLocalCa(folder);
  const certificate = ca.serverCertificate('tyk.localhost', ['*.tyk.localhost', 'localhost', '127.0.0.1']);
  for (const sample of ['apps', 'policies']) if (!existsSync(join(folder, sample))) cpSync(join(SAMPLES, sample), join(folder, sample), { recursive: true });
  const secret = keptSecret(join(folder, 'control-secret'), () => randomBytes(24).toString('base64url'));
  const upstream = await createDemoUpstream();
  const demo: Demo = {
    folder,
    upstream: upstream.url,
    secret,
    certFile: certificate.certFile,
    keyFile: certificate.keyFile,
    caFile: ca.file,
    announce: async (gateway, io) =>
      io.stdout(announcement(demo, await demoKey(demo, io.env['GATEHOUSE_LISTENPORT'] ?? '8080'), io, gateway.loaded().apis.length)),
    close: () => upstream.close(),
  };
  return demo;
}

/** The configuration of a demo: TLS on 3100 for the sample's host, control API with a secret of its own, loopback only. */
export function demoConfig(config: GatewayConfig, demo: Demo): GatewayConfig {
  const certificates = [{ domain_name: '*', cert_file: demo.certFile, key_file: demo.keyFile }];
  return {
    ...config,
    listen_address: config.listen_address || '127.0.0.1',
    secret: demo.secret,
    app_path: join(demo.folder, 'apps'),
    policies: { ...config.policies, policy_source: 'file', policy_path: join(demo.folder, 'policies') },
    secrets: { ...config.secrets, demo_upstream: demo.upstream },
    enable_custom_domains: true,
    disable_ports_whitelist: true,
    enable_analytics: true,
    http_server_options: { ...config.http_server_options, certificates, enable_http2: true, enable_websockets: true },
  };
}

/** A secret in a file of its own, made once, readable for this user alone. */
function keptSecret(file: string, make: () => string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const value = make();
  writeFileSync(file, `${value}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return value;
}

/** The demo's key: made by the control API at the first start, as any client would. */
async function demoKey(demo: Demo, port: string): Promise<string> {
  const file = join(demo.folder, 'demo-key');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const response = await fetch(`http://127.0.0.1:${port}/tyk/keys`, {
    method: 'POST',
    headers: { 'X-Tyk-Authorization': demo.secret },
    body: JSON.stringify({ org_id: '63ed428e9b2f320001be54bd', alias: 'demo', apply_policies: ['demo'] }),
  });
  const answer = (await response.json()) as { key?: string; message?: string };
  if (!answer.key) throw new Error(`the demo key could not be made: ${answer.message ?? response.status}`);
  return keptSecret(file, () => answer.key as string);
}

function announcement(demo: Demo, key: string, io: Io, apis: number): string {
  const ca = relative(io.cwd, demo.caFile);
  const port = io.env['GATEHOUSE_LISTENPORT'] ?? '8080';
  return `
Gatehouse serves ${apis} sample APIs from ${relative(io.cwd, demo.folder)}/apps, before a demo upstream at ${demo.upstream}

  HTTPS without a key   curl --cacert ${ca} --resolve ${HOST}:3100:127.0.0.1 https://${HOST}:3100/get
  HTTP with a key       curl -H "Authorization: ${key}" http://localhost:${port}/demo/get
  Control API           curl -H "X-Tyk-Authorization: $(cat ${relative(io.cwd, demo.folder)}/control-secret)" http://localhost:${port}/tyk/apis
  Metrics               curl http://127.0.0.1:9464/metrics

Ctrl-C ends it.
`;
}
