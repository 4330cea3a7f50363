import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { describe, expect, test } from 'vitest';
import { classicApi, freePort, keyedApi, oasApi, startProcess, tempFolder, testCertificate, testClock, upstream } from './index.ts';

const node = (program: string): [string, ...string[]] => [process.execPath, '-e', program];

describe('tempFolder', () => {
  test('holds what was written, and is gone afterwards', () => {
    let file: string;
    {
      using folder = tempFolder();
      file = folder.write('deep/er.json', { a: 1 });
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ a: 1 });
    }
    expect(existsSync(file)).toBe(false);
  });
});

describe('startProcess', () => {
  test('waits for a line, also one that came before', async () => {
    await using child = startProcess(node('console.log("port 7"); console.error("late"); setInterval(() => {}, 1000)'));
    await child.line(/late/);
    expect((await child.line(/port (\d)/))[1]).toBe('7');
  });

  test('waits for a port', async () => {
    const port = await freePort();
    await using child = startProcess(node(`setTimeout(() => require("http").createServer((_, r) => r.end("ok")).listen(${port}, "127.0.0.1"), 50)`));
    await child.port(port);
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('ok');
  });

  test('a process that ends without the line is an error with its output', async () => {
    await using child = startProcess(node('console.log("no luck")'));
    await expect(child.line(/port/)).rejects.toThrow('no luck');
  });

  test('a command that is not there is an error', async () => {
    await using child = startProcess(['no-such-command-here']);
    await expect(child.line(/port/)).rejects.toThrow('ended without');
  });

  test('tells how it ended', async () => {
    await using child = startProcess(node('process.exit(3)'));
    expect(await child.ended).toEqual({ code: 3, signal: null });
  });
});

describe('upstream', () => {
  test('remembers requests and their connections', async () => {
    await using server = await upstream();
    const echoed = await (await fetch(`${server.url}/a?b`, { method: 'POST', body: 'x', headers: { 'X-A': '1' } })).json();
    expect(echoed).toMatchObject({ method: 'POST', target: '/a?b', body: 'x' });
    await fetch(server.url, { headers: { Connection: 'close' } });
    const [first, second] = server.take();
    expect([first?.headers.find(([name]) => name.toLowerCase() === 'x-a')?.[1], first?.body.toString(), first?.connection, second?.target]).toEqual([
      '1',
      'x',
      1,
      '/',
    ]);
    expect(server.seen).toEqual([]);
  });

  test('speaks TLS with a certificate of the test authority', async () => {
    await using server = await upstream({ tls: 'server', answer: (_, response) => void response.writeHead(204).end() });
    const status = await new Promise((done, fail) => {
      request(server.url, { ca: testCertificate('ca').cert, servername: 'localhost', agent: false }, (answer) => done(answer.resume().statusCode))
        .on('error', fail)
        .end();
    });
    expect([status, server.connections]).toEqual([204, 1]);
  });
});

describe('definitions', () => {
  test('overrides reach below, and replace lists', () => {
    const api = classicApi('one', 'http://up', { proxy: { strip_listen_path: false }, tags: ['a'] });
    expect(api).toMatchObject({ api_id: 'one', tags: ['a'], proxy: { listen_path: '/one/', target_url: 'http://up', strip_listen_path: false } });
  });

  test('keyed and OAS', () => {
    expect(keyedApi('two', 'http://up')).toMatchObject({ use_keyless: false, use_standard_auth: true });
    expect(oasApi('three', 'http://up')).toMatchObject({ 'x-tyk-api-gateway': { upstream: { url: 'http://up' } } });
  });
});

test('the clock moves only when told', () => {
  const clock = testClock(1000);
  clock.advance(500);
  expect(clock.now()).toBe(1500);
});
