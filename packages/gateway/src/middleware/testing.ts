import { MemoryCounterStore } from '@gatehouse/store/memory';
import type { Fields, RequestHead, ServerExchange } from '@gatehouse/wire';
import type { CompiledApi, CompiledVersion, Neighbours } from '../contract/compiled.ts';
import { type Answer, Exchange } from '../contract/exchange.ts';
import type { EffectiveIdentity } from '../contract/identity.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { Services, Site } from '../contract/site.ts';
import type { Middleware, Step } from '../contract/step.ts';
import { defaultsOf } from '../config/defaults.ts';
import type { GatewayConfig } from '../config/types.ts';
import { decodeClassic } from '../definition/classic/index.ts';
import type { ClassicApi } from '../definition/classic/types.ts';
import { oasToClassic } from '../definition/oas/index.ts';
import { parseTarget } from '../routing/url.ts';

/** Builders for tests of middlewares: a site from a definition, an exchange from a request line. */

type Json = Readonly<Record<string, unknown>>;

export interface SiteOptions {
  /** Classic definition, as far as the test needs one. */
  readonly classic?: Json;
  /** Settings of its only version, which has extended paths on. */
  readonly version?: Json;
  readonly oas?: Json;
  /** Parts of the configuration; nested sections are merged. */
  readonly config?: Json;
  /** Credential → identity. */
  readonly identities?: Readonly<Record<string, Partial<EffectiveIdentity>>>;
  now?(): number;
}

export interface TestSite extends Site {
  /** Events that steps fired. */
  readonly events: { readonly name: string; readonly meta: Readonly<Record<string, unknown>> }[];
}

export function makeSite(options: SiteOptions = {}): TestSite {
  const definition = classicOf(options);
  const events: TestSite['events'] = [];
  const config = merge(defaultsOf('zero') as unknown as Json, options.config ?? {}) as unknown as GatewayConfig;
  const use: Services = {
    config,
    counters: new MemoryCounterStore(),
    identify: (credential) => (options.identities?.[credential] === undefined ? undefined : makeIdentity(options.identities[credential])),
    turn: () => ({ next: () => 0 }),
    now: () => options.now?.() ?? Date.UTC(2026, 10, 21),
    log: () => {},
    event: (name, _api, meta) => void events.push({ name, meta }),
  };
  const api = { id: definition.api_id, orgId: definition.org_id, name: definition.name, keyless: definition.use_keyless, incarnation: 1 };
  const version = Object.values(definition.version_data.versions ?? {})[0];
  if (version === undefined) throw new Error('the definition has no version');
  return { api, definition, oas: options.oas, version, use, events };
}

function classicOf({ classic, version, oas }: SiteOptions): ClassicApi {
  const versions = { not_versioned: true, versions: { Default: { name: 'Default', use_extended_paths: true, ...version } } };
  const usual = {
    api_id: 'a1',
    org_id: 'org',
    name: 'api',
    version_data: versions,
    proxy: { listen_path: '/api/', target_url: 'http://up', strip_listen_path: true },
  };
  return decodeClassic(oas === undefined ? { ...usual, ...classic } : oasToClassic(oas)).value;
}

function merge(base: Json, over: Json): Json {
  const merged = Object.entries(over).map(([key, value]) => {
    const old = base[key];
    const both = isJson(old) && isJson(value);
    return [key, both ? merge(old, value) : value];
  });
  return { ...base, ...Object.fromEntries(merged) };
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** An identity that may do everything, changed by `parts`. */
export function makeIdentity(parts: Partial<EffectiveIdentity> = {}): EffectiveIdentity {
  return {
    token: 'orgkey',
    shownKey: 'orgkey',
    orgId: 'org',
    alias: '',
    tags: [],
    metaData: {},
    oauthClientId: '',
    expiresAt: 0,
    inactive: false,
    allowed: true,
    versions: undefined,
    urls: undefined,
    rate: undefined,
    endpointRates: [],
    throttle: undefined,
    quota: undefined,
    shownQuota: { max: 0, renews: 0 },
    root: { rate: 0, per: 0, quotaMax: 0, quotaRemaining: 0, quotaRenews: 0 },
    policyIds: [],
    ...parts,
  };
}

export interface RequestOptions {
  readonly fields?: Fields;
  readonly body?: string;
  /** Bytes announced: of `body` unless given; -1 = chunked. */
  readonly contentLength?: number;
  readonly listenPrefix?: string;
  readonly clientIp?: string;
  readonly api?: Partial<CompiledApi>;
  readonly neighbours?: readonly Partial<CompiledApi>[];
}

/** An exchange for a request such as `GET /api/users?x=1`, on an API whose listen path is `/api/`. */
export function makeExchange(line: string, options: RequestOptions = {}): Exchange {
  const [method = '', target = ''] = line.split(' ');
  const parsed = parseTarget(target);
  if (parsed === undefined) throw new Error(`${target} is no target`);
  const api = { id: 'a1', ...options.api } as CompiledApi;
  const x = new Exchange(makeWire(method, target, options), 0, parsed.path, parsed.rawPath, parsed.query, api, neighboursOf(options.neighbours ?? []));
  x.listenPrefix = options.listenPrefix ?? (parsed.path.startsWith('/api/') ? '/api/' : '');
  x.clientIp = options.clientIp ?? '127.0.0.1';
  return x;
}

const notHere = (): never => {
  throw new Error('steps never write an answer');
};

/** A request on the wire whose body comes in one piece; answers are not taken. */
function makeWire(method: string, target: string, { fields = [], body = '', contentLength }: RequestOptions): ServerExchange {
  const bytes = Buffer.from(body);
  const head: RequestHead = {
    method,
    target,
    version: '1.1',
    fields: ['Host', 'gw.example', ...fields],
    authority: 'gw.example',
    contentLength: contentLength ?? bytes.length,
    upgrade: '',
    expectContinue: false,
  };
  return {
    head,
    connection: { remoteAddress: '127.0.0.1', remotePort: 1, localAddress: '127.0.0.1', localPort: 2, tls: undefined },
    readBody: (sink) => {
      if (bytes.length > 0) sink.onData(bytes);
      sink.onEnd(undefined);
    },
    pauseBody: () => {},
    resumeBody: () => {},
    inform: notHere,
    respond: notHere,
    start: notHere,
    write: notHere,
    end: notHere,
    takeOver: notHere,
    abort: notHere,
    closeAfter: notHere,
    onDrain: undefined,
    onAbort: undefined,
  };
}

function neighboursOf(apis: readonly Partial<CompiledApi>[]): Neighbours {
  const find = (id: string): CompiledApi | undefined => apis.find((api) => api.id === id) as CompiledApi | undefined;
  return { byId: find, byLoopName: (name) => apis.find((api) => api.name?.toLowerCase() === name.toLowerCase()) as CompiledApi | undefined };
}

/** A version without steps, for tests of how versions are chosen. */
export function makeVersion(key: string): CompiledVersion {
  return { key, request: [], identify: [], attempt: [], response: [], upstream: {} as CompiledVersion['upstream'] };
}

/** The step of a middleware for a site; fails the test where the definition does not configure it. */
export function makeStep<Config>(middleware: Middleware<Config>, site: Site): Step {
  const config = middleware.read(site);
  if (config === undefined) throw new Error(`${middleware.id} is not configured`);
  return middleware.compile(config, site);
}

/** Runs a step's request part. `refused`: status and text of a refusal, for short comparisons. */
export async function runRequest(step: Step, x: Exchange): Promise<{ outcome: Outcome | undefined; refused: string | undefined }> {
  const outcome = (await step.request?.(x)) ?? undefined;
  const refused = outcome?.kind === 'refusal' ? `${outcome.error.status} ${outcome.error.text.replace('%s', outcome.detail)}` : undefined;
  return { outcome, refused };
}

/** Runs a step's response part over an answer with these fields and gives them as they are then. */
export async function runResponse(step: Step, x: Exchange, fields: Fields = [], status = 200): Promise<Fields> {
  const answer: Answer = { status, reason: '', fields: fields.slice() };
  await step.response?.(x, answer);
  return answer.fields;
}
