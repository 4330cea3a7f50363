import { expect, it } from 'vitest';
import { readBody } from './request-body.ts';
import { makeExchange } from './testing.ts';

it('keeps the body for the upstream', async () => {
  const x = makeExchange('POST /api/x', { body: 'text' });
  expect(await readBody(x, 'S')).toBeUndefined();
  expect(x.body?.toString()).toBe('text');
});

it.each([
  ['there is none', 0],
  ['its length is not known', -1],
  ['it is larger than 1 MiB', 2 ** 20 + 1],
])('reads nothing where %s', (_name, contentLength) => {
  const x = makeExchange('POST /api/x', { body: 'text', contentLength });
  expect([readBody(x, 'S'), x.body]).toEqual([undefined, undefined]);
});

it('refuses where the client breaks off', async () => {
  const x = makeExchange('POST /api/x', { body: 'text' });
  x.wire.readBody = (sink) => sink.onError(new Error('gone'));
  expect(await readBody(x, 'S')).toMatchObject({ kind: 'refusal', error: { code: 'REQUEST_BODY_UNREADABLE' }, source: 'S' });
});
