import { counterName } from '@gatehouse/store';
import { describe, expect, it } from 'vitest';
import type { EffectiveIdentity, RateLimit } from '../../contract/identity.ts';
import { makeExchange, makeIdentity, makeSite, makeStep, runRequest, type SiteOptions } from '../testing.ts';
import { rateLimit } from './compile.ts';

const EXCEEDED = '429 Rate Limit Exceeded';
const limit = (rate: number, name = 'key', perMs = 60_000): RateLimit => ({ rate, perMs, counter: counterName(name) });

function asker(identity: Partial<EffectiveIdentity>, options: SiteOptions = {}): (line: string, level?: { checkLimits: boolean }) => Promise<string> {
  const step = makeStep(rateLimit, makeSite(options));
  return async (line, { checkLimits } = { checkLimits: true }) => {
    const x = makeExchange(line);
    x.identity = makeIdentity(identity);
    x.checkLimits = checkLimits;
    return (await runRequest(step, x)).refused ?? (x.rate === undefined ? 'pass' : `${x.rate.remaining} of ${x.rate.limit}`);
  };
}

describe('traffic-policy §4 rate of a key', () => {
  it('lets through as many as it says', async () => {
    const ask = asker({ rate: limit(2) });
    expect([await ask('GET /api/x'), await ask('GET /api/y'), await ask('GET /api/x')]).toEqual(['pass', 'pass', EXCEEDED]);
  });

  it('does not limit keys without one', async () => {
    const ask = asker({});
    expect([await ask('GET /api/x'), await ask('GET /api/x')]).toEqual(['pass', 'pass']);
  });

  it('begins anew when its window has ended', async () => {
    let now = 1000;
    const ask = asker({ rate: limit(1, 'key', 500) }, { now: () => now });
    expect([await ask('GET /api/x'), await ask('GET /api/x')]).toEqual(['pass', EXCEEDED]);
    now += 500;
    expect(await ask('GET /api/x')).toBe('pass');
  });

  it('an endpoint of the key has its own, matched below the listen path', async () => {
    const ask = asker({ rate: limit(9), endpointRates: [{ ...limit(1, 'slow'), method: 'GET', pattern: /^\/slow$/u }] });
    expect([await ask('GET /api/slow'), await ask('GET /api/slow'), await ask('POST /api/slow'), await ask('GET /api/slow/x')]).toEqual([
      'pass',
      EXCEEDED,
      'pass',
      'pass',
    ]);
  });

  it('an endpoint without a rate lifts that of the key', async () => {
    const ask = asker({ rate: limit(1), endpointRates: [{ ...limit(0, 'open'), method: 'GET', pattern: /open/u }] });
    expect([await ask('GET /api/open'), await ask('GET /api/open'), await ask('GET /api/x'), await ask('GET /api/x')]).toEqual([
      'pass',
      'pass',
      'pass',
      EXCEEDED,
    ]);
  });

  it('loops count only where they ask for it', async () => {
    const ask = asker({ rate: limit(1) });
    expect([await ask('GET /api/x', { checkLimits: false }), await ask('GET /api/x'), await ask('GET /api/x', { checkLimits: false })]).toEqual([
      'pass',
      'pass',
      'pass',
    ]);
  });

  it('is shown in fields where the gateway says so', async () => {
    const ask = asker({ rate: limit(3) }, { config: { rate_limit_response_headers: 'rate_limits' } });
    expect([await ask('GET /api/x'), await ask('GET /api/x')]).toEqual(['2 of 3', '1 of 3']);
  });

  it('a throttled request waits and passes, or gives up', async () => {
    let now = 0;
    const options = { now: () => (now += 400) };
    const patient = asker({ rate: limit(1, 'p', 1000), throttle: { intervalMs: 0, retries: 5 } }, options);
    expect([await patient('GET /api/x'), await patient('GET /api/x')]).toEqual(['pass', 'pass']);
    const hasty = asker({ rate: limit(1, 'h', 60_000), throttle: { intervalMs: 0, retries: 2 } }, options);
    expect([await hasty('GET /api/x'), await hasty('GET /api/x')]).toEqual(['pass', EXCEEDED]);
  });

  it('fills context variables and fires RatelimitExceeded', async () => {
    const site = makeSite();
    const step = makeStep(rateLimit, site);
    const x = makeExchange('GET /api/x');
    x.identity = makeIdentity({ rate: limit(1) });
    x.context = new Map();
    await runRequest(step, x);
    await runRequest(step, x);
    expect(x.context.get('rate_limit_limit')).toBe('1');
    expect(site.events).toEqual([{ name: 'RatelimitExceeded', meta: { path: '/api/x', origin: '127.0.0.1', key: 'orgkey' } }]);
  });

  it.each([{ use_keyless: true }, { disable_rate_limit: true }])('contributes no step: %j', (classic) => {
    expect(rateLimit.read(makeSite({ classic }))).toBeUndefined();
  });
});
