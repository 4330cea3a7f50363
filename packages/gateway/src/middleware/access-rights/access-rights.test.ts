import { describe, expect, it } from 'vitest';
import type { EffectiveIdentity } from '../../contract/identity.ts';
import { makeExchange, makeIdentity, makeSite, makeStep, runRequest } from '../testing.ts';
import { accessRights } from './compile.ts';

const DISALLOWED = '403 Access to this API has been disallowed';
const versioned = (default_version: string, fallback_to_default = false): object => ({
  definition: { fallback_to_default },
  version_data: { not_versioned: false, default_version, versions: { v1: { name: 'v1' } } },
});

async function ask(classic: object, identity: Partial<EffectiveIdentity>, versionName = ''): Promise<string | undefined> {
  const x = makeExchange('GET /api/x');
  x.identity = makeIdentity(identity);
  x.versionName = versionName;
  return (await runRequest(makeStep(accessRights, makeSite({ classic: classic as Record<string, unknown> })), x)).refused;
}

describe('traffic-policy §1 access rights', () => {
  it.each([
    ['the API is named', {}, {}, '', undefined],
    ['the API is not named', {}, { allowed: false }, '', DISALLOWED],
    ['versions of an unversioned API are not looked at', {}, { versions: [] }, '', undefined],
    ['no rights at all open every version', versioned(''), {}, 'v2', undefined],
    ['a version that is named', versioned(''), { versions: ['v1'] }, 'v1', undefined],
    ['a version that is not named', versioned(''), { versions: ['v1'] }, 'v2', DISALLOWED],
    ['an empty list allows no version', versioned(''), { versions: [] }, 'v1', DISALLOWED],
    ['the default version stands for none', versioned('v1'), { versions: ['v1'] }, '', undefined],
    ['the default version is not named', versioned('v1'), { versions: ['v2'] }, '', DISALLOWED],
    ['with fallback the default version suffices', versioned('v1', true), { versions: ['v1'] }, 'v9', undefined],
    ['without fallback it does not', versioned('v1'), { versions: ['v1'] }, 'v9', DISALLOWED],
  ] as const)('%s', async (_name, classic, identity, versionName, expected) => {
    expect(await ask(classic, identity as Partial<EffectiveIdentity>, versionName)).toBe(expected);
  });

  it('nobody', async () => {
    expect((await runRequest(makeStep(accessRights, makeSite()), makeExchange('GET /api/x'))).refused).toBe(DISALLOWED);
  });
});
