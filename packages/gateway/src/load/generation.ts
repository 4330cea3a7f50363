import type { GatewayConfig } from '../config/types.ts';
import type { CompileResult } from '../compile/api.ts';
import { type ClassicApi, type Policy, encodePolicy } from '../definition/index.ts';
import { resolveCollisions } from '../routing/routes.ts';
import type { LoadedApi, LoadedState } from '../admin/context.ts';
import type { Problem } from '../schema/problem.ts';
import type { DefinitionMessage, GenerationMessage } from '../threads/messages.ts';
import type { ReadDefinition } from './definitions.ts';
import { placeProblem } from './place.ts';
import { planPorts } from './ports.ts';

export interface Loaded {
  readonly message: GenerationMessage;
  readonly state: LoadedState;
  /** API id → listen path, for the next reload's collisions. */
  readonly paths: ReadonlyMap<string, string>;
}

export interface LoadInput {
  readonly number: number;
  readonly config: GatewayConfig;
  readonly apis: readonly ReadDefinition[];
  readonly policies: ReadonlyMap<string, Policy>;
  readonly problems: readonly Problem[];
  readonly before: ReadonlyMap<string, string>;
  /** Compiles once here, so that problems are known before any thread serves the definition. */
  compile(message: DefinitionMessage, definition: ClassicApi): CompileResult;
}

/** From what was read to what the threads serve: collisions, ports, status of every API. */
export function makeGeneration(input: LoadInput): Loaded {
  const unplaced = new Map(input.apis.flatMap((api) => unplacedApi(api) ?? []).map((api) => [api.definition, api]));
  const placed = input.apis.filter((api) => !unplaced.has(api.definition));
  const listenPaths = resolveCollisions(placed.map(claimOf), input.before);
  const definitions = placed.map((api, i) => messageOf(api, listenPaths[i] as string, input.number));
  const ports = planPorts(
    placed.map((a) => a.definition),
    input.config,
  );
  const compiled = placed.map((api, i) => input.compile(definitions[i] as DefinitionMessage, api.definition));
  const problems = placed.map((api, i) => [
    ...api.warnings,
    ...collided(api, listenPaths[i] as string),
    ...(ports.problems.get(i) ?? []),
    ...(compiled[i] as CompileResult).problems,
  ]);
  const apis = placed.map((api, i): LoadedApi => loadedApi(api, (compiled[i] as CompileResult).status, problems[i] as Problem[]));
  return {
    message: { kind: 'generation', number: input.number, definitions, policies: policiesText(input.policies), ports: ports.ports },
    state: { apis: [...apis, ...unplaced.values()], policies: input.policies, problems: input.problems },
    paths: new Map(placed.map((api, i) => [api.definition.api_id, listenPaths[i] as string])),
  };
}

const domainOf = (definition: ClassicApi): string => (definition.domain_disabled ? '' : definition.domain);
const claimOf = ({ definition }: ReadDefinition): { id: string; listenPath: string; domain: string } => ({
  id: definition.api_id,
  listenPath: definition.proxy.listen_path,
  domain: domainOf(definition),
});

function messageOf(api: ReadDefinition, listenPath: string, incarnation: number): DefinitionMessage {
  return { hash: api.hash, classic: JSON.stringify(api.definition), oas: api.oas && JSON.stringify(api.oas), listenPath, incarnation };
}

function loadedApi(api: ReadDefinition, status: LoadedApi['status'], problems: readonly Problem[]): LoadedApi {
  return { id: api.definition.api_id, definition: api.definition, oas: api.oas, status, problems };
}

function collided(api: ReadDefinition, listenPath: string): Problem[] {
  if (listenPath === api.definition.proxy.listen_path) return [];
  const message = `listen path collision, changed to ${listenPath}`;
  return [{ code: 'routing.collision', path: '/proxy/listen_path', message, hint: 'give each API a listen path, or a domain, of its own' }];
}

function unplacedApi(api: ReadDefinition): LoadedApi | undefined {
  const problem = placeProblem(api.definition);
  return problem && loadedApi(api, 'disabled', [problem]);
}

function policiesText(policies: ReadonlyMap<string, Policy>): string {
  return JSON.stringify(Object.fromEntries([...policies].map(([id, policy]) => [id, encodePolicy(policy)])));
}
