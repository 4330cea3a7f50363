// Reloads of a gateway in this process, with its two data threads and clients on real sockets.
import { Agent } from 'node:http';
import { classicApi, upstream, type Upstream } from '@gatehouse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEmbedded, type TestAnswer, type TestEmbedded } from './embedded.ts';

const CLIENTS = 8;
const RELOADS = 20;

/** What the clients of the load test share. */
interface Load {
  done: boolean;
  requests: number;
  readonly wrong: string[];
}

describe('reload', () => {
  let server: Upstream;
  let at: TestEmbedded;

  beforeAll(async () => {
    server = await upstream({ answer: (_, response, { target }) => void response.end(target) });
    at = await startEmbedded({}, { steady: classicApi('steady', server.url) });
  });

  afterAll(async () => {
    await at[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const write = (version: string): string => at.folder.write('apps/moving.json', classicApi('moving', `${server.url}/${version}`));
  const reload = (): Promise<TestAnswer> => at.control('/tyk/reload?block=true');

  test('?block=true answers when every thread serves the new definition', async () => {
    for (const version of ['a', 'b', 'c']) {
      write(version);
      expect((await reload()).status).toBe(200);
      // Connections are spread over the threads.
      const answers = await Promise.all(Array.from({ length: 8 }, () => at.ask('/moving/x')));
      expect(answers.map(({ body }) => body)).toEqual(answers.map(() => `/${version}/x`));
    }
  });

  test('calls that come together share a reload', async () => {
    const before = at.gateway.reloads;
    await Promise.all(Array.from({ length: 30 }, reload));
    expect(at.gateway.reloads - before).toBeLessThan(30);
    expect(at.gateway.reloads).toBeGreaterThan(before);
  });

  test('without block it is answered at once, and done soon', async () => {
    const before = at.gateway.reloads;
    expect(await at.control('/tyk/reload')).toMatchObject({ status: 200, body: '{"status":"ok","message":""}\n' });
    await expect.poll(() => at.gateway.reloads).toBeGreaterThan(before);
  });

  test(`${RELOADS} reloads under load: no request fails, on any connection`, async () => {
    write('0');
    await reload();
    const load: Load = { done: false, requests: 0, wrong: [] };
    const clients = Array.from({ length: CLIENTS }, (_, n) => keepAsking(at, n % 2 === 0 ? '/steady/x' : '/moving/x', load));
    for (let version = 1; version <= RELOADS; version++) {
      write(String(version));
      // Comes and goes, so that routes change as well.
      at.folder.write('apps/guest.json', version % 2 === 0 ? classicApi('guest', server.url) : '{');
      expect((await reload()).status).toBe(200);
    }
    load.done = true;
    await Promise.all(clients);
    expect(load.wrong).toEqual([]);
    expect(load.requests).toBeGreaterThan(RELOADS);
    expect((await at.ask('/moving/x')).body).toBe(`/${RELOADS}/x`);
  });
});

/** One client with one connection, which it keeps from the first reload to the last. */
async function keepAsking(at: TestEmbedded, path: string, load: Load): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  while (!load.done) {
    const { status, body } = await at.ask(path, { agent }).catch((error: unknown) => ({ status: 0, body: String(error) }));
    load.requests++;
    if (status !== 200) load.wrong.push(`${path}: ${status} ${body}`);
  }
  agent.destroy();
}
