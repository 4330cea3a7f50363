import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { CertificateError } from './error.ts';

/** Text of a file, or undefined where there is none. */
export function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/**
 * Writes a file as a whole: readers see the old text or the new one, never a part, also after a power cut. Mode 0600 keeps private keys from other
 * users; certificates get 0644. Makes the folder where it is missing.
 */
export function writeWhole(file: string, text: string, mode: 0o600 | 0o644): void {
  const folder = path.dirname(file);
  const draft = path.join(folder, `.${path.basename(file)}.${randomBytes(6).toString('hex')}`);
  try {
    mkdirSync(folder, { recursive: true });
    replace(file, draft, text, mode);
    syncFolder(folder);
  } catch (error) {
    throw new CertificateError('CA_UNWRITABLE', file, `cannot write ${file}: ${(error as Error).message}; give this user the right to write in ${folder}`);
  }
}

function replace(file: string, draft: string, text: string, mode: number): void {
  try {
    writeSynced(draft, text, mode);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function writeSynced(file: string, text: string, mode: number): void {
  const handle = openSync(file, 'wx', mode);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes the rename last. Windows cannot open folders; its rename is synced by the file system. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
