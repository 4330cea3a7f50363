import { decodePolicy, decodeSession, type Policy, type Session } from '../definition/index.ts';

/** Builders for the tests of the merge: only what a case is about is written down. */
export const ORG = '5eed00c0ffee5eed00c0ffee';

export type Json = Record<string, unknown>;

export function session(fields: Json): Session {
  return decodeSession({ org_id: ORG, ...fields }).value;
}

export function policy(id: string, fields: Json): Policy {
  return decodePolicy({ id, org_id: ORG, ...fields }).value;
}

/** Access rights that name APIs, with more fields where they are given. */
export function rights(...apis: (string | [string, Json])[]): Json {
  const entries = apis.map((api) => (typeof api === 'string' ? ([api, {}] as const) : api));
  return Object.fromEntries(entries.map(([id, fields]) => [id, { api_id: id, api_name: id, versions: ['Default'], ...fields }]));
}

/** A policy that grants `a`, with these limits. */
export function onA(id: string, fields: Json): Policy {
  return policy(id, { access_rights: rights('a'), ...fields });
}

export function policySet(...policies: readonly Policy[]): Map<string, Policy> {
  return new Map(policies.map((one) => [one.id, one]));
}
