import type { Command } from './io.ts';

export interface CommandEntry {
  readonly synopsis: string;
  readonly summary: string;
  /** Loaded on demand, so that `--help` is quick. */
  load(): Promise<{ run: Command }>;
}

export const COMMANDS: ReadonlyMap<string, CommandEntry> = new Map([
  ['up', { synopsis: 'up [--demo] [--data FOLDER]', summary: 'the platform in one process, on embedded stores', load: () => import('./commands/up.ts') }],
  ['gateway', { synopsis: 'gateway [--conf FILE] [--compat]', summary: 'the data plane alone, from a tyk.conf', load: () => import('./commands/gateway.ts') }],
  [
    'check',
    {
      synopsis: 'check [--json] PATH…',
      summary: 'says what is supported, different or wrong in definitions, policies and configurations',
      load: () => import('./commands/check.ts'),
    },
  ],
  [
    'explain',
    {
      synopsis: 'explain METHOD URL [--conf FILE | --apps FOLDER]',
      summary: 'shows the chain that a request would take',
      load: () => import('./commands/explain.ts'),
    },
  ],
  ['certs', { synopsis: 'certs ca [--data FOLDER]', summary: 'the local certificate authority', load: () => import('./commands/certs.ts') }],
  ['version', { synopsis: 'version', summary: 'prints the version', load: () => import('./commands/version.ts') }],
]);

export function usage(): string {
  const rows = [...COMMANDS.values()].map((c) => `  gatehouse ${c.synopsis}\n      ${c.summary}\n`);
  return `Usage:\n${rows.join('')}`;
}
