import { expect, it } from 'vitest';
import { makeExchange, makeIdentity, makeSite, makeStep, runRequest } from '../testing.ts';
import { keyExpired } from './compile.ts';

const now = Date.UTC(2026, 0, 1);

it.each([
  ['good', {}, undefined],
  ['ends later', { expiresAt: now + 1 }, undefined],
  ['ended', { expiresAt: now }, '401 Key has expired, please renew'],
  ['inactive', { inactive: true }, '403 Key is inactive, please renew'],
  ['inactive is said first', { inactive: true, expiresAt: 1 }, '403 Key is inactive, please renew'],
])('§3 row 17: %s', async (_name, identity, expected) => {
  const site = makeSite({ now: () => now });
  const x = makeExchange('GET /api/x');
  x.identity = makeIdentity(identity);
  expect((await runRequest(makeStep(keyExpired, site), x)).refused).toBe(expected);
  expect(site.events.map(({ name }) => name)).toEqual(expected === undefined ? [] : ['KeyExpired']);
});

it('no session at all', async () => {
  const { refused } = await runRequest(makeStep(keyExpired, makeSite()), makeExchange('GET /api/x'));
  expect(refused).toBe('400 Session state is missing or unset! Please make sure that auth headers are properly applied');
});

it('keyless APIs have no such step', () => {
  expect(keyExpired.read(makeSite({ classic: { use_keyless: true } }))).toBeUndefined();
});
