import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder that lives as long as its test: `using folder = tempFolder()`. */
export interface TempFolder extends Disposable {
  readonly path: string;
  /** Path of an entry. */
  at(...parts: string[]): string;
  /** Writes a file (objects as JSON), with the folders that it needs; gives its path. */
  write(name: string, content: string | Buffer | object): string;
}

export function tempFolder(prefix = 'gatehouse-'): TempFolder {
  const folder = mkdtempSync(path.join(tmpdir(), prefix));
  const at = (...parts: string[]): string => path.join(folder, ...parts);
  return {
    path: folder,
    at,
    write(name, content) {
      const file = at(name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content, null, 1));
      return file;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
