import { describe, expect, it } from 'vitest';
import { overrideFields } from './answer-fields.ts';
import { sniffContentType } from '../schema/content-type.ts';
import { upstreamFields } from './request-fields.ts';

const OPTIONS = { host: 'up.example', peer: '192.0.2.1', noForwardedFor: false, userAgent: 'Gatehouse/1', trailers: false };

describe('request-chain.md §2: request fields', () => {
  it.each([
    ['nothing sent', [], ['User-Agent', 'Gatehouse/1', 'X-Forwarded-For', '192.0.2.1']],
    ['own agent kept', ['User-Agent', 'a/1'], ['User-Agent', 'a/1', 'X-Forwarded-For', '192.0.2.1']],
    ['empty agent: none', ['User-Agent', ''], ['X-Forwarded-For', '192.0.2.1']],
    [
      'chain continued',
      ['X-Forwarded-For', '198.51.100.7', 'User-Agent', 'a', 'x-forwarded-for', '10.0.0.1'],
      ['User-Agent', 'a', 'X-Forwarded-For', '198.51.100.7, 10.0.0.1, 192.0.2.1'],
    ],
    [
      'hop-by-hop dropped',
      ['Keep-Alive', '5', 'Proxy-Authorization', 'b', 'TE', 'gzip', 'Upgrade', 'x', 'X-Keep', '1', 'User-Agent', 'a'],
      ['X-Keep', '1', 'User-Agent', 'a', 'X-Forwarded-For', '192.0.2.1'],
    ],
    ['TE: trailers stays', ['TE', 'trailers', 'User-Agent', 'a'], ['TE', 'trailers', 'User-Agent', 'a', 'X-Forwarded-For', '192.0.2.1']],
    [
      'named in Connection',
      ['Connection', 'X-One, x-two, keep-alive', 'x-one', '1', 'X-TWO', '2', 'X-3', '3', 'User-Agent', 'a'],
      ['X-3', '3', 'User-Agent', 'a', 'X-Forwarded-For', '192.0.2.1'],
    ],
    ['Host cannot be named away', ['Connection', 'Host', 'User-Agent', 'a'], ['User-Agent', 'a', 'X-Forwarded-For', '192.0.2.1']],
    [
      'the control secret stays here',
      ['X-Tyk-Authorization', 's', 'X-Tyk-Internal', 'true', 'User-Agent', 'a'],
      ['User-Agent', 'a', 'X-Forwarded-For', '192.0.2.1'],
    ],
    [
      'order and repeats are kept',
      ['B', '1', 'a', '2', 'B', '3', 'User-Agent', 'a'],
      ['B', '1', 'a', '2', 'B', '3', 'User-Agent', 'a', 'X-Forwarded-For', '192.0.2.1'],
    ],
  ])('%s', (_name, fields, expected) => {
    expect(upstreamFields(fields, OPTIONS)).toEqual(['Host', 'up.example', ...expected]);
  });

  it('sends no X-Forwarded-For where header rules removed it', () => {
    expect(upstreamFields(['User-Agent', 'a'], { ...OPTIONS, noForwardedFor: true })).toEqual(['Host', 'up.example', 'User-Agent', 'a']);
  });
});

describe('trailers', () => {
  it('are announced to the upstream where they may follow', () => {
    const fields = ['Trailer', 'X-End', 'User-Agent', 'a'];
    expect(upstreamFields(fields, { ...OPTIONS, trailers: true })).toContain('X-End');
    expect(upstreamFields(fields, OPTIONS)).not.toContain('X-End');
  });
});

describe('request-chain.md §4: answer fields', () => {
  it('lets own fields win, but keeps both Vary lines', () => {
    expect(overrideFields(['A', 'up', 'Vary', 'X', 'B', 'up'], ['a', 'own', 'Vary', 'Origin'])).toEqual(['a', 'own', 'Vary', 'Origin', 'Vary', 'X', 'B', 'up']);
  });
});

describe('request-chain.md §4: sniffed types', () => {
  it.each([
    ['hello', 'text/plain; charset=utf-8'],
    ['<!DOCTYPE HTML><p>', 'text/html; charset=utf-8'],
    ['  <html >', 'text/html; charset=utf-8'],
    ['<?xml version="1.0"?>', 'text/xml; charset=utf-8'],
    ['{"a":1}', 'text/plain; charset=utf-8'],
    ['%PDF-1.7', 'application/pdf'],
    ['\x89PNG\r\n\x1a\n', 'image/png'],
    ['GIF89a', 'image/gif'],
    ['\x1f\x8b\x08', 'application/x-gzip'],
    ['a\x00b', 'application/octet-stream'],
  ])('%j', (body, type) => {
    expect(sniffContentType(Buffer.from(body, 'latin1'))).toBe(type);
  });
});
