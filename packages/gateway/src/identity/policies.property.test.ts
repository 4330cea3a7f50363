import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Policy, Session } from '../definition/index.ts';
import { applyPolicies } from './policies.ts';
import { type Json, policy, policySet, rights, session } from './policies.fixtures.ts';

const API_IDS = ['a', 'b', 'c'];
const partitions = fc.constantFrom(
  {},
  { acl: true },
  { quota: true },
  { rate_limit: true },
  { acl: true, complexity: true },
  { acl: true, quota: true, rate_limit: true, complexity: true },
);

const limit = fc.record({
  rate: fc.constantFrom(-1, 0, 1, 2, 5, 10, 0.5),
  per: fc.constantFrom(-1, 0, 1, 10, 60),
  quota_max: fc.constantFrom(-1, 0, 1, 50, 100),
  quota_renewal_rate: fc.constantFrom(0, 60, 3600),
  max_query_depth: fc.constantFrom(-1, 0, 3, 7),
  throttle_interval: fc.constantFrom(0, 0.5, 2),
  throttle_retry_limit: fc.constantFrom(0, 1, 5),
});

const fields = fc.record({
  apis: fc.subarray(API_IDS, { minLength: 1 }),
  versions: fc.subarray(['v1', 'v2', 'v3']),
  urls: fc.array(fc.record({ url: fc.constantFrom('/x', '/y'), methods: fc.subarray(['GET', 'PUT', 'POST']) }), { maxLength: 2 }),
  tags: fc.subarray(['red', 'blue', 'green']),
  is_inactive: fc.boolean(),
  partitions,
  limit,
});

/** One to four policies that can be applied together: at least one grants APIs. */
const policies = fc
  .array(fields, { minLength: 1, maxLength: 4 })
  .map((list) =>
    list.map(({ apis, versions, urls, limit: limits, ...rest }, i) =>
      policy(`p${i}`, { ...rest, ...limits, access_rights: rights(...apis.map((id) => [id, { versions, allowed_urls: urls }] as [string, Json])) }),
    ),
  );

function merge(list: readonly Policy[]): { session: Session; error: string | undefined } {
  return applyPolicies(session({ apply_policies: list.map((one) => one.id) }), policySet(...list));
}

/** What must not depend on the order: numbers that take the most permissive value, and lists as sets. */
function unordered({ session: merged, error }: ReturnType<typeof merge>): unknown {
  // Seconds between two requests; 0 = unlimited, -1 = no rate.
  const speed = (rate: number, per: number): number => (rate === 0 || per === 0 ? -1 : rate < 0 || per < 0 ? 0 : per / rate);
  const apis = Object.entries(merged.access_rights ?? {}).map(([id, entry]) => [
    id,
    {
      versions: (entry.versions ?? []).toSorted(),
      urls: (entry.allowed_urls ?? []).map(({ url, methods }) => [url, (methods ?? []).toSorted()] as const).toSorted((x, y) => (x[0] < y[0] ? -1 : 1)),
      numbers: [speed(entry.limit.rate, entry.limit.per), entry.limit.quota_max, entry.limit.quota_renewal_rate, entry.limit.max_query_depth],
      throttle: [entry.limit.throttle_interval, entry.limit.throttle_retry_limit],
    },
  ]);
  return { error, inactive: merged.is_inactive, tags: (merged.tags ?? []).toSorted(), apis: Object.fromEntries(apis) };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

describe('the merge of any policies', () => {
  it('does not depend on their order', () => {
    fc.assert(
      fc.property(policies, fc.infiniteStream(fc.nat()), (list, seeds) => {
        const shuffled = list.map((one) => [seeds.next().value ?? 0, one] as const).toSorted((x, y) => x[0] - y[0]);
        expect(unordered(merge(shuffled.map(([, one]) => one)))).toEqual(unordered(merge(list)));
      }),
      { numRuns: 500 },
    );
  });

  it('is the same when one is named twice', () => {
    fc.assert(
      fc.property(policies, (list) => {
        const again = [...list, list[0] as Policy];
        expect(unordered(merge(again))).toEqual(unordered(merge(list)));
      }),
    );
  });

  it('changes neither key nor policies', () => {
    fc.assert(
      fc.property(policies, (list) => {
        const key = deepFreeze(session({ apply_policies: list.map((one) => one.id), tags: ['own'], meta_data: { a: 1 }, access_rights: rights('a', 'z') }));
        expect(() => applyPolicies(key, policySet(...list.map(deepFreeze)))).not.toThrow();
      }),
    );
  });

  it('grants each API at least what each of its full policies alone would', () => {
    fc.assert(
      fc.property(policies, (list) => {
        const full = list.map((one) => ({ ...one, partitions: { acl: false, quota: false, rate_limit: false, complexity: false, per_api: false } }));
        const merged = merge(full).session.access_rights ?? {};
        for (const one of full) {
          for (const [id, granted] of Object.entries(one.access_rights ?? {})) {
            const entry = merged[id];
            expect(entry?.versions ?? []).toEqual(expect.arrayContaining(granted.versions ?? []));
            expect(entry?.limit.quota_max === -1 || (entry?.limit.quota_max ?? 0) >= one.quota_max).toBe(true);
            expect(entry?.limit.max_query_depth === -1 || (entry?.limit.max_query_depth ?? 0) >= one.max_query_depth).toBe(true);
          }
        }
      }),
    );
  });

  it('names just the APIs of policies that grant', () => {
    fc.assert(
      fc.property(policies, (list) => {
        const { session: merged, error } = merge(list);
        const granting = list.filter(({ partitions: p }) => p.acl || !(p.quota || p.rate_limit || p.complexity));
        const ids = new Set(granting.flatMap((one) => Object.keys(one.access_rights ?? {})));
        expect(new Set(Object.keys(merged.access_rights ?? {}))).toEqual(ids);
        expect(error === undefined).toBe(ids.size > 0);
      }),
    );
  });
});
