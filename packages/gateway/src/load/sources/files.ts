import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../schema/problem.ts';

/** A file with a JSON document in it, references resolved. */
export interface SourceFile {
  readonly path: string;
  readonly name: string;
  readonly text: string;
  readonly json: unknown;
}

export interface FolderRead {
  readonly files: SourceFile[];
  /** Files that could not be read or parsed; the others are loaded. */
  readonly problems: Problem[];
}

/** Resolves value references in the text of a definition (`secrets://`, `env://`, …). */
export type Resolve = (text: string) => { text: string; problems: readonly Problem[] };

/** Reads every `*.json` of a folder in the order of names. A missing folder is a problem, not an exception. */
export function readFolder(folder: string, resolve: Resolve): FolderRead {
  const read: FolderRead = { files: [], problems: [] };
  for (const name of listJson(folder, read.problems)) {
    const path = join(folder, name);
    const file = readJsonFile(path, name, resolve, read.problems);
    if (file) read.files.push(file);
  }
  return read;
}

function listJson(folder: string, problems: Problem[]): string[] {
  try {
    return readdirSync(folder)
      .filter((n) => n.endsWith('.json'))
      .sort();
  } catch (error) {
    problems.push(fileProblem('file.folder_unreadable', folder, error, 'make the folder, or correct the path in the configuration'));
    return [];
  }
}

/** One file; undefined (and a problem) where it cannot be read or is no JSON. */
export function readJsonFile(path: string, name: string, resolve: Resolve, problems: Problem[]): SourceFile | undefined {
  try {
    const resolved = resolve(readFileSync(path, 'utf8'));
    problems.push(...resolved.problems.map((p) => ({ ...p, message: `${path}: ${p.message}` })));
    return { path, name, text: resolved.text, json: JSON.parse(resolved.text) as unknown };
  } catch (error) {
    problems.push(fileProblem('file.unreadable', path, error, 'correct the file; the other definitions are served'));
    return undefined;
  }
}

function fileProblem(code: string, path: string, error: unknown, hint: string): Problem {
  return { code, path: '', message: `${path}: ${error instanceof Error ? error.message : String(error)}`, hint };
}
