import { goJson } from '../admin/answers.ts';
import type { ApiFrame, Log, LogLevel } from '../contract/site.ts';
import { obfuscateKey } from '../record/keys.ts';
import type { Problem } from '../schema/problem.ts';

/** A log that keeps its lines, whatever the level. */
export interface DebugLog {
  readonly log: Log;
  /** JSON lines as `/tyk/debug` shows them: sorted keys, the text is `msg` (spec/gateway/analytics-and-observability.md §10). */
  text(): string;
}

export type DebugFrame = Pick<ApiFrame, 'id' | 'name' | 'orgId'>;

/** `openKeys`: keys of consumers are shown in full (`enable_key_logging`). */
export function debugLog(api: DebugFrame, openKeys: boolean): DebugLog {
  const lines: string[] = [];
  const common = { api_id: api.id, api_name: api.name, org_id: api.orgId, type: 'request' };
  return {
    log(level, msg, fields = {}) {
      const shown = !openKeys && typeof fields['key'] === 'string' ? { ...fields, key: obfuscateKey(fields['key']) } : fields;
      lines.push(goJson(sorted({ ...common, ...shown, level, msg, time: rfc3339(new Date()) })));
    },
    text: () => lines.join(''),
  };
}

/** Says what is wrong with the definition, each with its place and remedy. */
export function logProblems(log: Log, level: LogLevel, problems: readonly Problem[]): void {
  for (const { message, code, path, hint } of problems) log(level, message, { code, at: path, hint });
}

const rfc3339 = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

const plain = (value: unknown): unknown => (value instanceof Error ? value.message : value);

function sorted(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.keys(fields)
      .sort()
      .map((name) => [name, plain(fields[name])]),
  );
}
