import { expect, it } from 'vitest';
import { makeExchange, makeSite, makeStep, runRequest } from '../testing.ts';
import { methodTransform } from './compile.ts';

const to = (path: string, method: string, to_method: string, disabled = false): object => ({ path, method, to_method, disabled });
const version = {
  extended_paths: { method_transforms: [to('/get', 'GET', 'POST'), to('/low', 'GET', 'put'), to('/odd', 'GET', 'PURGE'), to('/dis', 'GET', 'POST', true)] },
};

it.each([
  ['GET /api/get', 'POST', undefined],
  ['GET /api/low', 'PUT', undefined],
  ['GET /api/odd', 'GET', '405 Method not allowed'],
  ['GET /api/dis', 'GET', undefined],
  ['POST /api/get', 'POST', undefined],
])('transforms §5 %s', async (line, method, expected) => {
  const x = makeExchange(line);
  const { refused } = await runRequest(makeStep(methodTransform, makeSite({ version })), x);
  expect([x.outgoingMethod, x.method, refused]).toEqual([method, line.split(' ')[0], expected]);
});
