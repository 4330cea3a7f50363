/** One pair of a log line. Undefined values are left out by the callers. */
export type LogValue = string | number | boolean;
export type LogFields = readonly (readonly [name: string, value: LogValue])[];

/** How lines are written (`log_format`; spec/gateway/analytics-and-observability.md §10). Anything but `json` and `legacy` is text. */
export interface LogFormat {
  /** A whole line with its end. `fields` are sorted by name, without `level`, `message` and `time`; `at` is in unix milliseconds. */
  line(at: number, level: string, message: string, fields: LogFields): string;
}

export function logFormat(name: string): LogFormat {
  if (name === 'json') return jsonFormat;
  return name === 'legacy' ? legacyFormat : textFormat;
}

const textFormat: LogFormat = {
  line: (at, level, message, fields) => `time="${timeText(at)}" level=${level}${message === '' ? '' : ` message=${textValue(message)}`}${textPairs(fields)}\n`,
};

const legacyFormat: LogFormat = {
  line: (at, level, message, fields) => `time="${legacyTime(at)}" level=${level}${message === '' ? '' : ` msg=${textValue(message)}`}${textPairs(fields)}\n`,
};

function textPairs(fields: LogFields): string {
  let line = '';
  for (const [name, value] of fields) line += ` ${name}=${typeof value === 'string' ? textValue(value) : value}`;
  return line;
}

/** Values with other characters than these are quoted. */
const NEEDS_QUOTES = /[^A-Za-z0-9._/@^+-]/;

export function textValue(value: string): string {
  return NEEDS_QUOTES.test(value) ? quote(value) : value;
}

/** Quoted as Go's `%q`: printable characters stay, others become escapes. */
function quote(value: string): string {
  return SIMPLE.test(value) ? `"${value}"` : `"${value.replace(/["\\]/g, '\\$&').replace(UNPRINTABLE, escapeCharacter)}"`;
}

const SIMPLE = /^[ !#-[\]-~]*$/;
const UNPRINTABLE = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f', '\v': '\\v', '\u0007': '\\a' };

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const short = SHORT[character];
  if (short) return short;
  if (code < 0x80) return `\\x${hex(code, 2)}`;
  return code > 0xff_ff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');

/** Keys in order of the alphabet, `level`, `message` and `time` among them; an error is there under two names. */
const jsonFormat: LogFormat = {
  line(at, level, message, fields) {
    const all: [string, LogValue][] = [
      ['level', level],
      ['message', message],
      ['time', timeText(at)],
    ];
    for (const [name, value] of fields) {
      all.push([name, value]);
      if (name === 'error') all.push(['logrus_error', value]);
    }
    all.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${all.map(([name, value]) => `${jsonValue(name)}:${typeof value === 'string' ? jsonValue(value) : value}`).join(',')}}\n`;
  },
};

/** JSON text that is safe inside HTML, as Go's encoder writes it. */
export function jsonValue(value: string): string {
  const text = JSON.stringify(value);
  return UNSAFE.test(text) ? text.replace(UNSAFE_ALL, (c) => `\\u${hex(c.charCodeAt(0), 4)}`) : text;
}

const UNSAFE = /[<>&\u2028\u2029]/;
const UNSAFE_ALL = /[<>&\u2028\u2029]/g;

let lastSecond = -1;
let lastTime = '';

/** RFC 3339 in local time, whole seconds; `Z` in UTC. */
export function timeText(at: number): string {
  const second = Math.floor(at / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastTime = localTime(new Date(second * 1000));
  }
  return lastTime;
}

function localTime(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 19);
  if (offset === 0) return `${local}Z`;
  const minutes = Math.abs(offset);
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

const two = (n: number): string => String(n).padStart(2, '0');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Jan 02 15:04:05`, local time. */
export function legacyTime(at: number): string {
  const d = new Date(at);
  return `${MONTHS[d.getMonth()] ?? ''} ${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}
