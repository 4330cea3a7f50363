import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { compileApi } from '../compile/api.ts';
import { workingRows } from '../compile/explain.ts';
import { loadConfig } from '../config/index.ts';
import type { Services } from '../contract/site.ts';
import {
  type ClassicApi,
  decodeClassic,
  decodePolicy,
  decodePolicyMap,
  decodeSession,
  type Decoded,
  policyIdOf,
  reviewClassic,
  validateClassic,
} from '../definition/index.ts';
import { type OasDocument, oasToClassic, reviewOas } from '../definition/oas/index.ts';
import type { Problem } from '../schema/problem.ts';
import { type DocumentKind, documentKind } from './document-kind.ts';
import { inertServices } from './inert-services.ts';
import { placeProblem } from './place.ts';

/** What the gateway makes of one file. */
export interface CheckedFile {
  readonly path: string;
  readonly kind: DocumentKind;
  /** Name of the API or policy, or `''`. */
  readonly name: string;
  /** `wrong`: it is refused. `unsupported`: the API answers 503, as it needs what is not there yet. `differs`: it works, with the differences named. */
  readonly verdict: 'ok' | 'differs' | 'unsupported' | 'wrong';
  /** Rows of the chain that work for the API (docs/reference/chain.md). */
  readonly features: readonly string[];
  /** What keeps it from working. */
  readonly problems: readonly Problem[];
  /** Features that it uses and the gateway has not got yet. */
  readonly unsupported: readonly Problem[];
  /** What works, but hardly as its author thinks. */
  readonly warnings: readonly Problem[];
}

interface Findings extends Partial<Pick<CheckedFile, 'name' | 'features' | 'problems' | 'unsupported' | 'warnings'>> {
  /** The API answers 503. */
  readonly disabled?: boolean;
}

/** Checks files against what the gateway would do with them; keeps what it needs for compiling between files. */
export class Checker {
  private readonly services: Services;

  constructor() {
    this.services = inertServices(loadConfig({ defaults: 'zero' }).config);
  }

  /** Never throws for what is in the file. */
  checkFile(path: string): CheckedFile {
    const read = readDocument(path);
    if ('problem' in read) return made(path, 'unknown', { problems: [read.problem] });
    const kind = documentKind(read.json);
    return made(path, kind, this.findings(path, kind, read.json));
  }

  private findings(path: string, kind: DocumentKind, json: unknown): Findings {
    switch (kind) {
      case 'classic':
        return this.checkClassic(json);
      case 'oas':
      case 'streams':
        return this.checkOas(json as OasDocument);
      case 'policy':
        return checkPolicies([decodePolicy(json)]);
      case 'policies':
        return checkPolicies(decodePolicyMap(json) ?? []);
      case 'key':
        return found(decodeSession(json));
      case 'configuration':
        return checkConfiguration(path);
      case 'unknown':
        return { problems: [UNKNOWN] };
    }
  }

  private checkClassic(json: unknown): Findings {
    const decoded = decodeClassic(json);
    if (decoded.problems.length > 0) return { name: decoded.value.name, ...found(decoded) };
    const reviewed = [...decoded.warnings, ...reviewClassic(decoded.value), ...validateClassic(decoded.value)];
    return this.compiled(decoded.value, undefined, reviewed);
  }

  private checkOas(document: OasDocument): Findings {
    const { problems, warnings } = reviewOas(document);
    const decoded = decodeClassic(oasToClassic(document));
    const wrong = [...problems, ...decoded.problems];
    if (wrong.length > 0) return { name: decoded.value.name, problems: wrong, warnings };
    return this.compiled(decoded.value, document, warnings);
  }

  private compiled(definition: ClassicApi, oas: OasDocument | undefined, warnings: readonly Problem[]): Findings {
    const result = compileApi({ definition, oas, listenPath: definition.proxy.listen_path, incarnation: 1 }, this.services);
    return {
      name: definition.name,
      disabled: result.status === 'disabled',
      features: result.api ? workingRows(result.api) : [],
      problems: [...placeProblems(definition), ...result.problems.filter((p) => !isLater(p))],
      unsupported: result.problems.filter(isLater),
      warnings: warnings.filter((w) => w.code !== 'definition.listen_path'),
    };
  }
}

const isLater = ({ code }: Problem): boolean => code === 'definition.unsupported';

const UNKNOWN: Problem = {
  code: 'file.unknown',
  path: '',
  message: 'this is no API definition, policy, key or configuration of the gateway',
  hint: 'give Classic definitions an api_id, OAS documents an x-tyk-api-gateway section',
};

function made(path: string, kind: DocumentKind, findings: Findings): CheckedFile {
  const { name = '', features = [], problems = [], unsupported = [], warnings = [] } = findings;
  return { path, kind, name, verdict: verdictOf(findings), features, problems, unsupported, warnings };
}

function verdictOf({ problems = [], unsupported = [], warnings = [], disabled = false }: Findings): CheckedFile['verdict'] {
  if (problems.length > 0) return 'wrong';
  if (disabled) return 'unsupported';
  return unsupported.length + warnings.length > 0 ? 'differs' : 'ok';
}

/** JSON, or YAML by the ending of the name. */
function readDocument(path: string): { json: unknown } | { problem: Problem } {
  try {
    const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    return { json: /\.ya?ml$/.test(path) ? parseYaml(text) : (JSON.parse(text) as unknown) };
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { problem: { code: 'file.unreadable', path: '', message, hint: 'repair the file at the place named' } };
  }
}

function found({ problems, warnings }: Decoded<unknown>): Findings {
  return { problems, warnings };
}

function checkPolicies(policies: readonly Decoded<Parameters<typeof policyIdOf>[0]>[]): Findings {
  const name = policies.map(({ value }) => value.name || policyIdOf(value)).join(', ');
  return { name, problems: policies.flatMap((p) => p.problems), warnings: policies.flatMap((p) => p.warnings) };
}

function checkConfiguration(path: string): Findings {
  const { problems, warnings } = loadConfig({ files: [path], required: true });
  return { problems, warnings };
}

/** Why the API has no place among the routes, if it has none. */
function placeProblems(definition: ClassicApi): Problem[] {
  const problem = placeProblem(definition);
  return problem === undefined ? [] : [problem];
}
