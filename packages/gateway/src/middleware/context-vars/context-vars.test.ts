import { describe, expect, it } from 'vitest';
import { compileTemplate } from '../template.ts';
import { makeExchange, makeIdentity, makeSite, makeStep, type RequestOptions, runRequest } from '../testing.ts';
import { contextVars } from './compile.ts';

const site = makeSite({ classic: { enable_context_vars: true }, version: { global_headers: { 'X-Q': '$tyk_context.request_data' } } });

async function fill(text: string, line: string, options: RequestOptions = {}): Promise<string> {
  const x = makeExchange(line, options);
  await runRequest(makeStep(contextVars, site), x);
  return compileTemplate(text, site.use.config)(x);
}

describe('transforms §1 $tyk_context', () => {
  const form = { fields: ['Content-Type', 'application/x-www-form-urlencoded'], body: 'f=a+b&g=1' };
  const cookies = { fields: ['Cookie', 'a-b=one; d="quoted"'] };

  it.each([
    ['path', 'GET /api/path/x?q=1', {}, '/api/path/x'],
    ['path_parts', 'GET /api/path/x', {}, 'api,path,x'],
    ['remote_addr', 'GET /api/x', { clientIp: '203.0.113.9' }, '203.0.113.9'],
    ['headers_X_In', 'GET /api/x', { fields: ['x-in', 'one', 'X-In', 'two'] }, 'one'],
    ['headers_x_in', 'GET /api/x', { fields: ['x-in', 'one'] }, ''],
    ['headers_Host', 'GET /api/x', {}, 'gw.example'],
    ['cookies_a_b', 'GET /api/x', cookies, 'one'],
    ['cookies_d', 'GET /api/x', cookies, 'quoted'],
    ['request_data_b_c', 'GET /api/x?b-c=1&b-c=2', {}, '1'],
    ['request_data', 'GET /api/x?a=1&b=2&a=3', {}, 'a:1,3;b:2'],
    ['request_data_f', 'POST /api/x?f=q', form, 'a b'],
    ['request_data', 'POST /api/x?f=q', form, 'f:a b,q;g:1'],
    ['request_data_f', 'POST /api/x', { ...form, fields: ['Content-Type', 'text/plain'] }, ''],
    ['nothing', 'GET /api/x', {}, ''],
    ['toString', 'GET /api/x', {}, ''],
  ] as const)('%s of %s', async (name, line, options, expected) => {
    expect(await fill(`[$tyk_context.${name}]`, line, options as RequestOptions)).toBe(`[${expected}]`);
  });

  it('request_id is one for a request', async () => {
    const [first = '', second] = (await fill('$tyk_context.request_id $tyk_context.request_id', 'GET /api/x')).split(' ');
    expect(first).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(second).toBe(first);
  });

  it('token is the key as stored', () => {
    const x = makeExchange('GET /api/x');
    x.context = new Map();
    x.identity = makeIdentity({ token: 'orgabc' });
    expect(compileTemplate('$tyk_context.token', site.use.config)(x)).toBe('orgabc');
  });

  it('is empty where the API does not enable it', () => {
    expect(compileTemplate('[$tyk_context.path]', site.use.config)(makeExchange('GET /api/x'))).toBe('[]');
    expect(contextVars.read(makeSite())).toBeUndefined();
  });
});

describe('the body of a form', () => {
  const form = { fields: ['Content-Type', 'application/x-www-form-urlencoded'], body: 'f=1' };

  it('is kept for the upstream', async () => {
    const x = makeExchange('POST /api/x', form);
    await runRequest(makeStep(contextVars, site), x);
    expect(x.body?.toString()).toBe('f=1');
  });

  it('is not read where no template asks for it', async () => {
    const x = makeExchange('POST /api/x', form);
    await runRequest(makeStep(contextVars, makeSite({ classic: { enable_context_vars: true } })), x);
    expect(x.body).toBeUndefined();
  });

  it('is not read where it is large or of unknown length', async () => {
    for (const contentLength of [2 ** 20 + 1, -1]) {
      const x = makeExchange('POST /api/x', { ...form, contentLength });
      await runRequest(makeStep(contextVars, site), x);
      expect(x.body).toBeUndefined();
    }
  });
});
