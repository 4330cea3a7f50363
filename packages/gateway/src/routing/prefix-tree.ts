/** A value under a literal prefix, with its place in the routing order (lower wins). */
export interface PrefixEntry<T> {
  readonly order: number;
  readonly value: T;
}

interface Node<T> {
  /** Text that leads from the parent to here. */
  label: string;
  children: Map<number, Node<T>>;
  /** By order. */
  entries: PrefixEntry<T>[];
}

/**
 * Literal prefixes of request paths in a radix tree: the cost of a look-up grows with the length of the path, not with the number of
 * prefixes.
 */
export class PrefixTree<T> {
  private readonly root: Node<T> = node('');

  add(prefix: string, entry: PrefixEntry<T>): void {
    let at = this.root;
    let rest = prefix;
    while (rest !== '') {
      const child = at.children.get(rest.charCodeAt(0));
      if (!child) {
        const leaf = node<T>(rest);
        at.children.set(rest.charCodeAt(0), leaf);
        at = leaf;
        break;
      }
      const common = commonLength(child.label, rest);
      at = common === child.label.length ? child : split(at, child, common);
      rest = rest.slice(common);
    }
    at.entries.push(entry);
    at.entries.sort((a, b) => a.order - b.order);
  }

  /** The entry of lowest order whose prefix the path begins with and which `accept` takes. */
  find(path: string, accept: (value: T) => boolean): PrefixEntry<T> | undefined {
    let best: PrefixEntry<T> | undefined;
    let at: Node<T> | undefined = this.root;
    let done = 0;
    while (at) {
      for (const entry of at.entries) {
        if (best && best.order < entry.order) break;
        if (accept(entry.value)) best = entry;
      }
      at = done < path.length ? at.children.get(path.charCodeAt(done)) : undefined;
      if (at && !path.startsWith(at.label, done)) break;
      if (at) done += at.label.length;
    }
    return best;
  }
}

function node<T>(label: string): Node<T> {
  return { label, children: new Map(), entries: [] };
}

function commonLength(a: string, b: string): number {
  let n = 0;
  while (n < a.length && n < b.length && a.charCodeAt(n) === b.charCodeAt(n)) n++;
  return n;
}

/** Puts a node between `parent` and `child`, after the first `length` characters of the child's label. */
function split<T>(parent: Node<T>, child: Node<T>, length: number): Node<T> {
  const between = node<T>(child.label.slice(0, length));
  parent.children.set(between.label.charCodeAt(0), between);
  child.label = child.label.slice(length);
  between.children.set(child.label.charCodeAt(0), child);
  return between;
}
