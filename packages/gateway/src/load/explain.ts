import { type ExplainedChain, explainChain } from '../compile/explain.ts';
import type { LoadedApi } from '../admin/context.ts';
import type { GatewayConfig } from '../config/index.ts';
import { Exchange } from '../contract/exchange.ts';
import { resolveReferences } from '../definition/index.ts';
import { parseTarget } from '../routing/url.ts';
import type { Problem } from '../schema/problem.ts';
import { compileText, GenerationBuilder } from '../threads/generation.ts';
import type { PortMessage } from '../threads/messages.ts';
import { routeSettings } from '../threads/start.ts';
import { readDefinitions } from './definitions.ts';
import { makeGeneration } from './generation.ts';
import { inertServices } from './inert-services.ts';
import { paperRequest } from './paper-request.ts';

export interface ExplainInput {
  readonly config: GatewayConfig;
  readonly method: string;
  /** Absolute URL, or a path with query on the gateway's own port. */
  readonly url: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface ExplainedApi {
  readonly id: string;
  readonly name: string;
  readonly format: 'classic' | 'oas';
  /** After collisions. */
  readonly listenPath: string;
  /** Part of the path that routing matched and that is not sent on where the API strips it; `''` = none. */
  readonly matched: string;
  readonly problems: readonly Problem[];
}

export interface Explanation {
  readonly method: string;
  readonly url: string;
  readonly port: number;
  /** Undefined: `reason` tells why no API takes the request. */
  readonly api: ExplainedApi | undefined;
  readonly chain: ExplainedChain | undefined;
  readonly reason: string;
  /** Files that could not be loaded. */
  readonly problems: readonly Problem[];
}

interface Address {
  readonly authority: string;
  readonly port: number;
  readonly target: string;
}

/** What the gateway would do with a request, with the definitions of `config.app_path`. Nothing is sent, counted or stored. */
export function explainRequest(input: ExplainInput): Explanation {
  const { config, method, url } = input;
  const services = inertServices(config);
  const resolve = (text: string): ReturnType<typeof resolveReferences> =>
    resolveReferences(text, { secrets: config.secrets, env: (name) => input.env[name], file: () => undefined });
  const read = readDefinitions(config.app_path, resolve);
  const loaded = makeGeneration({
    number: 1,
    config,
    apis: read.apis,
    policies: new Map(),
    problems: read.problems,
    before: new Map(),
    compile: (message) => compileText(message, message.classic ?? '', services),
  });
  const address = addressOf(url, config);
  const base = { method, url, port: address?.port ?? 0, problems: read.problems };
  const lost = { ...base, problems: [...read.problems, ...loaded.state.apis.flatMap(namedProblems)] };
  const target = address && parseTarget(address.target);
  if (!address || !target) return { ...base, ...nothing('the URL is no absolute URL and no path: write http://host:port/path, or /path') };
  const ports = new GenerationBuilder(services, routeSettings(config), () => false).build(loaded.message).ports;
  const routes = ports.get(address.port);
  if (!routes) return { ...lost, ...nothing(`no API answers on port ${address.port}: ${portsText(loaded.message.ports)}`) };
  const match = routes.router.match(address.authority, target.path);
  if (!match) return { ...lost, ...nothing(`404: no listen path on port ${address.port} begins ${target.path}; there are ${listenPaths(loaded.state.apis)}`) };
  const x = new Exchange(paperRequest(method, address.target, address.authority), 0, target.path, target.rawPath, target.query, match.api, routes.neighbours);
  x.listenPrefix = match.matched;
  const chain = explainChain(x);
  const { id, name, oas, listenPath } = x.api;
  const problems = loaded.state.apis.find((api) => api.id === id)?.problems ?? [];
  return { ...base, api: { id, name, format: oas ? 'oas' : 'classic', listenPath, matched: match.matched, problems }, chain, reason: '' };
}

const nothing = (reason: string): Pick<Explanation, 'api' | 'chain' | 'reason'> => ({ api: undefined, chain: undefined, reason });

/** Why an API may be missing where the request looks for it. */
function namedProblems(api: LoadedApi): Problem[] {
  return api.problems.map((problem) => ({ ...problem, message: `API ${api.id}: ${problem.message}` }));
}

function addressOf(url: string, config: GatewayConfig): Address | undefined {
  if (url.startsWith('/')) return { authority: `localhost:${config.listen_port}`, port: config.listen_port, target: url };
  const parts = /^(https?):\/\/((?:\[[^\]]*\]|[^/:?#]+)(?::(\d+))?)([^#]*)/i.exec(url);
  if (!parts) return undefined;
  const port = Number(parts[3] ?? (parts[1]?.toLowerCase() === 'https' ? 443 : 80));
  const rest = parts[4] ?? '';
  return { authority: parts[2] ?? '', port, target: rest.startsWith('/') ? rest : `/${rest}` };
}

function portsText(ports: readonly PortMessage[]): string {
  return ports.map(({ port, protocol, apis }) => `${port} (${protocol}) has ${apis.length}`).join(', ');
}

/** The first few, for a hint. */
function listenPaths(apis: readonly LoadedApi[]): string {
  const paths = apis.map((api) => api.definition.proxy.listen_path);
  if (paths.length === 0) return 'no APIs at all';
  return paths.length > 8 ? `${paths.slice(0, 8).join(', ')} and ${paths.length - 8} more` : paths.join(', ');
}
