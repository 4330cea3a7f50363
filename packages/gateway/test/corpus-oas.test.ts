import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config/index.ts';
import { decodeClassic } from '../src/definition/classic/index.ts';
import { EXTENSION, oasToClassic, parseOas, validateOas } from '../src/definition/oas/index.ts';
import { isObject } from '../src/definition/oas/json.ts';

/**
 * Real OAS documents and gateway configurations of public repositories. They are not part of this one: their folder is named by GATEHOUSE_CORPUS,
 * by default `shared/corpus` beside the repository. Each must load, or be refused for the reason that is true.
 */
const folder = process.env['GATEHOUSE_CORPUS'] ?? fileURLToPath(new URL('../../../../shared/corpus', import.meta.url));

interface CorpusFile {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

function readAll(kind: string): readonly CorpusFile[] {
  const path = `${folder}/${kind}`;
  if (!existsSync(path)) return [];
  return readdirSync(path).map((name) => ({ name, path: `${path}/${name}`, text: readFileSync(`${path}/${name}`, 'utf8') }));
}

/** File → what Tyk's own JSON Schema says of it. */
function readVerdicts(): ReadonlyMap<string, string> {
  const file = `${folder}/MANIFEST.tsv`;
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  const [header = '', ...rows] = lines;
  const column = header.split('\t').indexOf('tyk_schema_verdict');
  return new Map(rows.map((row) => row.split('\t')).map((cells) => [cells[1] ?? '', cells[column] ?? '']));
}

const verdicts = readVerdicts();

/** What is told of a document that Tyk's schema takes, but OpenAPI does not: the schema does not know these rules. */
const BEYOND_SCHEMA = /^invalid paths: operation POST \/\{any\} must define exactly all path parameters/;

/** True of the documents for which the manifest has no verdict. */
const INCOMPLETE = /^(?:the payload should contain x-tyk-api-gateway|x-tyk-api-gateway[\w.]*: \w+ is required)/;

describe('OAS documents of other people', () => {
  for (const { kind, files } of [
    { kind: 'oas', files: 81 },
    { kind: 'oas-streams', files: 19 },
  ]) {
    const documents = readAll(kind);

    it.skipIf(documents.length === 0)(`${kind}: each is valid where Tyk's schema says so (${documents.length || 'no'} files in the corpus)`, () => {
      const wrong = documents.flatMap(({ name, text }) => {
        const { message } = validateOas(parseOas(text));
        const refused = message !== undefined && !BEYOND_SCHEMA.test(message);
        const verdict = verdicts.get(name) ?? '';
        const agree = verdict.endsWith('not-labelled') ? !refused || INCOMPLETE.test(message) : refused === verdict.startsWith('invalid');
        return agree ? [] : [{ name, message, verdict }];
      });
      expect(wrong).toEqual([]);
      expect(documents).toHaveLength(files);
    });

    it.skipIf(documents.length === 0)(`${kind}: each valid one gives a Classic half that loads`, () => {
      const wrong = documents.flatMap(({ name, text }) => {
        const document = parseOas(text) ?? {};
        if (validateOas(document).message !== undefined) return [];
        const { value, problems, unknown } = decodeClassic(oasToClassic(document));
        return problems.length + unknown.length > 0 || !value.is_oas || value.name === '' ? [{ name, problems, unknown }] : [];
      });
      expect(wrong).toEqual([]);
    });

    it.skipIf(documents.length === 0)(`${kind}: each comes back field for field, in its order`, () => {
      for (const { text } of documents) {
        const given: unknown = JSON.parse(text);
        const document = parseOas(text) ?? {};
        oasToClassic(document);
        validateOas(document);
        expect(JSON.stringify(document)).toBe(JSON.stringify(given));
      }
    });
  }

  const fragments = readAll('oas-fragment');

  it.skipIf(fragments.length === 0)(`fragments never break the conversion (${fragments.length || 'no'} files in the corpus)`, () => {
    for (const { text } of fragments) {
      const document = parseOas(text) ?? {};
      const whole = isObject(document[EXTENSION]) ? document : { [EXTENSION]: document };
      expect(oasToClassic(whole)).toMatchObject({ is_oas: true });
      expect(validateOas(document).problems.length).toBeGreaterThan(0);
    }
    expect(fragments.length).toBe(50);
  });
});

/** Keys in gateway configurations of the corpus that no version of Tyk knows. */
const INVENTED: ReadonlySet<string> = new Set([
  '/enable_coprocess',
  '/enable_context_vars',
  '/enable_jsvm_logs',
  '/enable_key_hash_listing',
  '/enable_uptime_analytics',
  '/http_server_options/cors',
  '/kafka',
  '/flush_interval',
  '/min_version',
  '/server_name',
  '/ssl_insecure_skip_verify',
]);

/** Dashboard and control plane configurations, and schemas, that lie among those of gateways. */
const isOther = (text: string): boolean => /"tyk_api_config"|"healthcheck_port"|"additionalProperties"/.test(text);

describe('gateway configurations of other people', () => {
  const files = readAll('conf');

  it.skipIf(files.length === 0)(`each loads, but for keys that nobody knows (${files.length || 'no'} files in the corpus)`, () => {
    const own = files.filter(({ text }) => !isOther(text));
    const places = own.flatMap(({ path }) => loadConfig({ files: [path], required: true }).problems.map((problem) => problem.path));
    expect(places.filter((place) => !INVENTED.has(place))).toEqual([]);
    expect([files.length, own.length, places.length]).toEqual([56, 50, 16]);
  });

  it.skipIf(files.length === 0)('with compat all of them load', () => {
    const own = files.filter(({ text }) => !isOther(text));
    expect(own.flatMap(({ path }) => loadConfig({ files: [path], compat: true }).problems)).toEqual([]);
  });

  it.skipIf(files.length === 0)('what is no gateway configuration is refused', () => {
    const others = files.filter(({ text }) => isOther(text));
    expect(others.filter(({ path }) => loadConfig({ files: [path] }).problems.length === 0)).toEqual([]);
  });

  it.skipIf(files.length === 0)('each value arrives', () => {
    const lost = files
      .filter(({ text }) => !isOther(text))
      .flatMap(({ name, path, text }) => {
        const { config, sources } = loadConfig({ files: [path], compat: true });
        return [...sources.keys()].filter((place) => !arrived(at(JSON.parse(text), place), at(config, place))).map((place) => name + place);
      });
    expect(lost).toEqual([]);
  });
});

/** The value at a JSON pointer, keys in any case. */
function at(value: unknown, place: string): unknown {
  let found = value;
  for (const key of place.split('/').slice(1)) {
    const entries = Object.entries(found ?? {});
    found = entries.find(([name]) => name === key)?.[1] ?? entries.find(([name]) => name.toLowerCase() === key)?.[1];
  }
  return found;
}

/** Zero values stand for other ones, durations are written in nanoseconds. */
const arrived = (given: unknown, got: unknown): boolean =>
  given === 0 || given === '' || given === false || JSON.stringify(given) === JSON.stringify(got) || Number(given) / 1e9 === got;
