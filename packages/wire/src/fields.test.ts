import { describe, expect, it } from 'vitest';
import { endToEnd, getField, getFields, hasField, listHas, listOf, removeField, setField } from './fields.ts';

const FIELDS = ['Host', 'a', 'X-A', '1', 'x-a', '2', 'Vary', 'a, B,', 'vary', 'c'];

describe('fields', () => {
  it('are found in any case, in order', () => {
    expect(getField(FIELDS, 'x-a')).toBe('1');
    expect(getField(FIELDS, 'x-b')).toBeUndefined();
    expect(getFields(FIELDS, 'x-a')).toEqual(['1', '2']);
    expect([hasField(FIELDS, 'host'), hasField(FIELDS, 'hos')]).toEqual([true, false]);
  });

  it('are removed, all of a name', () => {
    const fields = [...FIELDS];
    expect(removeField(fields, 'x-a')).toBe(2);
    expect(fields).toEqual(['Host', 'a', 'Vary', 'a, B,', 'vary', 'c']);
    expect(removeField(fields, 'x-a')).toBe(0);
  });

  it('are set at the place of the first, or at the end', () => {
    const fields = [...FIELDS];
    setField(fields, 'X-a', '3');
    expect(fields).toEqual(['Host', 'a', 'X-a', '3', 'Vary', 'a, B,', 'vary', 'c']);
    setField(fields, 'New', 'n');
    expect(fields.slice(-2)).toEqual(['New', 'n']);
  });

  it('as lists', () => {
    expect(listOf(FIELDS, 'vary')).toEqual(['a', 'b', 'c']);
    expect(listHas('keep-alive, Upgrade', 'upgrade')).toBe(true);
    expect(listHas('Upgrade', 'upgrade')).toBe(true);
    expect(listHas('upgrades', 'upgrade')).toBe(false);
    expect(listHas('up', 'upgrade')).toBe(false);
  });
});

describe('what may be forwarded', () => {
  it.each([
    ['Connection', 'close'],
    ['Proxy-Connection', 'keep-alive'],
    ['Keep-Alive', 'timeout=5'],
    ['Proxy-Authenticate', 'Basic'],
    ['Proxy-Authorization', 'Basic eA=='],
    ['TE', 'gzip, trailers'],
    ['Trailer', 'X-Sum'],
    ['Transfer-Encoding', 'chunked'],
    ['Upgrade', 'websocket'],
    ['Content-Length', '3'],
    ['CONNECTION', 'Keep-Alive'],
  ])('is not %s: %s', (name, value) => {
    expect(endToEnd(['A', '1', name, value, 'B', '2'], false)).toEqual(['A', '1', 'B', '2']);
  });

  it('is not what Connection names, on however many lines', () => {
    const fields = ['X-Hop', '1', 'Connection', 'x-hop, close', 'A', '1', 'connection', 'X-OTHER', 'x-other', '2'];
    expect(endToEnd(fields, false)).toEqual(['A', '1']);
  });

  it('is the bare token of TE, though Connection names it, and Trailer where trailers follow', () => {
    expect(endToEnd(['Connection', 'TE', 'TE', 'Trailers'], false)).toEqual(['TE', 'Trailers']);
    expect(endToEnd(['Trailer', 'X-Sum'], true)).toEqual(['Trailer', 'X-Sum']);
  });

  it('is a copy', () => {
    const fields = ['A', '1', 'Connection', 'a'];
    expect(endToEnd(fields, false)).toEqual([]);
    expect(fields).toHaveLength(4);
  });
});
