import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAdmin } from '../index.ts';
import { call, testContext, type TestCall, type TestGateway, type TestOptions } from './context.ts';

export const ORG: string = '5eed00c0ffee5eed00c0ffee';

/** Status and decoded body of an answer. */
export interface Answer {
  readonly status: number;
  readonly json: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** A control API over memory stores and a folder of its own, which goes with it: `using gateway = await testGateway()`. */
export interface AdminGateway extends TestGateway, Disposable {
  readonly folder: string;
  /** A call with the secret. */
  ask(line: string, body?: unknown): Promise<Answer>;
  /** The same, with the body as text. */
  raw(line: string): Promise<{ readonly body: string }>;
  /** A call as it is given. */
  send(call: TestCall): Promise<Answer>;
  reload(): Promise<void>;
  /** A JSON file of the folder; undefined where there is none. */
  read(name: string): unknown;
  write(name: string, content: unknown): void;
}

export interface GatewayFiles {
  /** Laid over a configuration with secret, `apps/` and `policies/`. */
  readonly conf?: Readonly<Record<string, unknown>> | ((folder: string) => Readonly<Record<string, unknown>>);
  readonly apis?: readonly Readonly<Record<string, unknown>>[];
  readonly policies?: readonly Readonly<Record<string, unknown>>[];
}

export async function testGateway({ conf = {}, apis = [], policies = [] }: GatewayFiles = {}, options: TestOptions = {}): Promise<AdminGateway> {
  const folder = mkdtempSync(path.join(tmpdir(), 'admin-'));
  const at = (name: string): string => path.join(folder, name);
  const write = (name: string, content: unknown): void => writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content));
  for (const name of ['apps', 'policies']) mkdirSync(at(name));
  write('tyk.conf', {
    secret: 'hush',
    app_path: at('apps'),
    policies: { policy_source: 'file', policy_path: at('policies') },
    ...(typeof conf === 'function' ? conf(folder) : conf),
  });
  for (const api of apis) write(`apps/${String(api['api_id'])}.json`, api);
  for (const policy of policies) write(`policies/${String(policy['id'])}.json`, policy);
  const gateway = testContext(at('tyk.conf'), options);
  await gateway.context.reload();
  const admin = createAdmin(gateway.context);
  const send = async (given: TestCall): Promise<Answer> => {
    const { status, headers, body } = await call(admin, given);
    return { status, json: decoded(body.toString()), headers: Object.fromEntries(headers) };
  };
  const signed = (line: string, body?: unknown): TestCall => {
    const [method = '', to = ''] = line.split(' ');
    return { method, path: to, body, headers: [['X-Tyk-Authorization', 'hush']] };
  };
  return {
    ...gateway,
    folder,
    write,
    send,
    ask: (line, body) => send(signed(line, body)),
    raw: async (line) => ({ body: (await call(admin, signed(line))).body.toString() }),
    reload: () => gateway.context.reload(),
    read: (name) => (existsSync(at(name)) ? (JSON.parse(readFileSync(at(name), 'utf8')) as unknown) : undefined),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export const classic = (id: string, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  name: id,
  api_id: id,
  org_id: ORG,
  active: true,
  use_keyless: true,
  proxy: { listen_path: `/${id}/`, target_url: 'http://127.0.0.1:1/', strip_listen_path: true },
  version_data: { not_versioned: true, versions: { Default: { name: 'Default' } } },
  ...more,
});

export const oas = (id: string, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  openapi: '3.0.3',
  info: { title: id, version: '1' },
  paths: {},
  'x-tyk-api-gateway': {
    info: { id, name: id, orgId: ORG, state: { active: true } },
    upstream: { url: 'http://127.0.0.1:1/' },
    server: { listenPath: { value: `/${id}/`, strip: true } },
  },
  ...more,
});

/** A session with the right to one API. */
export const rightsTo = (apiId: string, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  org_id: ORG,
  access_rights: { [apiId]: { api_id: apiId, api_name: apiId, versions: ['Default'] } },
  ...more,
});
