import { describe, expect, it } from 'vitest';
import { makeExchange, makeIdentity, makeSite, makeStep, runRequest, type SiteOptions } from '../testing.ts';
import { authToken, stripAuth } from './compile.ts';

const MISSING = '401 Authorization field missing';
const UNKNOWN = '403 Access to this API has been disallowed';
const identities = { key: {}, Bearer: {} };
const token = (config: object, more: object = {}): SiteOptions => ({
  classic: { use_standard_auth: true, auth_configs: { authToken: config }, ...more },
  identities,
});

async function ask(options: SiteOptions, line: string, fields: string[] = []): Promise<string> {
  const x = makeExchange(line, { fields });
  const { refused } = await runRequest(makeStep(authToken, makeSite(options)), x);
  return refused ?? `${x.credential} ${x.identity?.token}`;
}

const found = 'key orgkey';

describe('auth §2 credential lookup', () => {
  const all = token({ use_param: true, param_name: 'q', use_cookie: true, cookie_name: 'c' });
  const noHeader = token({ disable_header: true, auth_header_name: 'X-Key', use_param: true });

  it.each([
    ['Authorization', token({}), 'GET /api/x', ['Authorization', 'key'], found],
    ['no configuration at all', { identities }, 'GET /api/x', ['Authorization', 'key'], found],
    ['own header', token({ auth_header_name: 'X-Key' }), 'GET /api/x', ['x-key', 'key'], found],
    ['own header: not in Authorization', token({ auth_header_name: 'X-Key' }), 'GET /api/x', ['Authorization', 'key'], MISSING],
    ['deprecated auth block', { classic: { auth: { auth_header_name: 'X-Old' } }, identities }, 'GET /api/x', ['X-Old', 'key'], found],
    ['auth_configs beats it', token({ auth_header_name: 'X-New' }, { auth: { auth_header_name: 'X-Old' } }), 'GET /api/x', ['X-Old', 'key'], MISSING],
    ['the first of two', token({}), 'GET /api/x', ['Authorization', 'key', 'Authorization', 'other'], found],
    ['parameter', all, 'GET /api/x?q=key', ['Authorization', 'other'], found],
    ['an empty parameter does not overrule', all, 'GET /api/x?q=', ['Authorization', 'key'], found],
    ['cookie', all, 'GET /api/x?q=other', ['Cookie', 'a=1; c=key'], found],
    ['an empty cookie does not overrule', all, 'GET /api/x?q=key', ['Cookie', 'c='], found],
    ['parameter is named as the header', token({ auth_header_name: 'X-Key', use_param: true }), 'GET /api/x?X-Key=key', [], found],
    ['parameter without use_param', token({ param_name: 'q' }), 'GET /api/x?q=key', [], MISSING],
    ['disable_header', noHeader, 'GET /api/x', ['X-Key', 'key'], MISSING],
    ['disable_header: the standard name', noHeader, 'GET /api/x?Authorization=key', [], found],
    ['cookie is named as the header', token({ auth_header_name: 'X-Key', use_cookie: true }), 'GET /api/x', ['Cookie', 'X-Key=key'], found],
  ] as const)('%s', async (_name, options, line, fields, expected) => {
    expect(await ask(options as SiteOptions, line, [...fields])).toBe(expected);
  });
});

describe('auth §1 and §4 auth token', () => {
  it.each([
    ['nothing', [], MISSING],
    ['empty', ['Authorization', ''], MISSING],
    ['Bearer', ['Authorization', 'Bearer key'], found],
    ['bearer', ['Authorization', 'bearer key'], found],
    ['Bearer alone is a key', ['Authorization', 'Bearer'], 'Bearer orgkey'],
    ['Bearer and nothing', ['Authorization', 'Bearer '], UNKNOWN],
    ['two blanks', ['Authorization', 'Bearer  key'], UNKNOWN],
    ['another scheme is part of the key', ['Authorization', 'Basic key'], UNKNOWN],
    ['unknown', ['Authorization', 'nobody'], UNKNOWN],
  ])('%s', async (_name, fields, expected) => {
    expect(await ask(token({}), 'GET /api/x', fields)).toBe(expected);
  });

  it('an unknown key fires AuthFailure, a missing one does not', async () => {
    const site = makeSite(token({}));
    const step = makeStep(authToken, site);
    await runRequest(step, makeExchange('GET /api/x'));
    await runRequest(step, makeExchange('GET /api/x', { fields: ['Authorization', 'Bearer nobody'] }));
    expect(site.events).toEqual([{ name: 'AuthFailure', meta: { path: '/api/x', origin: '127.0.0.1', key: 'nobody' } }]);
  });

  it('waits for a store that answers later', async () => {
    const site = makeSite(token({}));
    const later = { ...site, use: { ...site.use, identify: async () => makeIdentity({ token: 'late' }) } };
    const x = makeExchange('GET /api/x', { fields: ['Authorization', 'key'] });
    await runRequest(makeStep(authToken, later), x);
    expect(x.identity?.token).toBe('late');
  });

  it('a loop keeps the caller', async () => {
    const x = makeExchange('GET /api/x');
    x.identity = makeIdentity({ token: 'before' });
    x.loopLevel = 1;
    expect((await runRequest(makeStep(authToken, makeSite(token({}))), x)).refused).toBeUndefined();
  });

  it.each([
    ['keyless', { use_keyless: true, use_standard_auth: true }],
    ['another method is on', { use_basic_auth: true }],
  ])('contributes no step: %s', (_name, classic) => {
    expect(authToken.read(makeSite({ classic }))).toBeUndefined();
  });
});

describe('OAS security schemes', () => {
  const oas = (component: object, scheme: object = { enabled: true }, security: object[] = [{ key: [] }]): SiteOptions => ({
    identities,
    oas: {
      components: { securitySchemes: { key: { type: 'apiKey', ...component } } },
      security,
      'x-tyk-api-gateway': { server: { authentication: { enabled: true, securitySchemes: { key: scheme } } } },
    },
  });

  it.each([
    ['header', oas({ in: 'header', name: 'X-Key' }), 'GET /api/x', ['X-Key', 'key'], found],
    ['query', oas({ in: 'query', name: 'token' }), 'GET /api/x?token=key', [], found],
    ['query: no header', oas({ in: 'query', name: 'token' }), 'GET /api/x', ['Authorization', 'key'], MISSING],
    ['cookie', oas({ in: 'cookie', name: 'jar' }), 'GET /api/x', ['Cookie', 'jar=key'], found],
    ['more sources', oas({ in: 'header', name: 'X-Key' }, { enabled: true, query: { enabled: true, name: 'q' } }), 'GET /api/x?q=key', [], found],
    ['not listed in security', oas({ in: 'header', name: 'X-Key' }, { enabled: true }, []), 'GET /api/x', ['Authorization', 'Bearer key'], found],
  ] as const)('%s', async (_name, options, line, fields, expected) => {
    expect(await ask(options, line, [...fields])).toBe(expected);
  });
});

describe('strip_auth_data', () => {
  const strip = (config: object): SiteOptions => token(config, { strip_auth_data: true });
  const all = { use_param: true, param_name: 'q', use_cookie: true, cookie_name: 'c' };

  it.each([
    ['field, parameter and cookie', all, 'b=2&q=key&a=1', ['Authorization', 'key', 'Cookie', 'd=1; c=key; e=2'], 'a=1&b=2', ['Cookie', 'd=1; e=2']],
    ['a cookie alone takes its field along', all, '', ['Cookie', 'c=key'], '', []],
    ['names of cookies are compared in full', { use_cookie: true, cookie_name: 'c' }, '', ['Cookie', 'cc=1'], '', ['Cookie', 'cc=1']],
    ['own header', { auth_header_name: 'X-Key' }, 'x=1', ['X-Key', 'key', 'Authorization', 'Basic eDp5'], 'x=1', ['Authorization', 'Basic eDp5']],
    [
      'the field goes also where it is not read',
      { disable_header: true, use_param: true, param_name: 'q' },
      'q=key&b=1',
      ['Authorization', 'Basic eDp5'],
      'b=1',
      [],
    ],
  ])('%s', async (_name, config, query, fields, queryAfter, fieldsAfter) => {
    const x = makeExchange(`GET /api/x?${query}`, { fields });
    await runRequest(makeStep(stripAuth, makeSite(strip(config))), x);
    expect([x.query, x.fields]).toEqual([queryAfter, ['Host', 'gw.example', ...fieldsAfter]]);
  });

  it('is nothing for keyless APIs', () => {
    expect(stripAuth.read(makeSite({ classic: { use_keyless: true, strip_auth_data: true } }))).toBeUndefined();
  });
});
