import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decodeClassic, decodePolicy, decodeSession, encodeClassic, encodePolicy, encodeSession, ZERO_TIME, type Decoded } from '../src/definition/index.ts';
import { pointer, type Problem } from '../src/schema/problem.ts';

/**
 * Real definitions, policies and keys of public repositories. They are not part of this one: their folder is named by GATEHOUSE_CORPUS, by default
 * `shared/corpus` beside the repository. Each file is read and printed again, and each field that it gave must come back.
 */
const folder = process.env['GATEHOUSE_CORPUS'] ?? fileURLToPath(new URL('../../../../shared/corpus', import.meta.url));

const codec = <T>(decode: (json: unknown) => Decoded<T>, encode: (value: T) => object) => ({
  decode,
  print: (json: unknown): object => encode(decode(json).value),
});

const kinds = [
  { kind: 'classic', files: 328, refused: 1, ...codec(decodeClassic, encodeClassic) },
  { kind: 'policy', files: 128, refused: 3, ...codec(decodePolicy, encodePolicy) },
  { kind: 'key', files: 39, refused: 9, ...codec(decodeSession, encodeSession) },
];

describe('real documents of other people', () => {
  for (const { kind, files, refused, decode, print } of kinds) {
    const documents = readAll(kind);

    it.skipIf(documents.length === 0)(`${kind}: each is read, or refused for a true reason (${documents.length || 'no'} files in the corpus)`, () => {
      expect(documents).toHaveLength(files);
      const refusals = documents.map(({ name, json }) => ({ name, json, problems: decode(json).problems })).filter(({ problems }) => problems.length > 0);
      for (const { name, problems } of refusals) console.info(`${kind}/${name}: ${problems[0]?.path} ${problems[0]?.message} (${problems.length})`);
      expect(refusals.filter(({ json, problems }) => !isSchema(json) && !problems.every(isWrongTime)).map(({ name }) => name)).toEqual([]);
      expect(refusals).toHaveLength(refused);
    });

    it.skipIf(documents.length === 0)(`${kind}: each field comes back`, () => {
      const lost = documents
        .filter(({ json }) => decode(json).problems.length === 0)
        .map(({ name, json }) => ({ name, at: differences(json, print(json), '', new Set(decode(json).unknown)) }))
        .filter(({ at }) => at.length > 0);
      expect(lost).toEqual([]);
    });

    it.skipIf(documents.length === 0)(`${kind}: what was printed is read and printed the same`, () => {
      for (const { json } of documents) {
        const printed = print(json);
        expect(decode(printed)).toMatchObject({ problems: [], unknown: [] });
        expect(JSON.stringify(print(printed))).toBe(JSON.stringify(printed));
      }
    });
  }
});

function readAll(kind: string): { name: string; json: unknown }[] {
  const path = `${folder}/${kind}`;
  if (!existsSync(path)) return [];
  return readdirSync(path).map((name) => ({ name, json: JSON.parse(readFileSync(`${path}/${name}`, 'utf8')) as unknown }));
}

/** The JSON Schema of a document in place of a document. */
function isSchema(json: unknown): boolean {
  return isObject(json) && Object.values(json).some((field) => isObject(field) && typeof field['type'] === 'string' && !('name' in field));
}

function isWrongTime({ message }: Problem): boolean {
  return message.startsWith('expected a time such as') && /\d{4}-\d\d-\d\d \d\d/.test(message);
}

/** Pointers of what was given and did not come back the same, but for unknown keys, zero values that Go leaves out, and null where there is no nil. */
function differences(given: unknown, got: unknown, at: string, unknown: ReadonlySet<string>): string[] {
  if (unknown.has(at) || (got === undefined && isZero(given)) || (given === null && isZero(got))) return [];
  if (Array.isArray(given) && Array.isArray(got)) {
    return given.length === got.length ? given.flatMap((item, index) => differences(item, got[index], pointer(at, index), unknown)) : [at];
  }
  if (!isObject(given) || !isObject(got)) return Object.is(given, got) ? [] : [at];
  return Object.entries(given).flatMap(([key, item]) => differences(item, valueOf(got, key), pointer(at, key), unknown));
}

/** A value under a key, whatever its case: only Tyk's spelling is printed. */
function valueOf(json: Record<string, unknown>, key: string): unknown {
  if (Object.hasOwn(json, key)) return json[key];
  return Object.entries(json).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

function isZero(value: unknown): boolean {
  if (typeof value !== 'object' || value === null)
    return value === undefined || value === null || value === '' || value === 0 || value === false || value === ZERO_TIME;
  return Object.values(value).every(isZero);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
