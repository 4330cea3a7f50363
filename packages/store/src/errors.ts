/** Why a store cannot be used. `code` is stable; `hint` says what to do. */
export type StoreErrorCode = 'STORE_UNWRITABLE' | 'STORE_DAMAGED' | 'STORE_FULL' | 'STORE_BUSY' | 'STORE_TOO_NEW' | 'STORE_MISSING' | 'STORE_FAILED';

/** A store that cannot be opened or written. The message is one line: what failed, where, and the remedy. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  /** The file or folder. */
  readonly path: string;
  readonly hint: string;

  constructor(code: StoreErrorCode, path: string, what: string, hint: string, cause?: unknown) {
    super(`${what}: ${path} (${hint})`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.path = path;
    this.hint = hint;
  }
}
