import { MemoryCounterStore, MemoryKeyStore } from '@gatehouse/store/memory';
import { loadConfig } from '../../config/index.ts';
import { readDefinitions } from '../../load/definitions.ts';
import { readPolicies } from '../../load/policies.ts';
import type { Resolve } from '../../load/sources/files.ts';
import type { AdminAnswer, AdminContext, AdminHandler, LoadedState } from '../context.ts';

/** What a test may look at beside the answers. */
export interface TestGateway {
  /** Members may be replaced, to see what happens when they fail. */
  readonly context: { -readonly [Member in keyof AdminContext]: AdminContext[Member] };
  readonly events: { name: string; meta: Readonly<Record<string, unknown>> }[];
  readonly logged: string[];
}

export interface TestOptions {
  readonly now?: () => number;
  readonly certificates?: readonly string[];
  readonly health?: AdminContext['health'];
  readonly readiness?: AdminContext['readiness'];
}

const asWritten: Resolve = (text) => ({ text, problems: [] });

/** A context on memory stores and the files of a folder, which it reads as the gateway does. `conf` is a configuration file. */
export function testContext(conf: string, options: TestOptions = {}): TestGateway {
  const now = options.now ?? Date.now;
  const { config } = loadConfig({ files: [conf], required: true, compat: true });
  const events: TestGateway['events'] = [];
  const logged: string[] = [];
  let state: LoadedState = { apis: [], policies: new Map(), problems: [] };
  const context: AdminContext = {
    config,
    version: '0.0.0',
    keys: new MemoryKeyStore(now),
    orgKeys: new MemoryKeyStore(now),
    counters: new MemoryCounterStore(),
    hasCertificate: (id) => options.certificates?.includes(id) ?? false,
    loaded: () => state,
    reload: async () => {
      const { apis, problems } = readDefinitions(config.app_path, asWritten);
      const { policies } = readPolicies(config.policies, asWritten);
      const loaded = apis.map(({ definition, oas }) => ({ id: definition.api_id, definition, oas, status: 'active' as const, problems: [] }));
      state = { apis: loaded, policies, problems };
    },
    readiness: options.readiness ?? (() => ({ ready: true, reason: '' })),
    health: options.health ?? (() => ({ status: 'pass', details: {} })),
    traffic: () => ({ throttledPerSecond: 0, quotaViolationsPerSecond: 0, keyFailuresPerSecond: 0, upstreamMs: 0, requestsPerSecond: 0 }),
    debug: () => Promise.resolve(undefined),
    now,
    log: (_level, message, { error, ...fields } = {}) => logged.push(`${message}${typeof error === 'string' ? `: ${error}` : ''} ${JSON.stringify(fields)}`),
    event: (name, meta) => events.push({ name, meta }),
  };
  return { context, events, logged };
}

export interface TestCall {
  readonly method?: string;
  /** With its query, percent-encoded. */
  readonly path: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: unknown;
  readonly host?: string;
}

/** Calls the control API as a listener does. Objects become JSON. */
export function call(admin: AdminHandler, { method = 'GET', path, headers = [], body, host = 'localhost' }: TestCall): Promise<AdminAnswer> {
  const [rawPath = '', query = ''] = path.split('?');
  return admin({
    method,
    path: decodeURIComponent(rawPath),
    rawPath,
    query: new URLSearchParams(query),
    headers: new Map(headers.map(([name, value]) => [name.toLowerCase(), value])),
    body: bodyOf(body),
    host,
  });
}

function bodyOf(body: unknown): Buffer {
  if (body === undefined || Buffer.isBuffer(body)) return body ?? Buffer.alloc(0);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
