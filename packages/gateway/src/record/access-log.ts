import type { GatewayConfig } from '../config/types.ts';
import { type AccessField, type EndKind, accessFields, kindOf } from './access-fields.ts';
import { jsonValue, legacyTime, type LogValue, textValue, timeText } from './log-format.ts';
import { logsInfo } from './logger.ts';
import type { Finish } from './types.ts';

export type AccessLogConfig = Pick<GatewayConfig, 'access_logs' | 'log_format' | 'log_level' | 'hash_keys' | 'enable_key_logging'>;

/** One finished request → its line, with the line's end. */
export type AccessLine = (f: Finish) => string;

/** Undefined where access logs are off, or the log's level leaves lines of level `info` out. */
export function accessLine(config: AccessLogConfig): AccessLine | undefined {
  if (!config.access_logs.enabled || !logsInfo(config)) return undefined;
  const write = config.log_format === 'json' ? JSON_LINE : textLine(config.log_format === 'legacy' ? legacyTime : timeText);
  const fields = accessFields(config);
  const asked = new Set(config.access_logs.template.map((name) => name.trim()));
  const of = (kind: EndKind): AccessLine => write(fields.filter((field) => isWanted(field, kind, asked)));
  const lines: Readonly<Record<EndKind, AccessLine>> = { answered: of('answered'), refused: of('refused'), fault: of('fault') };
  return (f) => lines[kindOf(f)](f);
}

/** The template is a list of the fields that are allowed; empty, all are. */
function isWanted(field: AccessField, kind: EndKind, asked: ReadonlySet<string>): boolean {
  if (field.always?.includes(kind)) return true;
  return !field.hidden && (asked.size === 0 || asked.has(field.name));
}

type LineWriter = (fields: readonly AccessField[]) => AccessLine;

function textLine(time: (at: number) => string): LineWriter {
  return (fields) => {
    const pieces = fields.map((field) => new Piece(` ${field.name}=`, field, textValue));
    return (f) => `time="${time(f.at)}" level=info${join(pieces, f)}\n`;
  };
}

function join(pieces: readonly Piece[], f: Finish): string {
  let line = '';
  for (const piece of pieces) line += piece.text(f);
  return line;
}

/** One field of a line. Most values are the same as in the line before: their text is kept. */
class Piece {
  private readonly label: string;
  private readonly field: AccessField;
  private readonly write: (value: string) => string;
  private last: LogValue | undefined = undefined;
  private lastText = '';

  constructor(label: string, field: AccessField, write: (value: string) => string) {
    this.label = label;
    this.field = field;
    this.write = write;
  }

  text(f: Finish): string {
    const value = this.field.value(f);
    if (value !== this.last) {
      this.last = value;
      this.lastText = value === undefined ? '' : this.label + (typeof value === 'string' ? this.write(value) : value);
    }
    return this.lastText;
  }
}

/** What a line has in JSON alone; in text they stand at its head. */
const HEAD_FIELDS: readonly AccessField[] = [
  { name: 'level', value: () => 'info' },
  { name: 'message', value: () => '' },
  { name: 'time', value: (f) => timeText(f.at) },
];

const JSON_LINE: LineWriter = (fields) => {
  const pieces = [...fields, ...HEAD_FIELDS].sort((a, b) => (a.name < b.name ? -1 : 1)).map((field) => new Piece(`,"${field.name}":`, field, jsonValue));
  return (f) => `{${join(pieces, f).slice(1)}}\n`;
};
