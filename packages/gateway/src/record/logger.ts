import { writeSync } from 'node:fs';
import type { GatewayConfig } from '../config/types.ts';
import type { Log, LogLevel } from '../contract/site.ts';

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warning: 2, error: 3 };

export function createLogger(config: GatewayConfig): Log {
  const level = config.log_level === 'warn' ? 'warning' : (config.log_level || 'info');
  const threshold = RANK[level as LogLevel] ?? 1;
  return (at, message, fields = {}) => {
    if (RANK[at] < threshold) return;
    writeSync(2, `${JSON.stringify({ time: new Date().toISOString(), level: at, message, ...fields })}\n`);
  };
}
