import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What the tests need of a conformance suite: what was given, and what Tyk answered (conformance/README.md). */
export interface Suite {
  readonly suite: string;
  readonly apis?: readonly Json[];
  readonly policies?: Readonly<Record<string, Json>>;
  readonly files?: Json;
  readonly conf?: { readonly secrets?: Readonly<Record<string, string>> };
  readonly env?: Readonly<Record<string, string>>;
  readonly cases: readonly { readonly name: string; readonly steps: readonly Step[] }[];
}

export interface Step {
  readonly method?: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly read?: string;
  readonly want?: {
    readonly status?: number;
    readonly body?: { readonly json?: unknown };
    readonly file?: { readonly json?: unknown };
    readonly upstream?: readonly { readonly headers: Readonly<Record<string, readonly string[]>> }[];
  };
}

export type Json = Readonly<Record<string, unknown>>;

const folder = fileURLToPath(new URL('../../../../../conformance/suites/', import.meta.url));

/** The suites of the areas, with the upstream's address written as Tyk prints it, and a port for port variables. */
export function readSuites(...areas: string[]): Suite[] {
  return areas.flatMap((area) => globSync(`${area}/*.json`, { cwd: folder })).map(readSuite);
}

function readSuite(file: string): Suite {
  const text = readFileSync(`${folder}${file}`, 'utf8');
  return JSON.parse(text.replaceAll('${UPSTREAM}', 'http://${UPSTREAM_HOST}').replaceAll(/("listen_port": )"\$\{\w+\}"/g, '$18443')) as Suite;
}

/** The JSON that a step recorded, from an answer or a file. */
export function recordedJson(step: Step): unknown {
  return step.want?.body?.json ?? step.want?.file?.json;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
