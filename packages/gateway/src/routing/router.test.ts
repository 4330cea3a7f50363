import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompiledApi } from '../contract/compiled.ts';
import { PrefixTree } from './prefix-tree.ts';
import { hostName, Router } from './router.ts';
import { listenPathProblem, orderRoutes, resolveCollisions, type RouteSettings } from './routes.ts';
import { routeLength } from './templates.ts';

interface Listed {
  id: string;
  path: string;
  domain?: string;
}

/** Only the id matters to the router. */
const api = (id: string): CompiledApi => ({ id }) as CompiledApi;

const LOOSE: RouteSettings = { customDomains: true, hostname: '', strictRoutes: false };

function router(apis: readonly Listed[], settings: Partial<RouteSettings> = {}): (path: string, host?: string) => string | undefined {
  const placed = apis.map(({ id, path, domain = '' }) => ({ api: api(id), listenPath: path, domain }));
  const made = new Router(orderRoutes(placed, { ...LOOSE, ...settings }));
  return (path, host = 'gate.example') => {
    const match = made.match(host, path);
    return match && `${match.api.id} ${path.slice(match.matched.length)}`;
  };
}

describe('request-chain.md §2: listen paths', () => {
  const find = router([
    { id: 'short', path: '/lf/' },
    { id: 'long', path: '/lf/deep/' },
    { id: 'bare', path: '/app' },
    { id: 'tenant', path: '/tenants/{tenant}/api/' },
    { id: 'lot', path: '/lots/{lot:[0-9]+}/' },
    { id: 'fixed', path: '/mixed/fixed/' },
    { id: 'any', path: '/mixed/{any}/' },
    { id: 'self', path: '/self/' },
  ]);

  it.each([
    ['the longest first', '/lf/deep/x', 'long x'],
    ['the shorter one where the longer does not fit', '/lf/x', 'short x'],
    ['a raw prefix', '/apple', 'bare le'],
    ['exactly the prefix', '/app', 'bare '],
    ['a template takes one segment', '/tenants/acme/api/users', 'tenant users'],
    ['not two', '/tenants/a/b/api/users', undefined],
    ['its regex decides', '/lots/12/x', 'lot x'],
    ['and refuses', '/lots/ab/x', undefined],
    ['a literal before a template', '/mixed/fixed/x', 'fixed x'],
    ['the template else', '/mixed/free/x', 'any x'],
    ['by id, not stripped', '/short/x', 'short /short/x'],
    ['by id without slash', '/short', undefined],
    ['id and listen path the same: stripped', '/self/x', 'self x'],
    ['case counts', '/APP', undefined],
  ])('%s: %s', (_name, path, expected) => {
    expect(find(path)).toBe(expected);
  });
});

describe('request-chain.md §2: strict routes', () => {
  const find = router(
    [
      { id: 'shop', path: '/shop' },
      { id: 'cart', path: '/shop/cart' },
      { id: 'slash', path: '/s/' },
      { id: 'room', path: '/rooms/{room}' },
    ],
    { strictRoutes: true },
  );

  it.each([
    ['/shop', 'shop '],
    ['/shop/x', 'shop /x'],
    ['/shopping', undefined],
    ['/shop/carts', undefined],
    ['/shop/cart/1', 'cart /1'],
    ['/s/x', 'slash x'],
    ['/rooms/bluesky/x', 'room /x'],
  ])('%s', (path, expected) => {
    expect(find(path)).toBe(expected);
  });
});

describe('request-chain.md §2: hosts', () => {
  const find = router([
    { id: 'shop', path: '/d/', domain: 'shop.example' },
    { id: 'longer', path: '/d/longer/' },
    { id: 'tenant', path: '/r/', domain: '{tenant:[a-z]+}.rx.example' },
    { id: 'label', path: '/w/', domain: '{any}.wild.example' },
    { id: 'port', path: '/p/', domain: 'port.example:8443' },
  ]);

  it.each([
    ['a domain comes before a longer path', '/d/longer/x', 'shop.example', 'shop longer/x'],
    ['the port of the request does not count', '/d/x', 'shop.example:9999', 'shop x'],
    ['nor case', '/d/x', 'SHOP.Example', 'shop x'],
    ['nor a trailing dot', '/d/x', 'shop.example.', 'shop x'],
    ['another host', '/d/x', 'else.example', undefined],
    ['a regex', '/r/x', 'acme.rx.example', 'tenant x'],
    ['that refuses', '/r/x', 'a.b.rx.example', undefined],
    ['a template is one label', '/w/x', 'one.two.wild.example', undefined],
    ['a domain with a port wants it', '/p/x', 'port.example:8443', 'port x'],
    ['and no other', '/p/x', 'port.example:80', undefined],
  ])('%s', (_name, path, host, expected) => {
    expect(find(path, host)).toBe(expected);
  });

  it('binds APIs without a domain to the host name of the gateway', () => {
    const bound = router(
      [
        { id: 'plain', path: '/plain/' },
        { id: 'own', path: '/own/', domain: 'own.example' },
      ],
      { hostname: 'gate.example' },
    );
    expect(bound('/plain/x')).toBe('plain x');
    expect(bound('/plain/x', 'else.example')).toBeUndefined();
    expect(bound('/own/x', 'own.example')).toBe('own x');
    expect(bound('/own/x')).toBeUndefined();
  });

  it.each([
    ['a.example:80', 'a.example'],
    ['[::1]:80', '[::1]'],
    ['A.Example.', 'a.example'],
    ['', ''],
  ])('host name of %j', (authority, expected) => {
    expect(hostName(authority)).toBe(expected);
  });
});

describe('request-chain.md §2: collisions', () => {
  const claim = (id: string, listenPath: string, domain = ''): { id: string; listenPath: string; domain: string } => ({ id, listenPath, domain });

  it('moves every API of a group at a fresh start', () => {
    expect(resolveCollisions([claim('a', '/dup/'), claim('b', '/dup/'), claim('c', '/other/')], new Map())).toEqual(['/dup/-a', '/dup/-b', '/other/']);
  });

  it('leaves the path to the API that had it before', () => {
    expect(resolveCollisions([claim('a', '/dup/'), claim('b', '/dup/')], new Map([['a', '/dup/']]))).toEqual(['/dup/', '/dup/-b']);
  });

  it('counts the domain', () => {
    expect(resolveCollisions([claim('a', '/dup/', 'a.example'), claim('b', '/dup/', 'b.example')], new Map())).toEqual(['/dup/', '/dup/']);
  });

  it('makes appended paths unique', () => {
    expect(resolveCollisions([claim('a', '/x'), claim('a', '/x'), claim('b', '/x-a')], new Map())).toEqual(['/x-a_', '/x-a__', '/x-a']);
  });
});

describe('request-chain.md §2: length and form of listen paths', () => {
  it.each([
    ['/app/', 5],
    ['/tenants/{tenant}/api/', 14],
    ['/{a}/{b}', 2],
  ])('%s counts %i', (path, length) => {
    expect(routeLength(path)).toBe(length);
  });

  it.each(['', 'nolead/', '/has space/'])('%j cannot be served', (path) => {
    expect(listenPathProblem(path)).toMatch(/listen path/);
  });
});

describe('prefix tree', () => {
  it('finds what a scan of all prefixes finds', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), word, (prefixes, path) => {
        const tree = new PrefixTree<number>();
        for (const [order, prefix] of prefixes.entries()) tree.add(prefix, { order, value: order });
        const scanned = prefixes.findIndex((prefix, order) => path.startsWith(prefix) && order % 3 !== 1);
        return (tree.find(path, (order) => order % 3 !== 1)?.value ?? -1) === scanned;
      }),
    );
  });
});
