import { describe, expect, it } from 'vitest';
import { makeExchange, makeSite, makeStep, runRequest } from '../testing.ts';
import { AddressSet } from './address-set.ts';
import { ipAllow, ipBlock } from './compile.ts';

const DISALLOWED = '403 access from this IP has been disallowed';

describe('§10 IP lists', () => {
  const list = ['198.51.100.0/24', '203.0.113.7', '2001:db8::/32'];

  it.each([
    ['198.51.100.250', true],
    ['198.51.101.1', false],
    ['203.0.113.7', true],
    ['2001:db8:1::1', true],
    ['::1', false],
    ['', false],
  ])('%s', async (address, listed) => {
    const x = makeExchange('GET /api/x', { clientIp: address });
    if (address === '') x.clientIp = '';
    const allowed = await runRequest(makeStep(ipAllow, makeSite({ classic: { allowed_ips: list } })), x);
    const blocked = await runRequest(makeStep(ipBlock, makeSite({ classic: { blacklisted_ips: list } })), x);
    expect([allowed.refused, blocked.refused]).toEqual(listed ? [undefined, DISALLOWED] : [DISALLOWED, undefined]);
  });

  it('a refusal fires AuthFailure', async () => {
    const site = makeSite({ classic: { allowed_ips: ['::1'] } });
    await runRequest(makeStep(ipAllow, site), makeExchange('GET /api/x'));
    expect(site.events).toEqual([{ name: 'AuthFailure', meta: { path: '/api/x', origin: '127.0.0.1', key: '' } }]);
  });
});

describe('which lists count', () => {
  const oas = (ipAccessControl: object): object => ({ 'x-tyk-api-gateway': { server: { ipAccessControl } } });

  it.each([
    ['without the flag', { allowed_ips: ['::1'], blacklisted_ips: ['::1'] }, [true, true]],
    ['empty', { enable_ip_whitelisting: true, allowed_ips: [] }, [false, false]],
    ['switched off', { allowed_ips: ['::1'], blacklisted_ips: ['::1'], ip_access_control_disabled: true }, [false, false]],
    ['switched off, but the list on', { allowed_ips: ['::1'], enable_ip_whitelisting: true, ip_access_control_disabled: true }, [true, false]],
    ['the same for the block list', { blacklisted_ips: ['::1'], enable_ip_blacklisting: true, ip_access_control_disabled: true }, [false, true]],
  ])('%s', (_name, classic, expected) => {
    const site = makeSite({ classic });
    expect([ipAllow.read(site) !== undefined, ipBlock.read(site) !== undefined]).toEqual(expected);
  });

  it.each([
    [{ enabled: true, allow: ['::1'], block: ['::2'] }, [true, true]],
    [{ enabled: false, allow: ['::1'] }, [false, false]],
  ])('OAS %j', (settings, expected) => {
    const site = makeSite({ oas: oas(settings) as Record<string, unknown> });
    expect([ipAllow.read(site) !== undefined, ipBlock.read(site) !== undefined]).toEqual(expected);
  });
});

describe('a set of addresses', () => {
  it('passes over what is no address', () => {
    const set = new AddressSet(['not-an-ip', '300.1.1.1', '', '10.0.0.0/33', '10.0.0.0/x', '198.51.100.7 ']);
    expect([set.has('198.51.100.7'), set.has('10.0.0.1')]).toEqual([true, false]);
  });

  it('takes IPv4 written as IPv6 for the same', () => {
    const set = new AddressSet(['::ffff:198.51.100.7', '::ffff:10.0.0.0/104']);
    expect(['198.51.100.7', '::ffff:198.51.100.7', '10.1.2.3', '11.0.0.1'].map((address) => set.has(address))).toEqual([true, true, true, false]);
  });
});
