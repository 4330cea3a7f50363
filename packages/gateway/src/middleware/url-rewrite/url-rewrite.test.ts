import { describe, expect, it } from 'vitest';
import { makeExchange, makeIdentity, makeSite, makeStep, type RequestOptions, runRequest } from '../testing.ts';
import { urlRewrite } from './compile.ts';

const entry = (match_pattern: string, rewrite_to: string, triggers: object[] = []): object => ({ path: '/', method: '', match_pattern, rewrite_to, triggers });
const config = { secrets: { alpha: 'conf-alpha' } };

async function rewritten(rule: object, line: string, options: RequestOptions = {}): Promise<string> {
  const [method = ''] = line.split(' ');
  const x = makeExchange(line, options);
  x.context = new Map();
  x.identity = makeIdentity({ metaData: { plan: 'pro', level: 7 } });
  const site = makeSite({ version: { extended_paths: { url_rewrites: [{ ...rule, method }] } }, config });
  return (await runRequest(makeStep(urlRewrite, site), x)).refused ?? x.rewrite;
}

describe('transforms §4 URL rewrite', () => {
  it.each([
    ['a path', '.*', '/moved/here', 'GET /api/x', '/moved/here'],
    ['groups', '/cap/([a-z]+)/([0-9]+)', '/out?word=$1&num=$2', 'GET /api/cap/word/12', '/out?word=word&num=12'],
    ['no match, no rewrite', '/cap/([a-z]+)/([0-9]+)', '/out', 'GET /api/cap/12/word', ''],
    ['the whole match', '/whole/(x)', '/all$0/and$1', 'GET /api/whole/x', '/all/whole/x/andx'],
    ['twelve groups', '(t)(w)(e)(l)(v)(e)(/)(x)(\\?)(a)(=)(b)', '/got/$12/$1/$10', 'GET /api/twelve/x?a=b', '/got/b/t/a'],
    ['groups that took no part, and none', '/n/(y)?x', '/g/[$1][$2]', 'GET /api/n/x', '/g/[][]'],
    ['the query is seen', 'x\\?id=(\\d+)', '/by-id/$1', 'GET /api/x?id=55', '/by-id/55'],
    ['only the first of several matches', '(a)(.)', '/m/$1$2', 'GET /z/x?a1a2', '/m/a1'],
    ['an absolute URL', '.*', 'http://other/host', 'GET /api/x', 'http://other/host'],
    ['a URL that is none', '.*', 'http://[::1', 'GET /api/x', ''],
    ['a loop', '.*', 'tyk://self/x', 'GET /api/x', 'tyk://self/x'],
    ['escaped as sent', '/e/(.*)', '/un/$1', 'GET /api/e/a%20b%2Fc', '/un/a%20b%2Fc'],
    ['then unescaped', '/space/a b', '/spaced', 'GET /api/space/a%20b', '/spaced'],
    ['a missing slash', '.*', 'no/slash', 'GET /api/x', '/no/slash'],
    ['an empty target', '.*', '', 'GET /api/x', '/'],
    ['ignoring case', '(?i)/CASE/(X)', '/ci/$1', 'GET /api/case/x', '/ci/x'],
    ['variables are escaped', '.*', '/c/$tyk_context.path?s=$secret_conf.alpha&p=$tyk_meta.plan', 'GET /api/x', '/c/%2Fapi%2Fx?s=conf-alpha&p=pro'],
  ])('%s', async (_name, pattern, to, line, expected) => {
    expect(await rewritten(entry(pattern, to), line)).toBe(expected);
  });

  it('values bring no group references of their own', async () => {
    expect(await rewritten(entry('/(x)', '/c/$tyk_context.headers_X_In'), 'GET /api/x', { fields: ['X-In', 'http$1'] })).toBe('/c/http$1');
  });

  it('a pattern that does not compile refuses the requests of its endpoint', async () => {
    expect(await rewritten(entry('(', '/x'), 'GET /api/x')).toBe('500 URLRewrite regexp error (');
  });

  it('is nothing without entries', () => {
    expect(urlRewrite.read(makeSite())).toBeUndefined();
  });
});

describe('transforms §4 triggers', () => {
  const trigger = (options: object, rewrite_to: string, on = 'any'): object => ({ on, options, rewrite_to });
  const match = (match_rx: string, reverse = false): object => ({ match_rx, reverse });
  const header = (name: string, rx = '.+', reverse = false): object => ({ header_matches: { [name]: match(rx, reverse) } });
  const ask = async (triggers: object[], line: string, options: RequestOptions = {}): Promise<string> =>
    rewritten(entry('/api/(.*?)(\\?|$)', '/none', triggers), line, options);

  const two = { header_matches: { 'X-A': match('.+'), 'X-B': match('.+') } };
  const mixed = { ...header('X-A'), query_val_matches: { q: match('.+') } };

  it.each([
    [
      'header, with captures',
      [trigger(header('X-T', '(sil)(ver)'), '/s/$tyk_context.trigger-0-X-T-0/$tyk_context.trigger-0-X-T-0-1')],
      { fields: ['X-T', 'silver'] },
      '/s/silver/ver',
    ],
    ['the number is that of the value', [trigger(header('X-T', '^b'), '/v/$tyk_context.trigger-0-X-T-1')], { fields: ['X-T', 'a', 'X-T', 'b'] }, '/v/b'],
    ['none holds', [trigger(header('X-T'), '/s')], {}, '/none'],
    [
      'the first that holds',
      [trigger(header('X-A', '9'), '/1'), trigger(header('X-A', '1'), '/2'), trigger(header('X-A'), '/3')],
      { fields: ['X-A', '1'] },
      '/2',
    ],
    ['groups of the base pattern', [trigger(header('X-A'), '/t/$1')], { fields: ['X-A', '1'] }, '/t/x'],
    ['any', [trigger(two, '/either')], { fields: ['X-B', '1'] }, '/either'],
    ['all', [trigger(two, '/both', 'all')], { fields: ['X-B', '1'] }, '/none'],
    ['without on it is all', [trigger(two, '/both', '')], { fields: ['X-A', '1', 'X-B', '1'] }, '/both'],
    ['over several places', [trigger(mixed, '/all', 'all'), trigger(mixed, '/any')], { fields: ['X-A', '1'] }, '/any'],
    ['all of nothing', [trigger({}, '/no-options', 'all')], {}, '/no-options'],
    ['any of nothing', [trigger({}, '/no-options')], {}, '/none'],
    ['reverse needs a value', [trigger(header('X-T', 'gold', true), '/notgold', 'all')], {}, '/none'],
    ['reverse', [trigger(header('X-T', 'gold', true), '/notgold', 'all')], { fields: ['X-T', 'tin'] }, '/notgold'],
    [
      'metadata',
      [trigger({ session_meta_matches: { plan: match('^(p)ro') } }, '/m/$tyk_context.trigger-0-plan/$tyk_context.trigger-0-plan-0')],
      {},
      '/m/pro/p',
    ],
    ['metadata that is no text', [trigger({ session_meta_matches: { level: match('7') } }, '/seven')], {}, '/none'],
    ['context', [trigger({ request_context_matches: { remote_addr: match('^127') } }, '/c/$tyk_context.trigger-0-remote_addr')], {}, '/c/127'],
    ['path segment', [trigger({ path_part_matches: { w: match('^a(p)i$') } }, '/p/$tyk_context.trigger-0-w-0-0')], {}, '/p/p'],
    ['path segment, reverse: no segment may fit', [trigger({ path_part_matches: { w: match('^api$', true) } }, '/p')], {}, '/none'],
    ['path segment, reverse', [trigger({ path_part_matches: { w: match('^zz$', true) } }, '/p')], {}, '/p'],
    ['a pattern that does not compile never holds', [trigger(header('X-A', '('), '/bad')], { fields: ['X-A', '('] }, '/none'],
  ])('%s', async (_name, triggers, options, expected) => {
    expect(await ask(triggers, 'GET /api/x', options)).toBe(expected);
  });

  it.each([
    ['GET /api/x?kind=abc', '/kind/bc'],
    ['GET /api/x?kind=x&kind=az', '/kind/'],
    ['GET /api/x', '/none'],
  ])('query %s', async (line, expected) => {
    expect(await ask([trigger({ query_val_matches: { kind: match('^(a)(.*)$') } }, '/kind/$tyk_context.trigger-0-kind-0-1')], line)).toBe(expected);
  });

  const body = (rx: string, to: string, reverse = false): object[] => [trigger({ payload_matches: match(rx, reverse) }, to)];

  it.each([
    ['matches by number', body('"id":(\\d+)', '/b/$tyk_context.trigger-0-payload-0-0/$tyk_context.trigger-0-payload-1-0'), '{"id":1},{"id":22}', '/b/1/22'],
    ['the first match', body('needle', '/b/$tyk_context.trigger-0-payload'), 'a needle', '/b/needle'],
    ['reverse', body('secret', '/clean', true), 'nothing', '/clean'],
    ['reverse needs a body', body('secret', '/clean', true), '', '/none'],
  ])('body: %s', async (_name, triggers, text, expected) => {
    expect(await ask(triggers, 'POST /api/x', { body: text })).toBe(expected);
  });
});
