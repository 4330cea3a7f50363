/** Where a command reads and writes; tests give their own. */
export interface Io {
  stdout(text: string): void;
  stderr(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTTY: boolean;
  readonly cwd: string;
}

/** One command: arguments after its name → exit code (0 done, 1 failed, 2 wrong usage). */
export type Command = (args: readonly string[], io: Io) => Promise<number>;
