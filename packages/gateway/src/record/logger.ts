import { writeSync } from 'node:fs';
import process from 'node:process';
import type { GatewayConfig } from '../config/types.ts';
import type { Log, LogLevel } from '../contract/site.ts';
import { obfuscateKey } from './keys.ts';
import { type LogFields, type LogValue, logFormat } from './log-format.ts';

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warning: 2, error: 3 };

export type LoggerConfig = Pick<GatewayConfig, 'log_level' | 'log_format' | 'enable_key_logging'>;

/** Rank of `log_level`: `warn` is `warning`, nothing is `info`. */
function logThreshold(level: string): number {
  return RANK[(level === 'warn' ? 'warning' : level) as LogLevel] ?? RANK.info;
}

/** True where lines of level `info` are written, access logs among them. */
export const logsInfo = (config: LoggerConfig): boolean => logThreshold(config.log_level) <= RANK.info;

/**
 * The gateway's log, the same lines on every thread (spec/gateway/analytics-and-observability.md §10). Lines of one turn of the event loop
 * go out in one write; errors, and what is left at the end of the process, at once. Fields named `key` are shortened unless
 * `enable_key_logging` is set.
 */
export function createLogger(config: LoggerConfig, write: (text: string) => void = writeToStderr): Log {
  const threshold = logThreshold(config.log_level);
  const format = logFormat(config.log_format);
  const out = buffered(write);
  if (write === writeToStderr) process.once('exit', out.flush);
  return (level, message, fields) => {
    if (RANK[level] < threshold) return;
    out.add(format.line(Date.now(), level, message, fields ? sorted(fields, config.enable_key_logging) : []));
    if (level === 'error') out.flush();
  };
}

function buffered(write: (text: string) => void): { readonly add: (line: string) => void; readonly flush: () => void } {
  let text = '';
  const flush = (): void => {
    const all = text;
    text = '';
    if (all !== '') write(all);
  };
  return {
    add(line) {
      if (text === '') setImmediate(flush);
      text += line;
    },
    flush,
  };
}

/** A log that cannot be written must not end the gateway. */
function writeToStderr(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Full or closed pipe: the lines are lost, requests go on.
  }
}

/** Fields whose values are keys of consumers. */
const KEY_FIELDS = new Set(['key', 'inbound-key']);

function sorted(fields: Readonly<Record<string, unknown>>, openKeys: boolean): LogFields {
  const pairs: [string, LogValue][] = [];
  for (const name of Object.keys(fields).sort()) {
    const value = fields[name];
    if (value === undefined) continue;
    const shown = plain(value);
    pairs.push([name, !openKeys && typeof shown === 'string' && KEY_FIELDS.has(name) && !shown.startsWith('****') ? obfuscateKey(shown) : shown]);
  }
  return pairs;
}

function plain(value: unknown): LogValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value instanceof Error ? value.message : (JSON.stringify(value) ?? String(value));
}
