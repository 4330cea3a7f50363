import { describe, expect, it } from 'vitest';
import { createClientIp } from './client-ip.ts';

const xff = (...lines: string[]): string[] => lines.flatMap((line) => ['X-Forwarded-For', line]);

describe('§2 client IP', () => {
  it.each([
    ['the peer', [], 0, '127.0.0.1'],
    ['X-Real-IP first', ['X-Real-IP', '198.51.100.7', ...xff('10.0.0.1')], 0, '198.51.100.7'],
    ['X-Real-IP that is none', ['X-Real-IP', 'nobody', ...xff('198.51.100.7')], 0, '198.51.100.7'],
    ['IPv6', ['x-real-ip', '2001:db8::1'], 0, '2001:db8::1'],
    ['leftmost', xff('198.51.100.7, 10.0.0.1, 10.0.0.2'), 0, '198.51.100.7'],
    ['blanks', xff('  198.51.100.7  ,10.0.0.1'), 0, '198.51.100.7'],
    ['a port is no address', xff('198.51.100.7:4711'), 0, '127.0.0.1'],
    ['the first line counts', xff('198.51.100.7', '10.0.0.1'), 0, '198.51.100.7'],
    ['depth 1 is the rightmost', xff('203.0.113.4, 198.51.100.7, 10.0.0.1'), 1, '10.0.0.1'],
    ['depth 1 of the first line', xff('203.0.113.4, 203.0.113.5', '10.0.0.1'), 1, '203.0.113.5'],
    ['depth 2', xff('198.51.100.7, 10.0.0.1'), 2, '198.51.100.7'],
    ['a chain shorter than the depth', xff('198.51.100.7'), 2, '127.0.0.1'],
    ['no address at the depth', xff('198.51.100.7, junk'), 1, '127.0.0.1'],
  ])('%s', (_name, fields, depth, expected) => {
    expect(createClientIp(depth, ['127.0.0.0/8'])(fields, '127.0.0.1')).toBe(expected);
  });

  it.each([
    ['a stranger', ['10.0.0.0/8'], '198.51.100.1', '198.51.100.1'],
    ['a network', ['10.0.0.0/8'], '10.1.2.3', '203.0.113.9'],
    ['an address', ['10.1.2.3'], '10.1.2.3', '203.0.113.9'],
    ['IPv6', ['fc00::/7'], 'fd00::1', '203.0.113.9'],
    ['everybody', ['0.0.0.0/0', '::/0'], '198.51.100.1', '203.0.113.9'],
    ['nobody', [], '127.0.0.1', '127.0.0.1'],
    ['an entry that is no network', ['proxy.example'], '127.0.0.1', '127.0.0.1'],
  ])('believes only trusted peers: %s', (_name, trusted, peer, expected) => {
    expect(createClientIp(0, trusted)(xff('203.0.113.9'), peer)).toBe(expected);
  });
});
