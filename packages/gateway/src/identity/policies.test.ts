import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodePolicy, decodeSession, encodeSession, type Policy } from '../definition/index.ts';
import { MIXED } from './merge-policy.ts';
import { applyPolicies, NO_VALID_POLICIES, OTHER_ORGANISATION, policyIds } from './policies.ts';
import { type Json, onA, ORG, policy, policySet, rights, session } from './policies.fixtures.ts';

interface RecordedStep {
  readonly method?: string;
  readonly path?: string;
  readonly body?: Json;
  readonly loose?: readonly string[];
  readonly want?: { readonly status?: number; readonly body?: { readonly json?: Json } };
}

interface RecordedSuite {
  readonly policies: Record<string, Json>;
  readonly cases: readonly { readonly name: string; readonly steps: readonly RecordedStep[] }[];
}

const SUITE = new URL('../../../../conformance/suites/limits/policies-merge.json', import.meta.url);
const recorded = JSON.parse(readFileSync(SUITE, 'utf8')) as RecordedSuite;
const recordedPolicies: Map<string, Policy> = new Map(Object.entries(recorded.policies).map(([id, json]) => [id, decodePolicy(json).value]));

/** Previews of keys that policies apply to, each with the session that was recorded. */
const previews = recorded.cases.flatMap(({ name, steps }) =>
  steps
    .filter((step) => step.path === '/tyk/keys/preview' && step.want?.body?.json !== undefined)
    .map((step, i) => ({ name: `${name} (${i + 1})`, body: step.body ?? {}, want: step.want?.body?.json ?? {} })),
);

describe('previews recorded in limits/policies-merge', () => {
  it.each(previews)('$name', ({ body, want }) => {
    const merged = applyPolicies(decodeSession(body).value, recordedPolicies, { orgId: ORG });
    // What the control API adds, and what is a set in no order.
    const strip = ({ date_created: _created, last_updated: _updated, tags, ...rest }: Json): Json => ({
      ...rest,
      tags: new Set((tags as string[] | undefined) ?? []),
    });
    expect(strip(encodeSession(merged.session))).toEqual(strip(want));
  });

  const creations = recorded.cases.flatMap(({ name, steps }) =>
    steps
      .filter((step) => step.path === '/tyk/keys/create' && step.want?.status === 500)
      .map((step, i) => ({ name: `${name} (${i + 1})`, body: step.body ?? {}, message: String(step.want?.body?.json?.['message']) })),
  );
  it.each(creations)('refused: $name', ({ body, message }) => {
    const { error } = applyPolicies(decodeSession(body).value, recordedPolicies, { orgId: ORG });
    expect(`Failed to create key - ${error}`).toBe(message);
  });
});

interface MergeCase {
  readonly name: string;
  readonly key?: Json;
  readonly policies: readonly Policy[];
  /** Compared with these fields of the merged session. */
  readonly want: Json;
}

const PER_API = { partitions: { per_api: true } };
const ACL = { partitions: { acl: true } };
const QUOTA = { partitions: { quota: true } };
const RATE = { partitions: { rate_limit: true } };
const COMPLEXITY = { partitions: { complexity: true } };
const limitOfA = (limit: Json): Json => ({ access_rights: { a: { limit } } });

const RATES: MergeCase[] = [
  { name: 'the faster rate wins as a pair', policies: [onA('1', { rate: 10, per: 10 }), onA('2', { rate: 3, per: 1 })], want: { rate: 3, per: 1 } },
  { name: 'also when it is named first', policies: [onA('1', { rate: 3, per: 1 }), onA('2', { rate: 10, per: 10 })], want: { rate: 3, per: 1 } },
  { name: 'the first of two equally fast ones stays', policies: [onA('1', { rate: 6, per: 60 }), onA('2', { rate: 1, per: 10 })], want: { rate: 6, per: 60 } },
  { name: 'the same the other way round', policies: [onA('1', { rate: 1, per: 10 }), onA('2', { rate: 6, per: 60 })], want: { rate: 1, per: 10 } },
  { name: 'rate 0 is no rate', policies: [onA('1', { rate: 0, per: 10 }), onA('2', { rate: 1, per: 10 })], want: { rate: 1, per: 10 } },
  { name: 'per 0 is no rate', policies: [onA('1', { rate: 1, per: 10 }), onA('2', { rate: 100, per: 0 })], want: { rate: 1, per: 10 } },
  { name: 'rate -1 beats every rate', policies: [onA('1', { rate: 100, per: 1 }), onA('2', { rate: -1, per: -1 })], want: { rate: -1, per: -1 } },
  { name: 'and is beaten by none', policies: [onA('1', { rate: -1, per: -1 }), onA('2', { rate: 100, per: 1 })], want: { rate: -1, per: -1 } },
  {
    name: 'throttle values are the highest each',
    policies: [onA('1', { throttle_interval: 1, throttle_retry_limit: 9 }), onA('2', { throttle_interval: 3, throttle_retry_limit: 2 })],
    want: limitOfA({ throttle_interval: 3, throttle_retry_limit: 9 }),
  },
  {
    name: 'smoothing goes with the rate',
    policies: [onA('1', { rate: 1, per: 10, smoothing: { enabled: true, threshold: 1 } }), onA('2', { rate: 2, per: 10 })],
    want: { rate: 2, smoothing: null },
  },
];

const QUOTAS: MergeCase[] = [
  { name: 'the highest quota wins', policies: [onA('1', { quota_max: 5 }), onA('2', { quota_max: 9 })], want: { quota_max: 9 } },
  { name: 'an unlimited one beats it', policies: [onA('1', { quota_max: -1 }), onA('2', { quota_max: 9 })], want: { quota_max: -1 } },
  { name: 'also when it comes later', policies: [onA('1', { quota_max: 9 }), onA('2', { quota_max: -1 })], want: { quota_max: -1 } },
  {
    name: 'the renewal rate is the highest by itself',
    policies: [onA('1', { quota_max: 9, quota_renewal_rate: 10 }), onA('2', { quota_max: 5, quota_renewal_rate: 20 })],
    want: { quota_max: 9, quota_renewal_rate: 20 },
  },
  {
    name: 'the renewal rate of the key is not cleared where only the quota is governed',
    key: { quota_max: 99, quota_renewal_rate: 900 },
    policies: [policy('1', { ...QUOTA, access_rights: rights('a'), quota_max: 5, quota_renewal_rate: 60 }), onA('2', { ...ACL })],
    want: { quota_max: 5, quota_renewal_rate: 900 },
  },
  {
    name: 'a window that the key has begun goes on',
    key: { access_rights: { a: { limit: { quota_max: 1, quota_renews: 1234 } } } },
    policies: [onA('1', { quota_max: 9 })],
    want: { quota_renews: 1234 },
  },
  { name: 'depth: the highest', policies: [onA('1', { max_query_depth: 4 }), onA('2', { max_query_depth: 3 })], want: { max_query_depth: 4 } },
  { name: 'depth: -1 is unlimited', policies: [onA('1', { max_query_depth: 4 }), onA('2', { max_query_depth: -1 })], want: { max_query_depth: -1 } },
];

const own = { rate: 9, per: 3, quota_max: 90, max_query_depth: 9, throttle_interval: 2, throttle_retry_limit: 3 };
const theirs = { rate: 5, per: 5, quota_max: 50, max_query_depth: 5, access_rights: rights('a') };

const PARTITIONS: MergeCase[] = [
  {
    name: 'no partition governs everything',
    key: own,
    policies: [policy('1', theirs)],
    want: { rate: 5, quota_max: 50, max_query_depth: 5, throttle_interval: 0 },
  },
  { name: 'acl alone keeps the limits of the key', key: own, policies: [policy('1', { ...theirs, ...ACL })], want: { ...own, ...limitOfA(own) } },
  {
    name: 'acl and rate',
    key: own,
    policies: [policy('1', { ...theirs, partitions: { acl: true, rate_limit: true } })],
    want: { rate: 5, per: 5, quota_max: 90, max_query_depth: 9, throttle_interval: 0, ...limitOfA({ rate: 5, quota_max: 90 }) },
  },
  {
    name: 'acl and quota',
    key: own,
    policies: [policy('1', { ...theirs, partitions: { acl: true, quota: true } })],
    want: { rate: 9, quota_max: 50, ...limitOfA({ rate: 9, quota_max: 50 }) },
  },
  {
    name: 'acl and complexity',
    key: own,
    policies: [policy('1', { ...theirs, partitions: { acl: true, complexity: true } })],
    want: { rate: 9, max_query_depth: 5, ...limitOfA({ max_query_depth: 5 }) },
  },
  {
    name: 'parts of several policies come together at one API',
    key: own,
    policies: [
      policy('acl', { ...theirs, ...ACL }),
      policy('rate', { ...theirs, ...RATE, rate: 7 }),
      policy('quota', { ...theirs, ...QUOTA, quota_max: 70 }),
      policy('depth', { ...theirs, ...COMPLEXITY, max_query_depth: 7 }),
    ],
    want: limitOfA({ rate: 7, per: 5, quota_max: 70, max_query_depth: 7 }),
  },
  {
    name: 'a limit of an API without acl reaches the others over the root',
    policies: [policy('acl', { ...ACL, access_rights: rights('b') }), policy('rate', { ...RATE, rate: 4, per: 2, access_rights: rights('a') })],
    want: { rate: 4, access_rights: { b: { limit: { rate: 4, per: 2 } } } },
  },
  {
    name: 'a policy that names no API sets the root, which APIs without own values take over',
    policies: [policy('master', { rate: 8, per: 4, quota_max: 6, max_query_depth: 5 }), policy('acl', { ...ACL, access_rights: rights('a') })],
    want: { rate: 8, quota_max: 6, ...limitOfA({ rate: 8, per: 4, quota_max: 6, max_query_depth: 5 }) },
  },
  {
    name: 'values of an API win over those of such a policy',
    policies: [
      policy('master', { rate: 8, per: 4, quota_max: 6 }),
      onA('full', { rate: 1, per: 1 }),
      policy('b', { access_rights: rights('b'), rate: 2, per: 1 }),
    ],
    want: { access_rights: { a: { limit: { rate: 1 } }, b: { limit: { rate: 2 } } } },
  },
];

const grants = (id: string, fields: Json): Policy => policy(id, { access_rights: rights(['a', fields]) });

const RIGHTS: MergeCase[] = [
  {
    name: 'versions are united',
    policies: [grants('1', { versions: ['v1', 'v2'] }), grants('2', { versions: ['v2', 'v3'] })],
    want: { access_rights: { a: { versions: ['v1', 'v2', 'v3'] } } },
  },
  {
    name: 'a policy without allowed URLs does not lift the list of another',
    policies: [grants('1', { allowed_urls: [{ url: '/x', methods: ['GET'] }] }), grants('2', {})],
    want: { access_rights: { a: { allowed_urls: [{ url: '/x', methods: ['GET'] }] } } },
  },
  {
    name: 'introspection once disabled stays so',
    policies: [grants('1', { disable_introspection: true }), grants('2', { disable_introspection: false })],
    want: { access_rights: { a: { disable_introspection: true } } },
  },
  {
    name: 'field depths: the highest, -1 wins',
    policies: [
      grants('1', { field_access_rights: [{ type_name: 'Q', field_name: 'x', limits: { max_query_depth: 3 } }] }),
      grants('2', { field_access_rights: [{ type_name: 'Q', field_name: 'x', limits: { max_query_depth: -1 } }] }),
    ],
    want: { access_rights: { a: { field_access_rights: [{ type_name: 'Q', field_name: 'x', limits: { max_query_depth: -1 } }] } } },
  },
  {
    name: 'methods of JSON-RPC: the faster limit of each',
    policies: [
      grants('1', { json_rpc_methods: [{ name: 'call', limit: { rate: 1, per: 1 } }] }),
      grants('2', {
        json_rpc_methods: [
          { name: 'call', limit: { rate: 5, per: 1 } },
          { name: 'list', limit: { rate: 2, per: 1 } },
        ],
      }),
    ],
    want: {
      access_rights: {
        a: {
          json_rpc_methods: [
            { name: 'call', limit: { rate: 5, per: 1 } },
            { name: 'list', limit: { rate: 2, per: 1 } },
          ],
        },
      },
    },
  },
  {
    name: 'MCP lists are united, primitives told apart by type',
    policies: [
      grants('1', {
        mcp_primitives: [{ type: 'tool', name: 'x', limit: { rate: 1, per: 1 } }],
        mcp_access_rights: { tools: { allowed: ['a'], blocked: ['z'] } },
      }),
      grants('2', { mcp_primitives: [{ type: 'prompt', name: 'x', limit: { rate: 2, per: 1 } }], mcp_access_rights: { tools: { allowed: ['b'] } } }),
    ],
    want: {
      access_rights: {
        a: {
          mcp_primitives: [
            { type: 'tool', name: 'x', limit: { rate: 1, per: 1 } },
            { type: 'prompt', name: 'x', limit: { rate: 2, per: 1 } },
          ],
          mcp_access_rights: { tools: { allowed: ['a', 'b'], blocked: ['z'] } },
        },
      },
    },
  },
  { name: 'merged entries lose their name', policies: [grants('1', {})], want: { access_rights: { a: { api_id: '', api_name: '' } } } },
  {
    name: 'but keep it with per_api',
    policies: [policy('1', { ...PER_API, access_rights: rights('a') })],
    want: { access_rights: { a: { api_id: 'a', api_name: 'a' } } },
  },
  {
    name: 'rights of the key are replaced',
    key: { access_rights: rights('z') },
    policies: [grants('1', {})],
    want: { access_rights: { a: { versions: ['Default'] } } },
  },
];

const SCOPES: MergeCase[] = [
  {
    name: 'one policy: shared by all APIs of the key',
    policies: [policy('1', { access_rights: rights('a', 'b') })],
    want: { access_rights: { a: { allowance_scope: '' }, b: { allowance_scope: '' } } },
  },
  {
    name: 'two policies: each API under its own',
    policies: [onA('1', {}), policy('2', { access_rights: rights('b') })],
    want: { access_rights: { a: { allowance_scope: '1' }, b: { allowance_scope: '2' } } },
  },
  {
    name: 'two policies of the same API: the last one is alone',
    policies: [onA('1', {}), onA('2', {})],
    want: { access_rights: { a: { allowance_scope: '' } } },
  },
  {
    name: 'a policy without acl does not count',
    policies: [onA('1', { ...ACL }), policy('2', { ...QUOTA, quota_max: 1, access_rights: rights('a', 'b') })],
    want: { access_rights: { a: { allowance_scope: '' } } },
  },
  {
    name: 'per_api: the API with a limit of its own, else the policy',
    policies: [policy('pol', { ...PER_API, rate: 1, per: 1, access_rights: rights(['a', { limit: { rate: 2, per: 1 } }], 'b') })],
    want: { access_rights: { a: { allowance_scope: 'a', limit: { rate: 2 } }, b: { allowance_scope: 'pol', limit: { rate: 1 } } } },
  },
  {
    name: 'no policy: an API with a limit of its own',
    key: { access_rights: rights(['a', { limit: { rate: 2, per: 1 } }], 'b') },
    policies: [],
    want: { access_rights: { a: { allowance_scope: 'a' }, b: { allowance_scope: '' } } },
  },
];

const PER_APIS: MergeCase[] = [
  {
    name: 'the same API twice: the more permissive values',
    policies: [
      policy('1', { ...PER_API, access_rights: rights(['a', { limit: { rate: 1, per: 1, quota_max: 9, quota_renewal_rate: 5 } }]) }),
      policy('2', { ...PER_API, access_rights: rights(['a', { limit: { rate: 5, per: 1, quota_max: 3, quota_renewal_rate: 8 } }]) }),
    ],
    want: limitOfA({ rate: 5, per: 1, quota_max: 9, quota_renewal_rate: 8 }),
  },
  {
    name: 'an unlimited quota has no renewal',
    policies: [policy('1', { ...PER_API, access_rights: rights(['a', { limit: { quota_max: -1, quota_renewal_rate: 77 } }]) })],
    want: limitOfA({ quota_max: -1, quota_renewal_rate: 0 }),
  },
  {
    name: 'the key’s own root limits are cleared',
    key: own,
    policies: [policy('1', { ...PER_API, access_rights: rights('a', 'b') })],
    want: { rate: 0, quota_max: 0 },
  },
  {
    name: 'with one API the root shows its limit',
    policies: [policy('1', { ...PER_API, access_rights: rights(['a', { limit: { rate: 3, per: 1, quota_max: 4 } }]) })],
    want: { rate: 3, per: 1, quota_max: 4 },
  },
  {
    name: 'and an unpartitioned policy can be mixed',
    policies: [
      policy('1', { ...PER_API, access_rights: rights(['a', { limit: { rate: 3, per: 1 } }]) }),
      policy('2', { rate: 1, per: 1, access_rights: rights('b') }),
    ],
    want: { access_rights: { a: { limit: { rate: 3 } }, b: { limit: { rate: 1 } } } },
  },
];

const ATTRIBUTES: MergeCase[] = [
  {
    name: 'tags are united, those of policies first, as in analytics records',
    key: { tags: ['own', 'x'] },
    policies: [onA('1', { tags: ['x', 'y'] })],
    want: { tags: ['x', 'y', 'own'] },
  },
  {
    name: 'metadata: later wins over earlier and key',
    key: { meta_data: { k: 0, m: 0 } },
    policies: [onA('1', { meta_data: { k: 1 } }), onA('2', { meta_data: { k: 2 } })],
    want: { meta_data: { k: 2, m: 0 } },
  },
  {
    name: 'the latest change counts',
    key: { last_updated: '1700000000' },
    policies: [onA('1', { last_updated: '1800000000' }), onA('2', { last_updated: '1750000000' })],
    want: { last_updated: '1800000000' },
  },
  { name: 'one inactive policy is enough', policies: [onA('1', {}), onA('2', { is_inactive: true }), onA('3', {})], want: { is_inactive: true } },
  { name: 'the key’s own inactivity does not count with policies', key: { is_inactive: true }, policies: [onA('1', {})], want: { is_inactive: false } },
  { name: 'but without them', key: { is_inactive: true }, policies: [], want: { is_inactive: true } },
  {
    name: 'HMAC flags',
    policies: [onA('1', { hmac_enabled: true }), onA('2', { enable_http_signature_validation: true })],
    want: { hmac_enabled: true, enable_http_signature_validation: true },
  },
  {
    name: 'post expiry from the policy',
    key: { post_expiry_action: 'retain', post_expiry_grace_period: 1 },
    policies: [onA('1', { post_expiry_action: 'delete', post_expiry_grace_period: 9 })],
    want: { post_expiry_action: 'delete', post_expiry_grace_period: 9 },
  },
  {
    name: 'a policy without it leaves that of the key',
    key: { post_expiry_action: 'retain', post_expiry_grace_period: 1 },
    policies: [onA('1', {})],
    want: { post_expiry_action: 'retain', post_expiry_grace_period: 1 },
  },
  { name: 'active: false has no effect', policies: [onA('1', { active: false })], want: { is_inactive: false } },
];

/** APIs that policies with access rights name. */
function grantedBy(policies: readonly Policy[]): string[] {
  const granting = policies.filter(({ partitions: { acl, quota, rate_limit, complexity } }) => acl || !(quota || rate_limit || complexity));
  return [...new Set(granting.flatMap((one) => Object.keys(one.access_rights ?? {})))];
}

describe.each([
  ['rates', RATES],
  ['quota and depth', QUOTAS],
  ['partitions', PARTITIONS],
  ['access rights', RIGHTS],
  ['scopes of counters', SCOPES],
  ['per_api', PER_APIS],
  ['attributes', ATTRIBUTES],
])('merge: %s', (_, cases) => {
  it.each(cases)('$name', ({ key, policies, want }) => {
    const merged = applyPolicies(session({ ...key, apply_policies: policies.map((one) => one.id) }), policySet(...policies));
    expect(merged.error).toBeUndefined();
    expect(merged.session).toMatchObject(want);
    if (policies.length > 0) expect(Object.keys(merged.session.access_rights ?? {})).toEqual(grantedBy(policies));
  });
});

describe('a merge that is refused', () => {
  const partitioned = onA('part', QUOTA);
  const perApi = onA('per', PER_API);
  const full = onA('full', {});
  it.each([
    ['a single policy that does not exist', ['nowhere'], 'policy not found: "nowhere"'],
    ['several that do not exist', ['nowhere', 'nothing'], NO_VALID_POLICIES],
    ['per_api with another partition', ['bad'], 'cannot apply policy bad which has per_api and any of partitions set'],
    ['partitioned, then per_api', ['part', 'per'], MIXED],
    ['per_api, then partitioned', ['per', 'part'], MIXED],
    ['per_api, full, partitioned', ['per', 'full', 'part'], MIXED],
    ['another organisation', ['full', 'foreign'], OTHER_ORGANISATION],
    ['no API granted', ['part'], NO_VALID_POLICIES],
    ['a policy that names no API', ['master'], NO_VALID_POLICIES],
  ])('%s', (_, ids, message) => {
    const bad = onA('bad', { partitions: { per_api: true, acl: true } });
    const set = policySet(partitioned, perApi, full, bad, policy('foreign', { org_id: 'else' }), policy('master', { rate: 1, per: 1 }));
    expect(applyPolicies(session({ apply_policies: ids }), set, { orgId: ORG }).error).toBe(message);
  });

  it('not: partitioned, full, per_api, as recorded', () => {
    const merged = applyPolicies(session({ apply_policies: ['part', 'full', 'per'] }), policySet(partitioned, full, perApi));
    expect(merged.error).toBeUndefined();
  });

  it('not: a missing policy beside others; it is named', () => {
    const merged = applyPolicies(session({ apply_policies: ['nowhere', 'full'] }), policySet(full));
    expect(merged).toMatchObject({ error: undefined, skipped: ['nowhere'] });
  });
});

describe('policies of a key', () => {
  it('are the list, else the one of the older field, else none', () => {
    expect(policyIds(session({ apply_policies: ['a', 'b'], apply_policy_id: 'c' }))).toEqual(['a', 'b']);
    expect(policyIds(session({ apply_policy_id: 'c' }))).toEqual(['c']);
    expect(policyIds(session({}))).toEqual([]);
  });

  it('written into the key take the place of named ones', () => {
    const inline = [{ id: 'inline', org_id: ORG, rate: 4, per: 2, access_rights: rights('a') }];
    const merged = applyPolicies(session({ apply_policies: ['nowhere'], meta_data: { policies: inline } }), policySet());
    expect(merged.error).toBeUndefined();
    expect(merged.session).toMatchObject({ rate: 4, per: 2, access_rights: { a: { limit: { rate: 4 } } } });
  });
});
