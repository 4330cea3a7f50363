import type { LoadedState } from '../admin/context.ts';
import type { GatewayConfig } from '../config/types.ts';
import type { Log, Services } from '../contract/site.ts';
import { compileText } from '../threads/generation.ts';
import type { GenerationMessage } from '../threads/messages.ts';
import type { Problem } from '../schema/problem.ts';
import { readDefinitions } from './definitions.ts';
import { makeGeneration } from './generation.ts';
import { readPolicies } from './policies.ts';
import type { Resolve } from './sources/files.ts';

export interface LoaderParts {
  readonly config: GatewayConfig;
  readonly resolve: Resolve;
  readonly log: Log;
  /** For the trial compilation on the main thread. */
  readonly services: Services;
  /** Hands a generation to the threads; answers the ports that could not be opened. */
  serve(generation: GenerationMessage): Promise<Problem[]>;
}

const NOTHING: LoadedState = { apis: [], policies: new Map(), problems: [] };

/** Reads, compiles and swaps: one reload at a time, requests that come meanwhile share the next one (spec/control/gateway-api.md §2). */
export class Loader {
  private readonly parts: LoaderParts;
  private state: LoadedState = NOTHING;
  private paths: ReadonlyMap<string, string> = new Map();
  private number = 0;
  private running: Promise<readonly Problem[]> | undefined;
  private next: Promise<readonly Problem[]> | undefined;
  reloads = 0;

  constructor(parts: LoaderParts) {
    this.parts = parts;
  }

  loaded(): LoadedState {
    return this.state;
  }

  get isLoaded(): boolean {
    return this.number > 0;
  }

  /** Resolves after the swap with the ports that could not be opened. */
  reload(): Promise<readonly Problem[]> {
    if (!this.running) return this.begin();
    this.next ??= this.running
      .catch(() => [])
      .then(() => {
        this.next = undefined;
        return this.begin();
      });
    return this.next;
  }

  private begin(): Promise<readonly Problem[]> {
    this.running = this.load().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async load(): Promise<readonly Problem[]> {
    const { config, resolve, services } = this.parts;
    const started = performance.now();
    const policies = readPolicies(config.policies, resolve);
    const read = readDefinitions(config.app_path, resolve);
    const loaded = makeGeneration({
      number: this.number + 1,
      config,
      apis: read.apis,
      policies: policies.policies,
      problems: [...policies.problems, ...read.problems],
      before: this.paths,
      compile: (message) => compileText(message, message.classic ?? '', services),
    });
    const ports = await this.parts.serve(loaded.message);
    this.number = loaded.message.number;
    this.state = loaded.state;
    this.paths = loaded.paths;
    this.reloads++;
    this.report(performance.now() - started, ports);
    return ports;
  }

  private report(ms: number, ports: readonly Problem[]): void {
    const { log } = this.parts;
    const { apis, policies, problems } = this.state;
    for (const problem of [...problems, ...ports]) log('error', problem.message, { prefix: 'gateway', code: problem.code, hint: problem.hint });
    for (const api of apis)
      for (const p of api.problems)
        log(api.status === 'disabled' ? 'error' : 'warning', p.message, { prefix: 'gateway', api_id: api.id, code: p.code, at: p.path, hint: p.hint });
    log('info', `reload: cycle completed in ${ms.toFixed(0)}ms`, { prefix: 'main', apis: apis.length, policies: policies.size });
  }
}
