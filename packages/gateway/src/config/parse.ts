import { parseDocument } from 'yaml';
import { isObject, type JsonObject } from '../definition/oas/json.ts';
import type { Report } from './report.ts';

/** The text of a configuration file as an object: JSON where it begins with `{` (or is empty of anything else), YAML otherwise. */
export function parseConfig(text: string, file: string, report: Report): JsonObject {
  const plain = text.replace(/^\uFEFF/, '');
  const value = plain.trimStart().startsWith('{') ? parseJsonText(plain, file, report) : parseYamlText(plain, file, report);
  if (value === undefined || isObject(value)) return value ?? {};
  report.errors.push({ code: 'config.no_object', path: '', message: `${file} holds no object`, hint: 'write the settings as one JSON or YAML object' });
  return {};
}

function parseJsonText(text: string, file: string, report: Report): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report.errors.push({ code: 'config.no_json', path: '', message: `${file} is no JSON: ${reason}`, hint: 'repair the file at the place named' });
    return undefined;
  }
}

function parseYamlText(text: string, file: string, report: Report): unknown {
  const document = parseDocument(text, { prettyErrors: true });
  for (const error of document.errors) {
    const [start] = error.linePos ?? [];
    const place = start === undefined ? file : `${file}:${start.line}:${start.col}`;
    const message = `${place} is no YAML: ${error.message.split('\n')[0] ?? ''}`;
    report.errors.push({ code: 'config.no_yaml', path: '', message, hint: 'repair the file at the place named' });
  }
  return document.errors.length > 0 ? undefined : (document.toJS() as unknown);
}
