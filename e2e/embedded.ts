import { Agent, request } from 'node:http';
import { type EmbeddedGateway, loadConfig, type Log, openEmbedded } from '@gatehouse/gateway';
import { freePort, type JsonObject, tempFolder, type TempFolder } from '@gatehouse/testkit';

const SECRET = 'e2e-secret';

export interface TestAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** A connection that is kept; without, each request has its own. */
  readonly agent?: Agent;
}

/** A gateway in this process, with two data threads, on a folder of its own. */
export interface TestEmbedded extends AsyncDisposable {
  readonly gateway: EmbeddedGateway;
  readonly folder: TempFolder;
  readonly port: number;
  /** What it logged: message, then fields as JSON. */
  readonly logged: string[];
  ask(path: string, sent?: Sent): Promise<TestAnswer>;
  /** A call of the control API. */
  control(path: string, sent?: Sent): Promise<TestAnswer>;
}

/** `apis`: definitions by the name of their file. */
export async function startEmbedded(conf: JsonObject, apis: Readonly<Record<string, object>>): Promise<TestEmbedded> {
  const folder = tempFolder();
  const port = await freePort();
  const logged: string[] = [];
  const base: JsonObject = { listen_address: '127.0.0.1', listen_port: port, secret: SECRET, app_path: folder.at('apps'), data_threads: 2 };
  const file = folder.write('tyk.conf', { ...base, policies: { policy_source: 'file', policy_path: folder.at('policies') }, ...conf });
  folder.write('policies/.keep', '');
  folder.write('apps/.keep', '');
  for (const [name, api] of Object.entries(apis)) folder.write(`apps/${name}.json`, api);
  const gateway = open(file, folder, (_, message, fields = {}) => void logged.push(`${message} ${JSON.stringify(fields)}`));
  const unopened = await gateway.start();
  if (unopened.length > 0) throw new Error(`the gateway did not start: ${JSON.stringify(unopened)}`);
  const ask = (path: string, sent: Sent = {}): Promise<TestAnswer> => answerOf(port, path, sent);
  return {
    gateway,
    folder,
    port,
    logged,
    ask,
    control: (path, sent = {}) => ask(path, { ...sent, headers: { 'X-Tyk-Authorization': SECRET, ...sent.headers } }),
    async [Symbol.asyncDispose]() {
      await gateway.close(0, 1000);
      gateway.closeStores();
      folder[Symbol.dispose]();
    },
  };
}

function fatal(reason: string): never {
  throw new Error(reason);
}

function open(file: string, folder: TempFolder, log: Log): EmbeddedGateway {
  const { config } = loadConfig({ files: [file], required: true, env: {}, compat: false });
  return openEmbedded({ config, dataFolder: folder.at('data'), version: '0.0.0', env: {}, log, fatal });
}

function answerOf(port: number, path: string, { method = 'GET', headers = {}, body, agent }: Sent): Promise<TestAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: agent ?? false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text })).on('error', reject);
    });
    outgoing.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}
