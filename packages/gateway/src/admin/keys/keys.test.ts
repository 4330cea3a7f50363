import { describe, expect, it } from 'vitest';
import { quotaCounter } from '../../identity/counter-names.ts';
import { classic, ORG, rightsTo, testGateway } from '../test/gateway.ts';

const message = (text: string): object => ({ json: { status: 'error', message: text } });
const CERTIFICATE = `${ORG}${'ab'.repeat(32)}`;

/** gateway-api.md §6; what the recorded suites do not hold. */
describe('certificates of keys', () => {
  it('makes the key of a certificate once, by /keys/create only', async () => {
    using gateway = await testGateway();
    const session = rightsTo('one', { certificate: CERTIFICATE });
    expect(await gateway.ask('POST /tyk/keys/create', session)).toMatchObject({ status: 200, json: { key: CERTIFICATE } });
    expect(await gateway.ask('POST /tyk/keys/create', session)).toMatchObject({
      status: 500,
      ...message(`Failed to create key - Key with given certificate already found:${CERTIFICATE}`),
    });
    const other = await gateway.ask('POST /tyk/keys', session);
    expect(other).toMatchObject({ status: 200, json: { key: expect.stringMatching(new RegExp(`^${ORG}[0-9a-f]{32}$`)) } });
  });

  it.each([
    ['', 'Key cannot be used without a certificate'],
    [`${ORG}${'cd'.repeat(32)}`, 'Key must be used with an existent certificate'],
  ])('refuses an update to the certificate %j', async (certificate, text) => {
    using gateway = await testGateway();
    await gateway.ask('POST /tyk/keys/create', rightsTo('one', { certificate: CERTIFICATE }));
    expect(await gateway.ask(`PUT /tyk/keys/${CERTIFICATE}`, rightsTo('one', { certificate }))).toMatchObject({ status: 400, ...message(text) });
  });

  it('takes an update to a certificate that is stored', async () => {
    const stored = `${ORG}${'ef'.repeat(32)}`;
    using gateway = await testGateway({}, { certificates: [stored] });
    await gateway.ask('POST /tyk/keys/create', rightsTo('one', { certificate: CERTIFICATE }));
    expect(await gateway.ask(`PUT /tyk/keys/${CERTIFICATE}`, rightsTo('one', { certificate: stored }))).toMatchObject({ status: 200 });
  });

  it.each([
    ['no-such-cert', 'invalid certificate ID: no-such-cert'],
    [CERTIFICATE, `certificate not found: ${CERTIFICATE}`],
  ])('refuses the binding %s', async (id, text) => {
    using gateway = await testGateway();
    const session = rightsTo('one', { mtls_static_certificate_bindings: [id] });
    for (const line of ['POST /tyk/keys', 'POST /tyk/keys/create']) expect(await gateway.ask(line, session)).toMatchObject({ status: 400, ...message(text) });
  });
});

describe('secrets of keys', () => {
  it('makes a new HMAC secret by /keys/create, and keeps a given one otherwise', async () => {
    using gateway = await testGateway();
    const session = rightsTo('one', { hmac_enabled: true, hmac_string: 'given' });
    const made = (await gateway.ask('POST /tyk/keys/create', session)).json as { key: string };
    await gateway.ask('POST /tyk/keys/own', session);
    expect(await gateway.ask(`GET /tyk/keys/${made.key}`)).toMatchObject({ json: { hmac_string: expect.stringMatching(/^[\w+/]{43}=$/) } });
    expect(await gateway.ask(`GET /tyk/keys/${ORG}own`)).toMatchObject({ json: { hmac_string: 'given' } });
  });

  it('stores passwords hashed, keeps them over an update and shows none', async () => {
    using gateway = await testGateway();
    await gateway.ask('POST /tyk/keys/joe', rightsTo('one', { basic_auth_data: { password: 'open sesame' } }));
    const stored = async (): Promise<string> => (await gateway.context.keys.get(`${ORG}joe`))?.json ?? '';
    const before = await stored();
    expect(before).toMatch(/"basic_auth_data":\{"password":"\$2a\$10\$[^"]{53}","hash_type":"bcrypt"\}/);
    await gateway.ask('PUT /tyk/keys/joe', rightsTo('one', { alias: 'joe' }));
    expect((await stored()).includes(before.slice(before.indexOf('$2a$'), before.indexOf('","hash_type')))).toBe(true);
    await gateway.ask('PUT /tyk/keys/joe', rightsTo('one', { basic_auth_data: { password: 'changed' } }));
    expect((await stored()).includes(before.slice(before.indexOf('$2a$'), before.indexOf('","hash_type')))).toBe(false);
    expect(await gateway.ask(`GET /tyk/keys/${ORG}joe`)).toMatchObject({ json: { basic_auth_data: { hash_type: 'bcrypt' } } });
    expect(JSON.stringify((await gateway.ask('POST /tyk/keys/preview', rightsTo('one', { basic_auth_data: { password: 'p' } }))).json)).not.toContain('"p"');
  });

  it('refuses a password that would be cut', async () => {
    using gateway = await testGateway();
    const session = rightsTo('one', { basic_auth_data: { password: 'x'.repeat(73) } });
    const answer = message('The password is longer than 72 bytes, which is all that bcrypt can look at');
    for (const line of ['POST /tyk/keys/joe', 'POST /tyk/keys/create']) expect(await gateway.ask(line, session)).toMatchObject({ status: 400, ...answer });
  });

  it('hashes passwords as the configuration says', async () => {
    using gateway = await testGateway({ conf: { basic_auth_hash_key_function: 'sha256' } });
    await gateway.ask('POST /tyk/keys/joe', rightsTo('one', { basic_auth_data: { password: 'apple' } }));
    const digest = '3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b';
    expect((await gateway.context.keys.get(`${ORG}joe`))?.json).toContain(`"password":"${digest}","hash_type":"sha256"`);
  });
});

describe('the end of a key', () => {
  const trial = { id: 'trial', org_id: ORG, key_expires_in: 600, access_rights: { one: { api_id: 'one', versions: ['Default'] } } };
  const NOW = Date.UTC(2026, 0, 1);
  const END = NOW / 1000 + 600;
  const files = { policies: [trial] };
  const given = { org_id: ORG, apply_policies: ['trial'] };

  it.each([
    ['an update that does not mention it keeps it', {}, END],
    ['an update to 0 takes it away', { expires: 0 }, undefined],
    ['an update to -1 takes it away', { Expires: -1 }, -1],
    ['an update to another one sets it', { expires: END + 5 }, END + 5],
  ])('trial policy: %s', async (_name, change, expires) => {
    using gateway = await testGateway(files, { now: () => NOW });
    await gateway.ask('POST /tyk/keys/mine', given);
    await gateway.ask('PUT /tyk/keys/mine', { ...given, ...change });
    const { json } = await gateway.ask(`GET /tyk/keys/${ORG}mine`);
    expect((json as { expires?: number }).expires).toBe(expires);
  });

  it('a key made again is a new trial', async () => {
    let now = NOW;
    using gateway = await testGateway(files, { now: () => now });
    await gateway.ask('POST /tyk/keys/mine', given);
    now += 60_000;
    await gateway.ask('POST /tyk/keys/mine', given);
    expect(await gateway.ask(`GET /tyk/keys/${ORG}mine`)).toMatchObject({ json: { expires: END + 60 } });
  });

  it('the store forgets a key whose life is over', async () => {
    let now = NOW;
    using gateway = await testGateway({ apis: [classic('one', { session_lifetime: 30 })] }, { now: () => now });
    await gateway.ask('POST /tyk/keys/short', rightsTo('one'));
    now += 29_000;
    expect(await gateway.ask(`GET /tyk/keys/${ORG}short`)).toMatchObject({ status: 200 });
    now += 2000;
    expect(await gateway.ask(`GET /tyk/keys/${ORG}short`)).toMatchObject({ status: 404, ...message('Key not found') });
  });
});

describe('counters of quotas', () => {
  const NOW = Date.UTC(2026, 0, 1);
  const session = rightsTo('one', { quota_max: 5, quota_renewal_rate: 60 });

  it.each([
    ['PUT', '', 5],
    ['PUT', '?suppress_reset=1', 3],
    ['PUT', '?suppress_reset=true', 5],
    ['POST', '', 5],
    ['POST', '?suppress_reset=1', 3],
  ])('%s%s leaves %i', async (method, query, left) => {
    using gateway = await testGateway({ apis: [classic('one')] }, { now: () => NOW });
    await gateway.ask('POST /tyk/keys/mine', session);
    const counter = quotaCounter(`${ORG}mine`, '');
    for (let i = 0; i < 2; i++) await gateway.context.counters.hit(counter, 60_000, NOW);
    await gateway.ask(`${method} /tyk/keys/mine${query}`, session);
    await gateway.context.counters.hit(counter, 60_000, NOW);
    expect(await gateway.ask(`GET /tyk/keys/${ORG}mine`)).toMatchObject({ json: { quota_max: 5, quota_remaining: left - 1, quota_renews: NOW / 1000 + 60 } });
  });

  it('a deleted key takes the counters of its scopes along', async () => {
    using gateway = await testGateway({}, { now: () => NOW });
    const right = { api_id: 'one', versions: ['Default'], limit: { quota_max: 3, quota_renewal_rate: 60 } };
    await gateway.ask('POST /tyk/keys/mine', { org_id: ORG, access_rights: { one: right } });
    const counter = quotaCounter(`${ORG}mine`, 'one');
    await gateway.context.counters.hit(counter, 60_000, NOW);
    expect(await gateway.ask(`GET /tyk/keys/${ORG}mine`)).toMatchObject({
      json: { access_rights: { one: { limit: { quota_remaining: 2 }, allowance_scope: 'one' } } },
    });
    await gateway.ask(`DELETE /tyk/keys/${ORG}mine`);
    expect(await gateway.context.counters.peek(counter, NOW)).toBeUndefined();
  });
});

describe('names of keys', () => {
  it('lists no hashed keys unless the configuration allows it', async () => {
    using gateway = await testGateway({ conf: { hash_keys: true } });
    expect(await gateway.ask('GET /tyk/keys')).toMatchObject({
      status: 404,
      ...message('Hashed key listing is disabled in config (enable_hashed_keys_listing)'),
    });
  });

  it('lists the keys of an API in order', async () => {
    using gateway = await testGateway({ conf: { hash_keys: true, enable_hashed_keys_listing: true } });
    const hashes: string[] = [];
    for (const id of ['alder', 'birch', 'cedar'])
      hashes.push(((await gateway.ask(`POST /tyk/keys/${id}`, rightsTo('one'))).json as { key_hash: string }).key_hash);
    await gateway.ask('POST /tyk/keys/dogwood', rightsTo('two'));
    expect(await gateway.ask('GET /tyk/keys?api_id=one')).toMatchObject({ json: { keys: hashes.toSorted() } });
    const all = (await gateway.ask('GET /tyk/keys')).json as { keys: string[] };
    expect(all.keys).toHaveLength(4);
  });

  it('gives up on a list that takes too long', async () => {
    let now = 0;
    using gateway = await testGateway({ conf: { hash_keys: true, enable_hashed_keys_listing: true } }, { now: () => (now += 20_000) });
    for (const id of ['alder', 'birch', 'cedar']) await gateway.ask(`POST /tyk/keys/${id}`, rightsTo('one'));
    expect(await gateway.ask('GET /tyk/keys?api_id=one')).toMatchObject({ status: 504, ...message('Request timeout while processing keys') });
  });

  it('stores a key under a given hash', async () => {
    using gateway = await testGateway({ conf: { hash_keys: true } });
    expect(await gateway.ask('POST /tyk/keys/cafe0001?hashed=true', rightsTo('one'))).toMatchObject({ json: { key: 'cafe0001', key_hash: 'cafe0001' } });
    expect(await gateway.ask('GET /tyk/keys/cafe0001?hashed=true')).toMatchObject({ status: 200 });
  });
});

describe('fields that only MCP proxies have', () => {
  const rights = { one: { api_id: 'one', versions: ['Default'], mcp_access_rights: { tools: { allowed: ['x'] } } } };
  const text = 'MCP fields can only be configured on MCP Proxies, API "one" is not an MCP Proxy';

  it('are refused on an ordinary API', async () => {
    using gateway = await testGateway({ apis: [classic('one')] });
    expect(await gateway.ask('POST /tyk/keys', { org_id: ORG, access_rights: rights })).toMatchObject({ status: 400, ...message(text) });
  });

  it('are taken for an MCP proxy, which only lists that ask for it show', async () => {
    using gateway = await testGateway({ apis: [classic('one', { application_protocol: 'mcp' })] });
    expect(await gateway.ask('POST /tyk/keys', { org_id: ORG, access_rights: rights })).toMatchObject({ status: 200 });
    expect(await gateway.ask('GET /tyk/apis')).toMatchObject({ json: [] });
    expect(await gateway.ask('GET /tyk/apis?include_types=mcp')).toMatchObject({ json: [{ api_id: 'one' }] });
  });
});

it('tells what happened to a key', async () => {
  using gateway = await testGateway();
  await gateway.ask('POST /tyk/keys/mine', rightsTo('one'));
  await gateway.ask('PUT /tyk/keys/mine', rightsTo('one'));
  await gateway.ask(`POST /tyk/keys/policy/${ORG}mine`, { policy: 'none' });
  await gateway.ask(`DELETE /tyk/keys/${ORG}mine`);
  const meta = { org: ORG, key: `${ORG}mine` };
  expect(gateway.events).toEqual(['TokenCreated', 'TokenUpdated', 'TokenUpdated', 'TokenDeleted'].map((name) => ({ name, meta })));
});
