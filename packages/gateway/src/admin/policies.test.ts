import { describe, expect, it } from 'vitest';
import { ORG, testGateway } from './test/gateway.ts';

const policy = (id: string, more: object = {}): object => ({ id, name: id, org_id: ORG, rate: 1, per: 1, ...more });

const mapFile = (folder: string): Readonly<Record<string, unknown>> => ({ policies: { policy_source: 'file', policy_record_name: `${folder}/policies.json` } });

/** gateway-api.md §7; what the recorded suites do not hold. */
describe('policies', () => {
  it('changes one entry of a map file and leaves the others as they are', async () => {
    using gateway = await testGateway({ conf: mapFile });
    gateway.write('policies.json', { first: { rate: 7, mine: true } });
    expect(await gateway.ask('POST /tyk/policies', policy('second'))).toMatchObject({ json: { key: 'second', action: 'added' } });
    expect(gateway.read('policies.json')).toMatchObject({ first: { rate: 7, mine: true }, second: { id: 'second', rate: 1 } });
    expect(await gateway.ask('DELETE /tyk/policies/first')).toMatchObject({ json: { key: 'first', action: 'deleted' } });
    expect(await gateway.ask('DELETE /tyk/policies/first')).toMatchObject({ status: 500, json: { message: 'Delete failed' } });
    expect(Object.keys(gateway.read('policies.json') as object)).toEqual(['second']);
  });

  it.each([
    ['an id in the path of a POST is not looked at', 'POST /tyk/policies/other', policy('mine'), 200, { key: 'mine', action: 'added' }],
    ['neither id nor _id', 'POST /tyk/policies', { name: 'x' }, 400, { message: 'Unable to create policy without id.' }],
    ['_id counts for a PUT too', 'PUT /tyk/policies/mine', { _id: 'mine' }, 200, { key: 'mine', action: 'modified' }],
    ['a missing policy cannot be deleted', 'DELETE /tyk/policies/none', undefined, 500, { message: 'Delete failed' }],
    [
      'nor one with a name that is none',
      'DELETE /tyk/policies/a%20b',
      undefined,
      400,
      { message: 'Invalid Policy ID: Allowed characters: a-z, A-Z, 0-9, ., _, -, ~' },
    ],
  ])('%s', async (_name, line, body, status, json) => {
    using gateway = await testGateway();
    expect(await gateway.ask(line, body)).toMatchObject({ status, json });
  });

  it('sends writers to the dashboard where policies come from there', async () => {
    using gateway = await testGateway({ conf: { policies: { policy_source: 'service' } } });
    const message = 'Due to enabled service policy source, please use the Dashboard API';
    for (const line of ['POST /tyk/policies', 'PUT /tyk/policies/mine'])
      expect(await gateway.ask(line, policy('mine'))).toMatchObject({ status: 500, json: { message } });
  });

  it('writes many at once without losing one', async () => {
    using gateway = await testGateway({ conf: mapFile });
    const ids = Array.from({ length: 20 }, (_, i) => `p${i}`);
    await Promise.all(ids.map((id) => gateway.ask('POST /tyk/policies', policy(id))));
    expect(Object.keys(gateway.read('policies.json') as object).toSorted()).toEqual(ids.toSorted());
  });
});
