import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type CheckedFile, Checker, findDocuments, type Problem } from '@gatehouse/gateway';
import type { Command, Io } from '../io.ts';

const USAGE = 'Usage: gatehouse check [--json] PATH…\n';

/** `gatehouse check PATH…`: says of every file what is supported, what differs and what is wrong. Exit code 1 where something is wrong or unsupported. */
export const run: Command = (args, io) => {
  const options = parse(args, io);
  if (!options) return Promise.resolve(2);
  const paths = listFiles(options.paths, io);
  if (!paths) return Promise.resolve(1);
  const checker = new Checker();
  const files = paths.map((path) => checker.checkFile(path));
  io.stdout(options.json ? jsonReport(files) : textReport(files, io));
  return Promise.resolve(files.some((file) => file.verdict === 'wrong' || file.verdict === 'unsupported') ? 1 : 0);
};

function parse(args: readonly string[], io: Io): { paths: string[]; json: boolean } | undefined {
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
    if (positionals.length > 0) return { paths: positionals, json: values.json };
    io.stderr(`gatehouse check: name at least one file or folder\n${USAGE}`);
  } catch (error) {
    io.stderr(`gatehouse check: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
  return undefined;
}

function listFiles(paths: readonly string[], io: Io): string[] | undefined {
  const files: string[] = [];
  for (const path of paths) {
    try {
      files.push(...findDocuments(resolve(io.cwd, path)));
    } catch (error) {
      io.stderr(`gatehouse check: ${error instanceof Error ? error.message : String(error)}\n`);
      return undefined;
    }
  }
  if (files.length > 0) return files;
  io.stderr('gatehouse check: no .json, .conf, .yaml or .yml file there\n');
  return undefined;
}

type Verdict = CheckedFile['verdict'];

function summaryOf(files: readonly CheckedFile[]): Readonly<Record<Verdict | 'files', number>> {
  const count = (verdict: Verdict): number => files.filter((file) => file.verdict === verdict).length;
  return { files: files.length, ok: count('ok'), differs: count('differs'), unsupported: count('unsupported'), wrong: count('wrong') };
}

function jsonReport(files: readonly CheckedFile[]): string {
  return `${JSON.stringify({ files, summary: summaryOf(files) }, undefined, 2)}\n`;
}

function textReport(files: readonly CheckedFile[], io: Io): string {
  const { ok, differs, unsupported, wrong } = summaryOf(files);
  const plural = files.length === 1 ? '' : 's';
  return `${files.map((file) => fileReport(file, io)).join('')}\n${files.length} file${plural}: ${ok} ok, ${differs} differ, ${unsupported} unsupported, ${wrong} wrong\n`;
}

const KINDS: Readonly<Record<CheckedFile['kind'], string>> = {
  classic: 'Classic API',
  oas: 'OAS API',
  streams: 'Streams API',
  policy: 'policy',
  policies: 'policies',
  key: 'key',
  configuration: 'configuration',
  unknown: 'unknown document',
};

/** Findings of a kind that are shown per file; `--json` has all. */
const SHOWN = 10;

function fileReport(file: CheckedFile, io: Io): string {
  const name = file.name === '' ? '' : ` "${file.name}"`;
  const features = file.features.length === 0 ? [] : [`supported    ${file.features.join(', ')}`];
  const lines = [...features, ...section('wrong', file.problems), ...section('unsupported', file.unsupported), ...section('note', file.warnings)];
  const head = `${file.verdict.padEnd(12)} ${relative(io.cwd, file.path)}: ${KINDS[file.kind]}${name}\n`;
  return head + lines.map((line) => `    ${line}\n`).join('');
}

function section(label: string, problems: readonly Problem[]): string[] {
  const lines = problems.slice(0, SHOWN).map(({ path, message, hint }) => `${label.padEnd(12)} ${path === '' ? '' : `${path}: `}${message}; ${hint}`);
  return problems.length > SHOWN ? [...lines, `${label.padEnd(12)} … and ${problems.length - SHOWN} more`] : lines;
}
