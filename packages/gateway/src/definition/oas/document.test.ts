import { describe, expect, it } from 'vitest';
import { exportName, importOas, type OasDocument, parseOas, patchOas, publicDocument, readDeriveOptions, shownDocument, withId, withServers } from './index.ts';

const document = (value: string, more: object = {}): OasDocument => ({
  openapi: '3.0.3',
  'x-tyk-api-gateway': { info: { name: 'n' }, server: { listenPath: { value } }, upstream: { url: 'http://u' } },
  paths: {},
  ...more,
});

const urls = (result: OasDocument): unknown => (result['servers'] as { url: string }[]).map(({ url }) => url);

describe('reading and showing', () => {
  it.each([
    ['{"a": 1}', { a: 1 }],
    ['', {}],
    ['a: 1', { a: 1 }],
    ['{', undefined],
    ['[1]', undefined],
    ['text', undefined],
  ])('%j', (body, expected) => expect(parseOas(body)).toEqual(expected));

  it('keys keep their order, with an id and in the public form too', () => {
    expect(JSON.stringify(withId(document('/a'), 'i'))).toBe(JSON.stringify(document('/a')).replace('{"name":"n"}', '{"name":"n","id":"i"}'));
    expect(Object.keys(publicDocument(document('/a')))).toEqual(['openapi', 'paths']);
    expect(shownDocument(document('/a'))['components']).toEqual({});
    expect(shownDocument(document('/a', { components: { schemas: {} } }))['components']).toEqual({ schemas: {} });
  });

  it.each([
    [false, 'i', 'TykOasApiDef-i.json'],
    [true, 'i', 'oas-i.json'],
    [false, undefined, 'TykOasApiDef.json'],
    [true, undefined, 'oas.json'],
  ])('export name, public %s, id %s', (isPublic, id, name) => expect(exportName(isPublic, id)).toBe(name));
});

describe('§7 servers', () => {
  const gateway = 'https://gw:8080';

  it('own addresses come first, those of the user stay with all they say, none stands twice', () => {
    const user = { url: 'https://docs', description: 'd' };
    const result = withServers(document('/a/', { servers: [user, { url: '/a/' }] }), gateway);
    expect(result['servers']).toEqual([{ url: 'https://gw:8080/a' }, { url: '/a' }, user]);
    expect(urls(withServers(result, gateway))).toEqual(urls(result));
  });

  it('the addresses of the stored document go', () => {
    const before = withServers(document('/a/'), gateway);
    expect(urls(withServers({ ...document('/b/'), servers: before['servers'] }, gateway, before))).toEqual(['https://gw:8080/b', '/b']);
  });

  it('an API at the root', () => expect(urls(withServers(document('/'), gateway))).toEqual(['https://gw:8080/', '/']));

  it('a domain that is on takes the place of the gateway', () => {
    const at = (enabled: boolean): OasDocument => ({
      'x-tyk-api-gateway': { server: { listenPath: { value: '/a/' }, customDomain: { enabled, name: 'd.example' } } },
    });
    expect(urls(withServers(at(true), gateway))).toEqual(['https://d.example/a']);
    expect(urls(withServers(at(false), gateway))).toEqual(['https://gw:8080/a', '/a']);
  });
});

const options = (query: string): ReturnType<typeof readDeriveOptions> => readDeriveOptions(new URLSearchParams(query));

const open = { openapi: '3.0.3', info: { title: 't', version: '1' }, servers: [{ url: 'http://s' }], paths: { '/a/{id}': { get: { responses: {} } } } };

describe('§7 import beyond what the suites recorded', () => {
  const schemes = { components: { securitySchemes: { o: { type: 'oauth2' }, d: { type: 'http', scheme: 'digest' }, j: { type: 'http', scheme: 'bearer' } } } };

  it('authentication=compliant switches authentication on', () => {
    const result = importOas({ ...open, ...schemes, security: [{ o: [] }, { j: [] }] }, options('authentication=compliant'));
    expect(result).toMatchObject({
      document: {
        'x-tyk-api-gateway': {
          server: {
            authentication: {
              enabled: true,
              securityProcessingMode: 'compliant',
              baseIdentityProvider: 'jwt_claim',
              securitySchemes: { o: { enabled: true, header: { enabled: true, name: 'Authorization' } }, j: { enabled: true } },
            },
          },
        },
      },
      warnings: [],
    });
  });

  it('a scheme that no method serves is told', () => {
    const result = importOas({ ...open, ...schemes, security: [{ d: [] }] }, options('authentication=true'));
    expect('warnings' in result && result.warnings.map(({ path }) => path)).toEqual(['/components/securitySchemes/d']);
  });

  it.each([
    ['a server without a host', [{ url: 'http://' }], /^The first entry in the ‘servers’ object of your OAS is not valid\. .*"http:\/\/"/],
    ['a variable that nobody describes', [{ url: 'http://{h}/' }], /^server URL contains undefined variables$/],
    ['a variable without a value', [{ url: 'http://{h}/', variables: { h: { default: '' } } }], /^server variable h does not have a default value$/],
  ])('%s', (_name, servers, message) => {
    expect(importOas({ ...open, servers }, options(''))).toEqual({ message: expect.stringMatching(message) });
  });

  it('a reference is an upstream', () => {
    expect(importOas(open, options('upstreamURL=env%3A%2F%2FUP'))).toMatchObject({ document: { 'x-tyk-api-gateway': { upstream: { url: 'env://UP' } } } });
  });
});

describe('§7 PATCH beyond what the suites recorded', () => {
  const stored = {
    openapi: '3.0.3',
    servers: [{ url: 'http://mine' }],
    paths: {},
    'x-tyk-api-gateway': {
      info: { name: 'n' },
      server: { listenPath: { value: '/a/', strip: true } },
      upstream: { url: 'http://u', rateLimit: { enabled: true } },
      middleware: { operations: { 'a/{id}GET': { block: { enabled: true }, cache: { enabled: true } }, gone: { allow: { enabled: true } } } },
    },
  };

  it('settings of the extension stay, operations that vanished go, servers stay, a block gives way to the allow list', () => {
    const { servers: _servers, ...given } = open;
    const result = patchOas(stored, given, options('allowList=true'));
    expect('document' in result && result.document).toEqual({
      ...given,
      paths: { '/a/{id}': { get: { responses: {}, operationId: 'a/{id}GET' } } },
      servers: stored.servers,
      'x-tyk-api-gateway': {
        ...stored['x-tyk-api-gateway'],
        middleware: { operations: { 'a/{id}GET': { block: { enabled: false }, cache: { enabled: true }, allow: { enabled: true } } } },
      },
    });
  });
});
