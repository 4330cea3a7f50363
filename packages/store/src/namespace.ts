import type { KeyStore, Maybe } from './types.ts';

/** One kind of entry (`apikey-`, `orgkey.`) of a store that holds several: names are given and answered without the prefix. */
export function namespace(store: KeyStore, prefix: string): KeyStore {
  return {
    epoch: () => store.epoch(),
    get: (name) => then(store.get(prefix + name), (key) => key && { ...key, name }),
    set: (name, json, ttlSeconds) => store.set(prefix + name, json, ttlSeconds),
    delete: (name) => store.delete(prefix + name),
    names: () => then(store.names(), (names) => names.filter((n) => n.startsWith(prefix)).map((n) => n.slice(prefix.length))),
  };
}

function then<T, U>(value: Maybe<T>, f: (value: T) => U): Maybe<U> {
  return value instanceof Promise ? value.then(f) : f(value);
}
