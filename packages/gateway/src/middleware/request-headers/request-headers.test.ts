import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../contract/exchange.ts';
import { makeExchange, makeIdentity, makeSite, makeStep, runRequest, type SiteOptions } from '../testing.ts';
import { requestHeaders } from './compile.ts';

async function send(options: SiteOptions, fields: string[], path = '/api/x'): Promise<Exchange> {
  const x = makeExchange(`GET ${path}`, { fields });
  x.identity = makeIdentity({ metaData: { team: 'citrus', evil: 'a\r\nX-Injected: 1' } });
  await runRequest(makeStep(requestHeaders, makeSite(options)), x);
  return x;
}

const endpoint = { path: '/both', method: 'GET', delete_headers: ['x-global'], add_headers: { 'X-Both': 'endpoint' } };

describe('transforms §3 request headers', () => {
  it.each([
    [
      'remove, then set',
      { global_headers: { 'X-Gone': 'added' }, global_headers_remove: ['X-CLIENT', 'X-Gone'] },
      ['X-Client', '1', 'x-client', '2', 'X-Gone', '3'],
      ['X-Gone', 'added'],
    ],
    [
      'set replaces all of the name, where the first stood',
      { global_headers: { 'X-Set': 'g' } },
      ['x-set', '1', 'X-Other', '2', 'X-Set', '3'],
      ['X-Set', 'g', 'X-Other', '2'],
    ],
    ['names become canonical', { global_headers: { 'x-lower-CASE': 'l' } }, [], ['X-Lower-Case', 'l']],
    ['an empty value is sent', { global_headers: { 'X-E': '' } }, [], ['X-E', '']],
    ['variables', { global_headers: { 'X-Team': '$tyk_meta.team', 'X-None': '$tyk_meta.none' } }, [], ['X-Team', 'citrus', 'X-None', '']],
    ['a value brings no lines of its own', { global_headers: { 'X-Evil': '$tyk_meta.evil' } }, [], ['X-Evil', 'a X-Injected: 1']],
    ['Host stays', { global_headers: { host: 'other', 'X-A': '1' }, global_headers_remove: ['Host'] }, [], ['X-A', '1']],
  ])('%s', async (_name, version, fields, expected) => {
    expect((await send({ version }, fields)).fields).toEqual(['Host', 'gw.example', ...expected]);
  });

  it('the endpoint comes after the global rules', async () => {
    const version = { global_headers: { 'X-Global': 'g', 'X-Both': 'global' }, extended_paths: { transform_headers: [endpoint] } };
    expect((await send({ version }, [], '/api/both')).fields).toEqual(['Host', 'gw.example', 'X-Both', 'endpoint']);
    expect((await send({ version }, [])).fields).toEqual(['Host', 'gw.example', 'X-Global', 'g', 'X-Both', 'global']);
  });

  it('without X-Forwarded-For none is made', async () => {
    const x = await send({ version: { global_headers_remove: ['X-Forwarded-For'] } }, ['X-Forwarded-For', '1.2.3.4']);
    expect([x.noForwardedFor, x.field('x-forwarded-for')]).toEqual([true, undefined]);
  });

  it('the client’s own list is not touched', async () => {
    const x = await send({ version: { global_headers: { 'X-Set': 'g' } } }, ['X-Set', 'client']);
    expect(x.head.fields).toEqual(['Host', 'gw.example', 'X-Set', 'client']);
  });

  it('the spelling is kept on demand', async () => {
    const x = await send({ version: { global_headers: { 'x-lower': 'l' } }, config: { ignore_canonical_mime_header_key: true } }, []);
    expect(x.fields.slice(2)).toEqual(['x-lower', 'l']);
  });

  it.each([
    ['nothing', {}],
    ['disabled', { global_headers: { 'X-A': '1' }, global_headers_disabled: true, extended_paths: { transform_headers: [{ ...endpoint, disabled: true }] } }],
  ])('contributes no step: %s', (_name, version) => {
    expect(requestHeaders.read(makeSite({ version }))).toBeUndefined();
  });
});
