// GET /tyk/health and the events of the log, on a gateway in this process.
import { keyedApi, upstream } from '@gatehouse/testkit';
import { describe, expect, test } from 'vitest';
import { startEmbedded, type TestEmbedded } from './embedded.ts';

const rights = { keyed: { api_id: 'keyed', api_name: 'keyed', versions: ['Default'] } };
const session = (more: object): object => ({ org_id: 'test', rate: 1000, per: 1, quota_max: -1, access_rights: rights, ...more });

async function makeKey(at: TestEmbedded, more: object): Promise<string> {
  const { body } = await at.control('/tyk/keys/create', { method: 'POST', body: session(more) });
  return (JSON.parse(body) as { key: string }).key;
}

describe('what an API did lately', () => {
  test('is counted over all threads', async () => {
    await using server = await upstream();
    await using at = await startEmbedded({ health_check: { enable_health_checks: true } }, { keyed: keyedApi('keyed', server.url) });
    const key = await makeKey(at, { quota_max: 2, quota_renewal_rate: 3600 });
    const health = async (): Promise<Record<string, number>> => JSON.parse((await at.control('/tyk/health?api_id=keyed')).body) as Record<string, number>;
    expect(Object.values(await health())).toEqual([0, 0, 0, 0, 0]);
    // A rate needs two samples, with requests between them.
    await expect
      .poll(
        async () => {
          await at.ask('/keyed/x', { headers: { Authorization: key } });
          await at.ask('/keyed/x', { headers: { Authorization: 'nobody' } });
          return await health();
        },
        { timeout: 20_000, interval: 100 },
      )
      .toMatchObject({
        throttle_reqests_per_second: 0,
        quota_violations_per_second: expect.toSatisfy((n: number) => n > 0) as number,
        key_failures_per_second: expect.toSatisfy((n: number) => n > 0) as number,
        average_requests_per_second: expect.toSatisfy((n: number) => n > 0) as number,
      });
  });

  test('is not told where it is off', async () => {
    await using at = await startEmbedded({}, { keyed: keyedApi('keyed', 'http://127.0.0.1:1') });
    expect((await at.control('/tyk/health?api_id=keyed')).body).toContain('Health checks are not enabled');
  });
});

describe('events in the log', () => {
  test.each([
    ['are without keys', {}, '****6789'],
    ['have keys where they may', { enable_key_logging: true }, 'wrong-key-0123456789'],
  ])('%s', async (_, conf, shown) => {
    await using at = await startEmbedded(conf, { keyed: keyedApi('keyed', 'http://127.0.0.1:1') });
    await at.ask('/keyed/x', { headers: { Authorization: 'wrong-key-0123456789' } });
    const event = (): string | undefined => at.logged.find((line) => line.includes('AuthFailure'));
    await expect.poll(event).toContain(`"key":"${shown}"`);
  });
});
