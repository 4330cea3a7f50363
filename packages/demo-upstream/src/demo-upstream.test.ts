import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDemoUpstream, type DemoUpstream } from './index.ts';

let upstream: DemoUpstream;
beforeAll(async () => (upstream = await createDemoUpstream()));
afterAll(() => upstream.close());

const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(upstream.url + path, { redirect: 'manual', ...init });
const shown = async (path: string, init: RequestInit = {}): Promise<any> => (await ask(path, init)).json();

describe('echo', () => {
  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('%s shows method, query and header fields', async (method) => {
    const echo = await shown(`/${method.toLowerCase()}?a=1&a=2&b=`, { method, headers: { 'X-Thing': 'yes' } });
    expect(echo).toMatchObject({ method, args: { a: ['1', '2'], b: '' }, headers: { 'X-Thing': 'yes' }, origin: '127.0.0.1' });
  });

  test('another method than the path says is refused with the right one', async () => {
    const answer = await ask('/post');
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test.each([
    ['JSON', { body: '{"a":[1]}', headers: { 'Content-Type': 'application/json' } }, { json: { a: [1] }, data: '{"a":[1]}', form: {} }],
    ['a form', { body: new URLSearchParams({ a: 'x y', b: '' }) }, { json: null, data: '', form: { a: 'x y', b: '' } }],
    ['bytes', { body: Buffer.from([0xff, 0x00]), headers: { 'Content-Type': 'image/x' } }, { data: 'data:image/x;base64,/wA=', json: null }],
  ])('a body of %s', async (_, init, want) => {
    expect(await shown('/anything/below', { method: 'POST', ...init })).toMatchObject(want);
  });

  test('the address is the one that a gateway tells', async () => {
    expect(await shown('/ip', { headers: { 'X-Forwarded-For': '192.0.2.7, 10.0.0.1' } })).toEqual({ origin: '192.0.2.7, 10.0.0.1' });
  });

  test('header names keep their case', async () => {
    const text = await new Promise<string>((done) => {
      const sent = request(`${upstream.url}/headers`, { headers: { 'X-MiXeD': ['1', '2'] } }, (answer) => answer.setEncoding('utf8').once('data', done));
      sent.end();
    });
    expect(JSON.parse(text)).toMatchObject({ headers: { 'X-MiXeD': '1,2' } });
  });
});

describe('answers made to order', () => {
  test.each([
    ['/status/418', 418],
    ['/status/204', 204],
    ['/status/99', 200],
    ['/status/word', 200],
    ['/nothing', 404],
    ['/constructor', 404],
    ['/%zz', 400],
  ])('%s gives %i', async (path, status) => {
    expect((await ask(path)).status).toBe(status);
  });

  test('/bytes/N', async () => {
    expect((await (await ask('/bytes/70000')).arrayBuffer()).byteLength).toBe(70_000);
  });

  test('/stream/N', async () => {
    const lines = (await (await ask('/stream/3')).text()).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).id)).toEqual([0, 1, 2]);
  });

  test('/redirect/N ends at /get', async () => {
    expect((await ask('/redirect/2')).headers.get('location')).toBe('/redirect/1');
    expect((await fetch(`${upstream.url}/redirect/2`)).url).toBe(`${upstream.url}/get`);
  });

  test('/gzip', async () => {
    const answer = await ask('/gzip');
    expect([answer.headers.get('content-encoding'), ((await answer.json()) as { gzipped: boolean }).gzipped]).toEqual(['gzip', true]);
  });

  test.each([
    ['anna:secret', 200],
    ['anna:wrong', 401],
  ])('/basic-auth with %s gives %i', async (credentials, status) => {
    expect((await ask('/basic-auth/anna/secret', { headers: { Authorization: `Basic ${btoa(credentials)}` } })).status).toBe(status);
  });

  test.each([
    ['X-One=1&X-One=2', 200, '1, 2'],
    ['Content-Length=3', 400, null],
    ['X-One=a%0D%0Ab', 400, null],
  ])('/response-headers?%s gives %i', async (query, status, value) => {
    const answer = await ask(`/response-headers?${query}`);
    expect([answer.status, answer.headers.get('x-one')]).toEqual([status, value]);
  });

  test.each([
    ['/json', 'application/json'],
    ['/xml', 'application/xml'],
    ['/html', 'text/html; charset=utf-8'],
    ['/uuid', 'application/json'],
    ['/delay/0', 'application/json'],
    ['/', 'application/json'],
  ])('%s is %s', async (path, type) => {
    expect((await ask(path)).headers.get('content-type')).toBe(type);
  });

  test('cookies and user agent', async () => {
    expect(await shown('/cookies', { headers: { Cookie: 'a=1; b=x=y' } })).toEqual({ cookies: { a: '1', b: 'x=y' } });
    expect(await shown('/user-agent', { headers: { 'User-Agent': 'test/1' } })).toEqual({ 'user-agent': 'test/1' });
  });

  test('a body that is too long is answered with 413', async () => {
    expect((await ask('/post', { method: 'POST', body: Buffer.alloc(10_485_761) })).status).toBe(413);
  });
});

describe('/ws', () => {
  async function echoed(message: string | Uint8Array<ArrayBuffer>): Promise<unknown> {
    const socket = new WebSocket(`${upstream.url.replace('http', 'ws')}/ws`);
    socket.binaryType = 'arraybuffer';
    await new Promise((done) => socket.addEventListener('open', done, { once: true }));
    const answer = new Promise<unknown>((done) => socket.addEventListener('message', ({ data }) => done(data), { once: true }));
    socket.send(message);
    const data = await answer;
    const closed = new Promise<number>((done) => socket.addEventListener('close', ({ code }) => done(code)));
    socket.close(1000);
    expect(await closed).toBe(1000);
    return data;
  }

  test.each([5, 125, 126, 65_535, 65_536, 200_000])('sends a text of %i characters back', async (length) => {
    expect(await echoed('x'.repeat(length))).toBe('x'.repeat(length));
  });

  test('sends bytes back', async () => {
    expect(new Uint8Array((await echoed(new Uint8Array([0, 255, 7]))) as ArrayBuffer)).toEqual(new Uint8Array([0, 255, 7]));
  });

  test('a message that is too long closes with 1009', async () => {
    const socket = new WebSocket(`${upstream.url.replace('http', 'ws')}/ws`);
    const closed = new Promise<number>((done) => socket.addEventListener('close', ({ code }) => done(code)));
    socket.addEventListener('open', () => socket.send('x'.repeat(1_048_577)));
    expect(await closed).toBe(1009);
  });
});
