import { expect, it } from 'vitest';
import { asStored } from './stored.ts';
import { decodeClassic } from './struct.ts';

const TOKEN = { auth_header_name: 'X-Key', use_cookie: true, cookie_name: 'key' };

it.each([
  { why: 'the older block is filled', given: { auth_configs: { authToken: TOKEN } }, header: 'X-Key', cookie: 'key' },
  { why: 'a header that is named stays', given: { auth: { auth_header_name: 'X-Old' }, auth_configs: { authToken: TOKEN } }, header: 'X-Old', cookie: '' },
  { why: 'other kinds of authentication do not count', given: { auth_configs: { jwt: TOKEN } }, header: '', cookie: '' },
  { why: 'no auth_configs', given: {}, header: '', cookie: '' },
])('$why', ({ given, header, cookie }) => {
  const api = decodeClassic({ ...given, is_oas: true }).value;
  const before = structuredClone(api);
  expect(asStored(api)).toMatchObject({ is_oas: false, auth: { auth_header_name: header, cookie_name: cookie } });
  expect(api).toEqual(before);
});
