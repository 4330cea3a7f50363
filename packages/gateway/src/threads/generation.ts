import { type CompileResult, compileApi } from '../compile/api.ts';
import type { CompiledApi, Neighbours } from '../contract/compiled.ts';
import type { Services } from '../contract/site.ts';
import type { ClassicApi } from '../definition/index.ts';
import type { OasDocument } from '../definition/oas/index.ts';
import type { PortRoutes } from '../request/serve.ts';
import { Router } from '../routing/router.ts';
import type { Problem } from '../schema/problem.ts';
import { type Placed, type RouteSettings, orderRoutes } from '../routing/routes.ts';
import type { DefinitionMessage, GenerationMessage, PortMessage } from './messages.ts';

/** An immutable set of compiled APIs with the routes of every port. Requests keep the one that they started with. */
export interface Generation {
  readonly number: number;
  readonly ports: ReadonlyMap<number, PortRoutes>;
}

/** Compiled APIs by definition hash and listen path: an unchanged API keeps running over a reload, with its state. */
type Compiled = ReadonlyMap<string, CompiledApi>;

/** Builds generations on a data thread, reusing what did not change. */
export class GenerationBuilder {
  private readonly use: Services;
  private readonly settings: RouteSettings;
  private readonly control: PortRoutes['control'];
  private compiled: Compiled = new Map();

  constructor(use: Services, settings: RouteSettings, control: PortRoutes['control']) {
    this.use = use;
    this.settings = settings;
    this.control = control;
  }

  build(message: GenerationMessage): Generation {
    const kept = new Map<string, CompiledApi>();
    const apis = message.definitions.map((d) => this.compile(d, kept));
    this.dispose(kept);
    this.compiled = kept;
    const neighbours = neighboursOf(apis);
    return { number: message.number, ports: new Map(message.ports.map((p) => [p.port, this.routes(p, apis, message.definitions, neighbours)])) };
  }

  private compile(definition: DefinitionMessage, kept: Map<string, CompiledApi>): CompiledApi | undefined {
    const key = `${definition.hash} ${definition.listenPath}`;
    const api = this.compiled.get(key) ?? (definition.classic === undefined ? undefined : compileText(definition, definition.classic, this.use).api);
    if (api) kept.set(key, api);
    return api;
  }

  private dispose(kept: ReadonlyMap<string, CompiledApi>): void {
    for (const [key, api] of this.compiled) {
      if (kept.has(key)) continue;
      for (const version of api.versions.values()) for (const { step } of [...version.request, ...version.attempt, ...version.response]) step.dispose?.();
    }
  }

  private routes(port: PortMessage, apis: readonly (CompiledApi | undefined)[], definitions: readonly DefinitionMessage[], neighbours: Neighbours): PortRoutes {
    const placed = port.apis.flatMap((i): Placed[] => {
      const api = apis[i];
      if (!api || api.definition.internal) return [];
      const domain = api.definition.domain_disabled ? '' : api.definition.domain;
      return [{ api, listenPath: definitions[i]?.listenPath ?? api.listenPath, domain }];
    });
    const router = new Router(orderRoutes(placed, this.settings));
    return { router, neighbours, control: port.control ? this.control : () => false };
  }
}

/** Compiles a definition that came as text; used by the main thread too, to know its problems. */
export function compileText(message: DefinitionMessage, classic: string, use: Services): CompileResult {
  const definition = JSON.parse(classic) as ClassicApi;
  const oas = message.oas === undefined ? undefined : (JSON.parse(message.oas) as OasDocument);
  try {
    return compileApi({ definition, oas, listenPath: message.listenPath, incarnation: message.incarnation }, use);
  } catch (error) {
    return { api: undefined, status: 'disabled', problems: [uncompilable(error)] };
  }
}

/** What is thrown is our bug: it costs this definition, never the others. */
function uncompilable(error: unknown): Problem {
  const message = `the definition cannot be compiled: ${error instanceof Error ? error.message : String(error)}`;
  return { code: 'definition.uncompilable', path: '', message, hint: 'please report this with the definition; the other definitions are served' };
}

function neighboursOf(apis: readonly (CompiledApi | undefined)[]): Neighbours {
  const byId = new Map<string, CompiledApi>();
  const byName = new Map<string, CompiledApi>();
  for (const api of apis) {
    if (!api) continue;
    byId.set(api.id, api);
    for (const name of [loopName(api.name), api.definition.id, api.id]) if (name !== '') byName.set(name.toLowerCase(), api);
  }
  return { byId: (id) => byId.get(id), byLoopName: (name) => byName.get(name.toLowerCase()) ?? byName.get(loopName(name)) };
}

/** An API's name as `tyk://` URLs spell it: cut at ` #`, everything else that is no letter or digit as `-`. */
function loopName(name: string): string {
  return name
    .replace(/ #.*$/, '')
    .replace(/[^a-zA-Z0-9]/g, '-')
    .toLowerCase();
}
