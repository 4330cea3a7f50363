import type { StoredKey } from '@gatehouse/store';
import type { ApiFrame } from '../contract/site.ts';
import { decodeSession, type Session } from '../definition/index.ts';
import type { KeyFacts } from './effective.ts';
import type { Matcher } from './pattern.ts';
import { type Plan, planFor, RENEWS_WITH_KEY } from './plan.ts';
import { applyPolicies, type PolicySet } from './policies.ts';

/** Plans that are kept; keys that are all different make more and do not share. */
const KEPT = 20_000;

/** The parts of a stored session: facts of the one key, and the rest, which other keys may have as well. */
export interface StoredSession {
  readonly facts: KeyFacts;
  /** JSON text of the rest. */
  readonly rest: string;
}

/** Merges policies into sessions and remembers the result for the next key that is alike. One object per thread. */
export class Plans {
  private readonly match: Matcher;
  private readonly plans = new Map<string, Plan | undefined>();
  private policySet: PolicySet = new Map();
  generation = 0;

  constructor(match: Matcher) {
    this.match = match;
  }

  /** Policies of a new generation: what was merged before is forgotten. */
  replace(policies: PolicySet, generation: number): void {
    this.policySet = policies;
    this.generation = generation;
    this.plans.clear();
  }

  /** The plan of a session at an API; undefined where the session is none, belongs to another organisation, or its policies cannot be applied. */
  get(stored: StoredSession, api: ApiFrame): Plan | undefined {
    const name = `${api.id}\n${api.orgId}\n${stored.rest}`;
    if (this.plans.has(name)) return this.plans.get(name);
    if (this.plans.size >= KEPT) this.plans.clear();
    const plan = this.make(stored.rest, api);
    this.plans.set(name, plan);
    return plan;
  }

  private make(rest: string, api: ApiFrame): Plan | undefined {
    const session = decode(JSON.parse(rest));
    // Rights of one organisation's key never reach into another one.
    if (session === undefined || (session.org_id !== '' && api.orgId !== '' && session.org_id !== api.orgId)) return undefined;
    const merged = applyPolicies({ ...session, quota_renews: RENEWS_WITH_KEY }, this.policySet, { orgId: api.orgId });
    return merged.error === undefined ? planFor(merged.session, api.id, this.generation, this.match) : undefined;
  }
}

/** Takes a stored session apart; undefined where its text is no JSON object. Values of a wrong kind stay in the rest, which is then refused. */
export function takeApart(json: string): StoredSession | undefined {
  const parsed = parse(json);
  if (parsed === undefined) return undefined;
  const { alias, expires, last_updated: lastUpdated, quota_renews: quotaRenews, date_created: _created, last_check: _check, ...rest } = parsed;
  const odd = !isText(alias) || !isText(lastUpdated) || !isNumber(expires) || !isNumber(quotaRenews);
  return {
    facts: { alias: text(alias), expires: number(expires), lastUpdated: text(lastUpdated), quotaRenews: number(quotaRenews) },
    rest: JSON.stringify(odd ? parsed : rest),
  };
}

/** The session of a stored key, complete; undefined where its text is no session. */
export function sessionOf(stored: StoredKey): Session | undefined {
  const parsed = parse(stored.json);
  return parsed === undefined ? undefined : decode(parsed);
}

function parse(json: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function decode(json: unknown): Session | undefined {
  const { value, problems } = decodeSession(json);
  return problems.length === 0 ? value : undefined;
}

function isText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isNumber(value: unknown): boolean {
  return value === undefined || Number.isInteger(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
