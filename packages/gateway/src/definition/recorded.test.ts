import { describe, expect, it } from 'vitest';
import type { Decoded } from './go-json.ts';
import { decodePolicy, decodePolicyMap, encodePolicy, policyIdOf } from './policy.ts';
import { decodeSession, encodeSession } from './session.ts';
import { isObject, readSuites, recordedJson, type Json, type Step } from './test/recorded.ts';

/** Stand-ins for the times that the suites mask. */
const MASKED: Json = { date_created: '2026-01-02T03:04:05.678Z', last_updated: '1767323045', quota_renews: 1767323045, expires: 1767323045 };

function unmask(json: Json): Json {
  return JSON.parse(JSON.stringify(json), (key, value: unknown) => (typeof value === 'string' && /^<\w+>$/.test(value) ? MASKED[key] : value)) as Json;
}

function steps(...areas: string[]): { at: string; step: Step }[] {
  return readSuites(...areas).flatMap(({ suite, cases }) => cases.flatMap(({ name, steps: all }) => all.map((step) => ({ at: `${suite}: ${name}`, step }))));
}

describe('sessions come back as Tyk prints them (control/gateway-api.md §6)', () => {
  const recorded = steps('limits', 'auth')
    .filter(({ step }) => /^\/tyk\/(org\/)?keys/.test(step.path ?? ''))
    .map(({ at, step }) => ({ at, json: recordedJson(step) }))
    .filter((row): row is { at: string; json: Json } => isObject(row.json) && 'last_updated' in row.json);

  it('there are as many as the suites hold', () => expect(recorded).toHaveLength(97));

  it.each(recorded)('$at', ({ json }) => {
    const given = unmask(json);
    const { value, problems, unknown } = decodeSession(given);
    expect({ problems, unknown }).toEqual({ problems: [], unknown: [] });
    expect(JSON.stringify(encodeSession(value))).toBe(JSON.stringify(given));
  });

  it('what was posted comes back but for what the server sets', () => {
    const found = steps('limits').filter(({ at }) => at.endsWith('every field of a session comes back'));
    const answer = unmask(recordedJson(found[1]?.step ?? {}) as Json);
    const { date_created: _created, last_updated: _updated, access_rights: _rights, quota_renews: _renews, ...kept } = answer;
    expect(encodeSession(decodeSession(found[0]?.step.body).value)).toMatchObject(kept);
  });
});

describe('policies come back as Tyk prints them (control/gateway-api.md §7)', () => {
  const all = steps('limits');
  const bodies = all.map(({ step }) => step).filter(({ path, method }) => method !== 'GET' && path?.startsWith('/tyk/policies'));
  const inFiles = readSuites('limits').flatMap(({ policies, files }) => [policies, files?.['policies.json']].flatMap((file) => decodePolicyMap(file) ?? []));
  const given = [...inFiles, ...bodies.map(({ body }) => decodePolicy(body))].map(({ value }) => value);
  const recorded = all
    .flatMap(({ at, step }) => [recordedJson(step)].flat().map((json) => ({ at, json })))
    .filter((row): row is { at: string; json: Json } => isObject(row.json) && 'partitions' in row.json);

  it('there are as many as the suites hold', () => expect(recorded).toHaveLength(9));

  it.each(recorded)('$at: $json.id', ({ json }) => {
    expect(given.map((policy) => JSON.stringify({ ...encodePolicy(policy), id: policyIdOf(policy) }))).toContain(JSON.stringify(json));
  });
});

describe('every policy and key that the suites give is known in full', () => {
  const areas = ['auth', 'limits', 'plugins', 'proxy', 'tls', 'traffic'];
  const policies = readSuites(...areas).flatMap(({ suite, policies: all = {} }) =>
    Object.values(all).map((json) => ({ at: `${suite}: ${String(json['id'])}`, json })),
  );
  const keys = steps(...areas)
    .filter(({ step }) => step.method === 'POST' && /^\/tyk\/(org\/)?keys/.test(step.path ?? '') && step.want?.status === 200)
    .map(({ at, step }) => ({ at, json: step.body }))
    .filter(({ json, at }) => isObject(json) && !at.endsWith('unknown fields are dropped') && !('policy' in json));

  it('there are some', () => expect([policies.length, keys.length]).toEqual([344, 501]));

  it('policies', () => {
    const found = policies.flatMap(({ at, json }) => reported(at, decodePolicy(json)));
    expect(found).toEqual([]);
  });

  it('keys', () => {
    const found = keys.flatMap(({ at, json }) => reported(at, decodeSession(json)));
    expect(found).toEqual([]);
  });

  function reported(at: string, { problems, warnings }: Decoded<unknown>): object[] {
    return problems.concat(warnings).map(({ path, message }) => ({ at, path, message }));
  }
});
