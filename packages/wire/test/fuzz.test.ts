import { expect, test } from 'vitest';
import { check, Dice, fuzz } from './fuzz.ts';
import { ANSWERS, REQUESTS } from './corpus.ts';
import { ourAnswer, ourRequests } from './fuzz-runs.ts';

test('every valid message of the corpus is taken, in every split', async () => {
  for (const text of REQUESTS) {
    expect(await check('request', Buffer.from(text, 'latin1'), new Dice(1)), JSON.stringify(text)).toBeUndefined();
    const { messages, error } = await ourRequests([Buffer.from(text, 'latin1')], false);
    expect([messages.length > 0, error], JSON.stringify(text)).toEqual([true, '']);
  }
  for (const text of ANSWERS) {
    expect(await check('answer', Buffer.from(text, 'latin1'), new Dice(1)), JSON.stringify(text)).toBeUndefined();
    expect((await ourAnswer([Buffer.from(text, 'latin1')], false)).messages.length, JSON.stringify(text)).toBe(1);
  }
});

test('the first mutations of a fixed seed hold: no exception, no hang, no split that matters, nothing taken that Node refuses', async () => {
  const { finding } = await fuzz(20_261_122, (tried) => tried < 150);
  expect(finding).toBeUndefined();
}, 60_000);
