import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** An API's id names its file: nothing that leads out of the folder, and no name of a companion file (spec/control/gateway-api.md §16). */
export function isApiId(id: string): boolean {
  return id !== '' && id !== '.' && id !== '..' && !/[/\\\0]/.test(id) && !/-(?:oas|mcp)$/.test(id);
}

export function isPolicyId(id: string): boolean {
  return /^[a-zA-Z0-9._~-]+$/.test(id);
}

/** A file of definitions or policies that cannot be changed. The message is one line: what failed, where, and the remedy. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly action: 'write' | 'remove';

  constructor(action: 'write' | 'remove', file: string, cause: unknown) {
    const folder = path.dirname(file);
    super(`Cannot ${action} ${file}: ${String(cause)} (see that the folder ${folder} is there and that the gateway may write to it)`, { cause });
    this.action = action;
  }
}

/**
 * Writes a file so that a reader sees the old text or the new one, never a part: into a neighbour first, then renamed. The neighbour's name ends
 * in `.tmp`, which no loader reads.
 */
export async function writeJson(file: string, value: unknown): Promise<void> {
  const neighbour = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}.tmp`);
  try {
    await writeFile(neighbour, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o644, flush: true });
    await rename(neighbour, file);
  } catch (error) {
    await rm(neighbour, { force: true });
    throw new FileError('write', file, error);
  }
}

/** False where there was no such file. */
export async function removeFile(file: string): Promise<boolean> {
  try {
    await unlink(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new FileError('remove', file, error);
  }
}

/** The JSON object in a file; undefined where there is no such file. Throws where the file holds anything else. */
export async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
