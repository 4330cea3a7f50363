import { describe, expect, it } from 'vitest';
import type { AdminContext } from './context.ts';
import { type AdminGateway, testGateway } from './test/gateway.ts';

const SPEC = {
  api_id: 'a',
  name: 'a',
  org_id: 'o',
  use_keyless: true,
  proxy: { listen_path: '/a/', target_url: 'http://up' },
  version_data: { not_versioned: true },
};
const REQUEST = { method: 'GET', path: '/x' };

type Debug = AdminContext['debug'];

async function gatewayWith(asked: Parameters<Debug>[]): Promise<AdminGateway> {
  const gateway = await testGateway();
  gateway.context.debug = (...given) => {
    asked.push(given);
    return Promise.resolve({ served: true, text: 'dump', logs: '{}\n' });
  };
  return gateway;
}

describe('POST /tyk/debug', () => {
  it('hands definition and request to a data thread, and shows what came of it', async () => {
    const asked: Parameters<Debug>[] = [];
    using gateway = await gatewayWith(asked);
    const headers = { 'X-One': ['1', '2'], 'Content-Length': ['9'] };
    const answer = await gateway.ask('POST /tyk/debug', { spec: SPEC, request: { path: '/x?y=1', headers, body: 'b' } });
    expect(answer).toMatchObject({ status: 200, json: { message: 'ok', response: 'dump', logs: '{}\n' } });
    const [definition, request] = asked[0] as Parameters<Debug>;
    expect([definition.listenPath, definition.oas]).toEqual(['/a/', undefined]);
    expect(request).toEqual({ method: 'GET', path: '/x?y=1', fields: ['X-One', '1', 'X-One', '2'], body: 'b' });
  });

  it.each([
    ['a path that ends the request line', { ...REQUEST, path: '/x HTTP/1.1\r\nX: 1' }],
    ['a method that is none', { ...REQUEST, method: 'GET /' }],
    ['a field that ends the line', { ...REQUEST, headers: { A: ['1\r\nB: 2'] } }],
    ['a field without a name', { ...REQUEST, headers: { '': ['1'] } }],
    ['fields that are no lists', { ...REQUEST, headers: { A: '1' } }],
    ['a body that is no text', { ...REQUEST, body: {} }],
    ['no object', 'GET /'],
  ])('refuses %s', async (_, request) => {
    const asked: Parameters<Debug>[] = [];
    using gateway = await gatewayWith(asked);
    const answer = await gateway.ask('POST /tyk/debug', { spec: SPEC, request });
    expect([answer.status, answer.json, asked]).toEqual([400, { status: 'error', message: 'Request malformed' }, []]);
  });

  it('says what is wrong with an OAS document', async () => {
    using gateway = await gatewayWith([]);
    const answer = await gateway.ask('POST /tyk/debug', { oas: { openapi: '3.0.3' }, request: REQUEST });
    expect(answer).toMatchObject({ status: 400, json: { message: 'error', response: '' } });
    expect((answer.json as { logs: string }).logs).toContain('x-tyk-api-gateway');
  });

  it('says what Tyk says of a definition without listen path', async () => {
    using gateway = await gatewayWith([]);
    const { status, json } = await gateway.ask('POST /tyk/debug', { spec: { api_id: 'x', proxy: {} }, request: REQUEST });
    const lines = (json as { logs: string }).logs.replaceAll(/"time":"[^"]+"/g, '"time":"<time>"').split('\n');
    expect([status, lines]).toEqual([
      400,
      [
        '{"api_id":"x","api_name":"","level":"error","msg":"Listen path is empty","org_id":"","time":"<time>","type":"request"}',
        '{"api_id":"x","api_name":"","level":"warning","msg":"Spec not valid, skipped!","org_id":"","time":"<time>","type":"request"}',
        '',
      ],
    ]);
  });

  it('is 503 where no data thread could do it', async () => {
    using gateway = await testGateway();
    expect(await gateway.ask('POST /tyk/debug', { spec: SPEC, request: REQUEST })).toMatchObject({ status: 503 });
  });
});
