import { describe, expect, it } from 'vitest';
import { type HashFunction, hashWith, isHashFunction } from './key-hash.ts';
import { DEFAULT_TOKENS, hashKey, makeToken, parseToken, storedName, tokenCandidates, tokenOrg } from './token.ts';

const ORG = '5eed00c0ffee5eed00c0ffee';

// Recorded answers of the conformance suites limits/keys-hash-*: custom id, function, token, hash.
const RECORDED: [string, HashFunction | '', string, string][] = [
  ['put-raw', 'murmur32', 'eyJvcmciOiI1ZWVkMDBjMGZmZWU1ZWVkMDBjMGZmZWUiLCJpZCI6InB1dC1yYXciLCJoIjoibXVybXVyMzIifQ==', '54d2df0f'],
  ['del-custom', 'murmur32', 'eyJvcmciOiI1ZWVkMDBjMGZmZWU1ZWVkMDBjMGZmZWUiLCJpZCI6ImRlbC1jdXN0b20iLCJoIjoibXVybXVyMzIifQ==', '2455aaad'],
  ['grey-stoat', 'murmur64', 'eyJvcmciOiI1ZWVkMDBjMGZmZWU1ZWVkMDBjMGZmZWUiLCJpZCI6ImdyZXktc3RvYXQiLCJoIjoibXVybXVyNjQifQ==', '3134a36457ecfef0'],
  ['put-raw', 'murmur64', 'eyJvcmciOiI1ZWVkMDBjMGZmZWU1ZWVkMDBjMGZmZWUiLCJpZCI6InB1dC1yYXciLCJoIjoibXVybXVyNjQifQ==', '2a2d0f9183824e4b'],
  ['del-custom', 'murmur64', 'eyJvcmciOiI1ZWVkMDBjMGZmZWU1ZWVkMDBjMGZmZWUiLCJpZCI6ImRlbC1jdXN0b20iLCJoIjoibXVybXVyNjQifQ==', 'd7850881edf01ef7'],
  [
    'put-raw',
    'sha256',
    'eyJvcmciOiI1ZWVkMDBjMGZmZWU1ZWVkMDBjMGZmZWUiLCJpZCI6InB1dC1yYXciLCJoIjoic2hhMjU2In0=',
    'b24fd587de36954827da6203fb74be053c8b67aec9bfe49f01dc1ce6e0fffa1d',
  ],
  ['del-custom', '', '5eed00c0ffee5eed00c0ffeedel-custom', '21885066'],
];

describe('tokens', () => {
  it.each(RECORDED)('%s with %j', (id, name, token, hash) => {
    expect(makeToken(ORG, id, name)).toBe(token);
    expect(hashKey(token)).toBe(hash);
    expect(tokenOrg(token)).toBe(ORG);
  });

  it('have a random id of 32 digits unless one is given', () => {
    expect(makeToken(ORG, '', '')).toMatch(/^5eed00c0ffee5eed00c0ffee[0-9a-f]{32}$/);
    expect(parseToken(makeToken(ORG, '', 'sha256'))).toEqual({ org: ORG, id: expect.stringMatching(/^[0-9a-f]{32}$/), hash: 'sha256' });
  });

  it('do not double the organisation, and do without one', () => {
    expect(makeToken(ORG, `${ORG}mine`, '')).toBe(`${ORG}mine`);
    expect(makeToken('', 'mine', '')).toBe('mine');
  });

  it.each([
    ['eynonsense', undefined],
    ['eyJub3QiOiJhIHRva2VuIn0=', { org: '', id: '', hash: '' }],
    ['brown-plover', undefined],
    [Buffer.from('null').toString('base64'), undefined],
  ])('parse %s', (token, parts) => expect(parseToken(token)).toEqual(parts));

  it.each([
    ['5eed00c0ffee5eed00c0ffee', ''],
    ['5eed00c0ffee5eed00c0ffeex', ORG],
    ['5eed00c0ffee5eed00c0ffegx', ''],
    ['short', ''],
  ])('organisation of %s', (token, org) => expect(tokenOrg(token)).toBe(org));

  it('keep ids with quotes readable', () => {
    expect(parseToken(makeToken(ORG, 'a"b', 'murmur64'))).toEqual({ org: ORG, id: 'a"b', hash: 'murmur64' });
  });
});

describe('key hashes', () => {
  it('use murmur32 where the token names no function or an unknown one', () => {
    const odd = Buffer.from('{"org":"o","id":"i","h":"md5"}').toString('base64');
    expect(hashKey('plain')).toBe(hashWith('murmur32', 'plain'));
    expect(hashKey(odd)).toBe(hashWith('murmur32', odd));
    expect(isHashFunction('md5')).toBe(false);
  });

  it('give names only where keys are hashed', () => {
    expect(storedName('plain', DEFAULT_TOKENS)).toBe('plain');
    expect(storedName('plain', { ...DEFAULT_TOKENS, hashKeys: true })).toBe(hashKey('plain'));
  });
});

describe('candidates of a credential', () => {
  const full = makeToken(ORG, 'mine', 'murmur64');
  it.each([
    ['too short', 'ab', {}, []],
    ['a token of the organisation stands for itself', `${ORG}mine`, {}, [`${ORG}mine`]],
    ['a base64 token too', full, { hashFunction: 'murmur64' as const }, [full]],
    ['a custom id: made token, then as it is', 'mine', {}, [`${ORG}mine`, 'mine']],
    ['a token of another organisation', 'aaaaaaaaaaaaaaaaaaaaaaaamine', {}, [`${ORG}aaaaaaaaaaaaaaaaaaaaaaaamine`, 'aaaaaaaaaaaaaaaaaaaaaaaamine']],
    [
      'fall-backs come last',
      'mine',
      { hashFunction: 'sha256' as const, fallbacks: ['murmur64' as const] },
      [makeToken(ORG, 'mine', 'sha256'), 'mine', makeToken(ORG, 'mine', 'murmur64')],
    ],
    ['only as it is without custom ids', 'mine', { customIds: false, fallbacks: ['murmur64' as const] }, ['mine']],
  ])('%s', (_, credential, settings, wanted) => {
    expect(tokenCandidates(credential, ORG, { ...DEFAULT_TOKENS, ...settings })).toEqual(wanted);
  });

  it('an API without organisation asks for the credential once', () => {
    expect(tokenCandidates('mine', '', DEFAULT_TOKENS)).toEqual(['mine']);
  });
});
