import { counterName } from '@gatehouse/store';
import { describe, expect, it } from 'vitest';
import type { EffectiveIdentity, QuotaLimit } from '../../contract/identity.ts';
import { makeExchange, makeIdentity, makeSite, makeStep, runRequest, type SiteOptions } from '../testing.ts';
import { quota } from './compile.ts';

const NOW = 1_000_000;
const limit = (max: number, renewalMs = 3_600_000): QuotaLimit => ({ max, renewalMs, counter: counterName('q') });

function asker(identity: Partial<EffectiveIdentity>, options: SiteOptions = {}): (checkLimits?: boolean) => Promise<string> {
  const step = makeStep(quota, makeSite({ now: () => NOW, ...options }));
  return async (checkLimits = true) => {
    const x = makeExchange('GET /api/x');
    x.identity = makeIdentity(identity);
    x.checkLimits = checkLimits;
    const { refused } = await runRequest(step, x);
    return refused ?? `${x.quota.remaining} of ${x.quota.limit} until ${x.quota.reset}`;
  };
}

describe('traffic-policy §5 quotas', () => {
  it('counts, shows what is left, and ends', async () => {
    const ask = asker({ quota: limit(2) });
    expect([await ask(), await ask(), await ask()]).toEqual(['1 of 2 until 4600', '0 of 2 until 4600', '403 Quota exceeded']);
  });

  it('without a quota shows what the key says', async () => {
    const ask = asker({ shownQuota: { max: -1, renews: 77 } });
    expect([await ask(), await ask()]).toEqual(['0 of -1 until 77', '0 of -1 until 77']);
  });

  it('disable_quota neither blocks nor counts', async () => {
    const ask = asker({ quota: limit(1), shownQuota: { max: 1, renews: 5 } }, { classic: { disable_quota: true } });
    expect([await ask(), await ask()]).toEqual(['0 of 1 until 5', '0 of 1 until 5']);
  });

  it('one that never renews shows the time of the key, or the present', async () => {
    expect(await asker({ quota: limit(3, 0), shownQuota: { max: 3, renews: 99 } })()).toBe('2 of 3 until 99');
    expect(await asker({ quota: limit(3, 0) })()).toBe('2 of 3 until 1000');
  });

  it('loops count only where they ask for it', async () => {
    const ask = asker({ quota: limit(1) });
    expect([await ask(false), await ask(), await ask(false)]).toEqual(['0 of 0 until 0', '0 of 1 until 4600', '0 of 0 until 0']);
  });

  it('fires QuotaExceeded and fills context variables', async () => {
    const site = makeSite({ now: () => NOW });
    const step = makeStep(quota, site);
    const x = makeExchange('GET /api/x');
    x.identity = makeIdentity({ quota: limit(1) });
    x.context = new Map();
    await runRequest(step, x);
    expect([...x.context]).toEqual([
      ['quota_limit', '1'],
      ['quota_remaining', '0'],
      ['quota_reset', '4600'],
    ]);
    await runRequest(step, x);
    expect(site.events.map(({ name }) => name)).toEqual(['QuotaExceeded']);
  });

  it('keyless APIs have no such step', () => {
    expect(quota.read(makeSite({ classic: { use_keyless: true } }))).toBeUndefined();
  });
});
