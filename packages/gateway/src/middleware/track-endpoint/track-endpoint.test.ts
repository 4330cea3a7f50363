import { expect, it } from 'vitest';
import { makeExchange, makeSite, makeStep, runRequest } from '../testing.ts';
import { trackEndpoint } from './compile.ts';

const version = { extended_paths: { track_endpoints: [{ path: '/u/{id}', method: 'GET' }], do_not_track_endpoints: [{ path: '/health', method: 'GET' }] } };

it.each([
  ['GET /api/u/1', '/u/{id}', false],
  ['GET /api/health', '', true],
  ['POST /api/u/1', '', false],
])('%s', async (line, trackedPath, doNotTrack) => {
  const x = makeExchange(line);
  await runRequest(makeStep(trackEndpoint, makeSite({ version })), x);
  expect([x.trackedPath, x.doNotTrack]).toEqual([trackedPath, doNotTrack]);
});

it('contributes no step without entries, or where the API is not tracked at all', () => {
  expect(trackEndpoint.read(makeSite())).toBeUndefined();
  expect(trackEndpoint.read(makeSite({ classic: { do_not_track: true } }))).toBeUndefined();
});
