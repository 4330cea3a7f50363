import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ENDINGS = /\.(?:json|conf|ya?ml)$/;

/** The file itself, or all documents below a folder, in the order of their names. Throws where the path does not exist or cannot be read. */
export function findDocuments(path: string): string[] {
  return statSync(path).isDirectory() ? below(path) : [path];
}

function below(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : below(path);
    return entry.isFile() && ENDINGS.test(entry.name) ? [path] : [];
  });
}
