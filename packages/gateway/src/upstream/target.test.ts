import { describe, expect, it } from 'vitest';
import type { UpstreamTarget } from '../contract/compiled.ts';
import { joinTarget, parseTargetUrl, type TargetTls } from './target.ts';

const TLS: TargetTls = { insecure: false, minVersion: undefined, maxVersion: undefined, ciphers: '', http2: false };

function target(url: string, tls: Partial<TargetTls> = {}): UpstreamTarget {
  const parsed = parseTargetUrl(url, { ...TLS, ...tls });
  if (typeof parsed === 'string') throw new Error(`${url}: ${parsed}`);
  return parsed;
}

describe('request-chain.md §2: target URLs', () => {
  it.each([
    ['http://a.example', 'http', 'a.example', 80, 'a.example'],
    ['https://a.example/base', 'https', 'a.example', 443, 'a.example'],
    ['http://a.example:8080', 'http', 'a.example', 8080, 'a.example:8080'],
    ['HTTP://a.example', 'http', 'a.example', 80, 'a.example'],
    ['ws://a.example', 'http', 'a.example', 80, 'a.example'],
    ['wss://a.example', 'https', 'a.example', 443, 'a.example'],
    ['h2c://a.example', 'h2c', 'a.example', 80, 'a.example'],
    ['http://[::1]:81/x', 'http', '::1', 81, '[::1]:81'],
    ['http://ann:secret@a.example/x', 'http', 'a.example', 80, 'a.example'],
  ])('%s', (url, protocol, host, port, authority) => {
    expect(target(url)).toMatchObject({ protocol, host, port, authority });
  });

  it.each(['http://[bad', 'a.example:80', 'http://a.example:99999', 'http://a.example/%zz', 'http://a:b:c'])('cannot be parsed: %s', (url) => {
    expect(parseTargetUrl(url, TLS)).toBe('unparsable');
  });

  it.each(['', 'ftp://a.example', '/only/a/path', 'nosuch'])('parses, but fails each request: %j', (url) => {
    expect(parseTargetUrl(url, TLS)).toBe('unusable');
  });

  it('keeps TLS settings apart in the pool', () => {
    const keys = [
      target('https://a.example'),
      target('https://a.example', { insecure: true }),
      target('https://a.example', { minVersion: 'TLSv1.3' }),
      target('http://a.example'),
    ].map((t) => t.origin.key);
    expect(new Set(keys).size).toBe(4);
    expect(target('https://a.example/x').origin.key).toBe(target('https://a.example/y').origin.key);
  });
});

describe('request-chain.md §2: joining', () => {
  it.each([
    ['http://u', '', '', false, '/'],
    ['http://u/', '/', '', false, '/'],
    ['http://u/base', '', '', false, '/base'],
    ['http://u/base/', '/', '', false, '/base'],
    ['http://u/base/', '', '', true, '/base/'],
    ['http://u/base/', '/x/', '', true, '/base/x/'],
    ['http://u/base/', 'x', '', false, '/base/x'],
    ['http://u/base?f=1', 'x', 'a=1', false, '/base/x?f=1&a=1'],
    ['http://u?f=1', '', '', false, '/?f=1'],
    ['http://u/a%2Fb', '/x%2Fy', '', false, '/a/b/x%2Fy'],
    ['http://u/ba%20se#frag', '/x', '', false, '/ba%20se/x'],
  ])('%s + %j ? %j', (url, sub, query, keep, expected) => {
    expect(joinTarget(target(url), sub, query, keep)).toBe(expected);
  });
});
