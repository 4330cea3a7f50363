import { describe, expect, it } from 'vitest';
import type { UrlGrant } from '../../contract/identity.ts';
import { makeExchange, makeIdentity, makeSite, makeStep, runRequest } from '../testing.ts';
import { granularAccess } from './compile.ts';

const DISALLOWED = '403 Access to this resource has been disallowed';
const grant = (pattern: RegExp, ...methods: string[]): UrlGrant => ({ pattern, methods });

async function ask(urls: readonly UrlGrant[] | undefined, line: string, anchors = false): Promise<string | undefined> {
  const config = { http_server_options: { enable_path_prefix_matching: anchors } };
  const x = makeExchange(line);
  x.identity = makeIdentity({ urls });
  return (await runRequest(makeStep(granularAccess, makeSite({ config })), x)).refused;
}

describe('traffic-policy §1 allowed_urls', () => {
  const books = [grant(/\/books/u, 'GET', 'POST'), grant(/\/books\/new/u, 'PUT')];

  it.each([
    ['no list', undefined, 'GET /api/x', false, undefined],
    ['a list whose patterns are all broken', [], 'GET /api/x', false, DISALLOWED],
    ['path and method', books, 'GET /api/books', false, undefined],
    ['another method', books, 'PUT /api/books', false, DISALLOWED],
    ['another path', books, 'GET /api/films', false, DISALLOWED],
    ['two that match: one is enough', books, 'PUT /api/books/new', false, undefined],
    ['methods are compared as written', [grant(/low/u, 'get')], 'GET /api/low', false, DISALLOWED],
    ['no methods', [grant(/none/u)], 'GET /api/none', false, DISALLOWED],
    ['without anchors the full path', [grant(/^\/books$/u, 'GET')], 'GET /api/books', false, DISALLOWED],
    ['with anchors the path below the listen path too', [grant(/^\/books$/u, 'GET')], 'GET /api/books', true, undefined],
    ['with anchors the full path too', [grant(/^\/api\/books$/u, 'GET')], 'GET /api/books', true, undefined],
  ])('%s', async (_name, urls, line, anchors, expected) => {
    expect(await ask(urls, line, anchors)).toBe(expected);
  });
});
