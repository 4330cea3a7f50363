import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { type ClassicApi, decodeClassic } from '../definition/index.ts';
import { EXTENSION, type OasDocument, oasToClassic, reviewOas } from '../definition/oas/index.ts';
import type { Problem } from '../schema/problem.ts';
import { type Resolve, type SourceFile, readFolder } from './sources/files.ts';

/** A definition as given, with what is read from it. */
export interface ReadDefinition {
  readonly file: string;
  readonly definition: ClassicApi;
  readonly oas: OasDocument | undefined;
  /** Of the document's text: the same hash is the same API, which keeps running over a reload. */
  readonly hash: string;
  readonly warnings: readonly Problem[];
}

export interface ReadDefinitions {
  readonly apis: ReadDefinition[];
  readonly problems: Problem[];
}

/**
 * Loads `app_path` (spec/gateway/api-definition-classic.md §10): Classic files, and OAS documents as `<id>-oas.json` with or without the
 * Classic half beside them; the document is the source of truth. A broken file never hurts the others.
 */
export function readDefinitions(folder: string, resolve: Resolve): ReadDefinitions {
  const read = readFolder(folder, resolve);
  const out: ReadDefinitions = { apis: [], problems: read.problems };
  const documents = new Map(read.files.filter(isOasFile).map((f) => [f.name, f]));
  for (const file of read.files) {
    if (documents.has(file.name)) {
      if (!hasHalf(file, read.files)) addOas(file, out);
      continue;
    }
    const companion = documents.get(`${basename(file.name, '.json')}-oas.json`);
    if (companion) addOas(companion, out);
    else if (!file.name.endsWith('-mcp.json')) addClassic(file, out);
  }
  return out;
}

function isOasFile(file: SourceFile): boolean {
  return typeof file.json === 'object' && file.json !== null && EXTENSION in file.json;
}

/** True where the Classic half of an OAS document is there: the API is then loaded in that file's place. */
function hasHalf(file: SourceFile, files: readonly SourceFile[]): boolean {
  return file.name.endsWith('-oas.json') && files.some((f) => f.name === file.name.replace(/-oas\.json$/, '.json') && !isOasFile(f));
}

function addClassic(file: SourceFile, out: ReadDefinitions): void {
  add(file, file.json, undefined, [], out);
}

function addOas(file: SourceFile, out: ReadDefinitions): void {
  const oas = file.json as OasDocument;
  const review = reviewOas(oas);
  if (review.problems.length > 0) return void out.problems.push(...review.problems.map((p) => ({ ...p, message: `${file.path}: ${p.message}` })));
  add(file, oasToClassic(oas), oas, review.warnings, out);
}

function add(file: SourceFile, json: unknown, oas: OasDocument | undefined, warnings: readonly Problem[], out: ReadDefinitions): void {
  const decoded = decodeClassic(json);
  const wrong = decoded.problems.map((p) => ({ ...p, message: `${file.path}: ${p.message}` }));
  if (wrong.length > 0) return void out.problems.push(...wrong);
  if (decoded.value.api_id === '') return void out.problems.push(missingId(file));
  const hash = createHash('sha256').update(file.text).digest('base64url');
  out.apis.push({ file: file.path, definition: decoded.value, oas, hash, warnings: oas ? warnings : decoded.warnings });
}

function missingId(file: SourceFile): Problem {
  return {
    code: 'definition.no_id',
    path: '/api_id',
    message: `${file.path}: the definition has no api_id`,
    hint: 'give it an api_id (Classic) or x-tyk-api-gateway.info.id (OAS)',
  };
}
