import { perlClass, posixClass, unicodeClass } from './regex-classes.ts';

/** Not RE2, or nothing that JavaScript can do. The message completes "… is no regular expression: ". */
export class RegexSyntaxError extends Error {}

/** The pattern as source for a JavaScript regular expression with the flag `u`. Throws a RegexSyntaxError, or leaves a fault for RegExp to find. */
export function translateRegex(source: string): string {
  const translator = new Translator(source);
  const result = translator.alternatives({ i: false, m: false, s: false, U: false }, false);
  if (translator.rest !== '') throw new RegexSyntaxError('a closing parenthesis too many');
  return result;
}

/** Modes that `(?…)` switches: case, lines, dot, greed. */
interface Modes {
  i: boolean;
  m: boolean;
  s: boolean;
  U: boolean;
}

const CONTROLS: Readonly<Record<string, string>> = { a: '\\x07', f: '\\f', n: '\\n', r: '\\r', t: '\\t', v: '\\v' };
const SYNTAX = /[\^$\\.*+?()[\]{}|/]/;
const MAX_REPEAT = 1000;

class Translator {
  private readonly source: string;
  private at = 0;

  constructor(source: string) {
    this.source = source;
  }

  get rest(): string {
    return this.source.slice(this.at);
  }

  /**
   * Everything up to the group's end. `outerCase` is whether case is ignored around the group: only where the group's own mode differs, a
   * part is wrapped in a `(?i:…)` of its own, within one alternative, because a mode reaches over `|` and JavaScript's groups do not.
   */
  alternatives(modes: Modes, outerCase: boolean): string {
    let done = '';
    let part = '';
    const flush = (): void => {
      if (part !== '') done += modes.i === outerCase ? part : `(?${modes.i ? '' : '-'}i:${part})`;
      part = '';
    };
    while (this.at < this.source.length && this.peek() !== ')') {
      if (this.take('|')) {
        flush();
        done += '|';
        continue;
      }
      const switched = this.modeSwitch(modes);
      if (switched === undefined) {
        part += this.repeated(modes);
        continue;
      }
      flush();
      Object.assign(modes, switched);
    }
    flush();
    return done;
  }

  /** `(?i)` and its like, which hold from here on. */
  private modeSwitch(modes: Modes): Modes | undefined {
    const match = /^\(\?([imsU]*)(?:-([imsU]+))?\)/.exec(this.rest);
    if (match === null || match[0] === '(?)') return undefined;
    this.at += match[0].length;
    return changed(modes, match[1], match[2]);
  }

  private repeated(modes: Modes): string {
    const atom = this.atom(modes);
    const times = /^(?:[*+?]|\{(\d+)(?:,(\d*))?\})/.exec(this.rest);
    if (times === null) return atom;
    if (Number(times[1] ?? 0) > MAX_REPEAT || Number(times[2] ?? 0) > MAX_REPEAT) throw new RegexSyntaxError(`more than ${MAX_REPEAT} repetitions`);
    this.at += times[0].length;
    const lazy = this.take('?') !== modes.U;
    return `${atom}${times[0]}${lazy ? '?' : ''}`;
  }

  private atom(modes: Modes): string {
    switch (this.peek()) {
      case '(':
        return this.group(modes);
      case '[':
        return this.charClass();
      case '\\':
        return this.escape();
      case '.':
        this.at++;
        return modes.s ? '[^]' : '[^\\n]';
      case '^':
        this.at++;
        return modes.m ? '(?<![^\\n])' : '^';
      case '$':
        this.at++;
        return modes.m ? '(?![^\\n])' : '$';
      case '*':
      case '+':
      case '?':
        throw new RegexSyntaxError(`nothing to repeat before ${this.peek()}`);
      default:
        return literal(this.character());
    }
  }

  private group(modes: Modes): string {
    const own = { ...modes };
    const named = /^\(\?P?<([A-Za-z0-9_]+)>/.exec(this.rest);
    const plain = /^\(\?([imsU]*)(?:-([imsU]+))?:/.exec(this.rest);
    let open = '(';
    if (named) open = `(?<${/^\d/.test(named[1] ?? '') ? '_' : ''}${named[1]}>`;
    else if (plain) open = '(?:';
    else if (this.rest.startsWith('(?')) throw new RegexSyntaxError(`${this.rest.slice(0, 3)} is not supported`);
    this.at += (named ?? plain)?.[0].length ?? 1;
    const inside = this.alternatives(plain ? changed(own, plain[1], plain[2]) : own, modes.i);
    if (!this.take(')')) throw new RegexSyntaxError('a closing parenthesis is missing');
    return `${open}${inside})`;
  }

  /** What a backslash begins, outside brackets. */
  private escape(): string {
    const next = this.source[this.at + 1] ?? '';
    if (next === 'Q') return this.quoted();
    if (next === 'A' || next === 'z') return this.skip(2, next === 'A' ? '^' : '$');
    if (next === 'b' || next === 'B') return this.skip(2, `\\${next}`);
    return this.namedClass(false) ?? literal(this.escapedCharacter());
  }

  /** `\Q…\E`: the text as it is. A repetition after it counts for its last character. */
  private quoted(): string {
    const end = this.source.indexOf('\\E', this.at + 2);
    const text = this.source.slice(this.at + 2, end < 0 ? undefined : end);
    this.at = end < 0 ? this.source.length : end + 2;
    return Array.from(text, literal).join('');
  }

  /** `\d`, `\pL` and the like; undefined for any other escape. */
  private namedClass(inBrackets: boolean): string | undefined {
    const perl = perlClass(this.source[this.at + 1] ?? '', inBrackets);
    if (perl !== undefined) return this.skip(2, perl);
    const match = /^\\([pP])(?:\{(\^?)([A-Za-z_]+)\}|([A-Z]))/.exec(this.rest);
    if (match === null) return undefined;
    return this.skip(match[0].length, unicodeClass(match[3] ?? match[4] ?? '', (match[1] === 'P') !== (match[2] === '^')));
  }

  /** A character written with a backslash. */
  private escapedCharacter(): string {
    const hex = /^\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(this.rest);
    if (hex) return this.skip(hex[0].length, codePoint(Number.parseInt(hex[1] ?? hex[2] ?? '', 16)));
    const octal = /^\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(this.rest);
    if (octal) return this.skip(octal[0].length, codePoint(Number.parseInt(octal[1] ?? '', 8)));
    const next = this.source[this.at + 1] ?? '';
    const control = CONTROLS[next];
    if (control !== undefined) return this.skip(2, control);
    if (next === '' || /[A-Za-z0-9]/.test(next)) throw new RegexSyntaxError(next === '' ? 'a backslash at the end' : `\\${next} is not supported`);
    this.at++;
    return this.character();
  }

  private charClass(): string {
    this.at++;
    let out = this.take('^') ? '[^' : '[';
    for (let first = true; first || this.peek() !== ']'; first = false) {
      if (this.at >= this.source.length) throw new RegexSyntaxError('a closing bracket is missing');
      out += this.classMember();
    }
    this.at++;
    return `${out}]`;
  }

  private classMember(): string {
    const posix = /^\[:(\^?)(\w+):\]/.exec(this.rest);
    if (posix) return this.skip(posix[0].length, posixClass(posix[2] ?? '', posix[1] === '^') ?? unknownClass(posix[0]));
    const named = this.peek() === '\\' ? this.namedClass(true) : undefined;
    if (named !== undefined) return named;
    const low = this.classCharacter();
    const next = this.source[this.at + 1];
    if (this.peek() !== '-' || next === undefined || next === ']') return member(low);
    this.at++;
    return `${member(low)}-${member(this.classCharacter())}`;
  }

  private classCharacter(): string {
    return this.peek() === '\\' ? this.escapedCharacter() : this.character();
  }

  private character(): string {
    const character = String.fromCodePoint(this.source.codePointAt(this.at) ?? 0);
    this.at += character.length;
    return character;
  }

  private peek(): string {
    return this.source[this.at] ?? '';
  }

  private take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at++;
    return true;
  }

  private skip(length: number, result: string): string {
    this.at += length;
    return result;
  }
}

function changed(modes: Modes, on = '', off = ''): Modes {
  const result = { ...modes };
  for (const mode of on) result[mode as keyof Modes] = true;
  for (const mode of off) result[mode as keyof Modes] = false;
  return result;
}

/** One character as JavaScript takes it literally; escapes made by `escapedCharacter` pass as they are. */
function literal(character: string): string {
  return character.length === 1 && SYNTAX.test(character) ? `\\${character}` : character;
}

/** The same inside brackets, where a hyphen has a meaning too. */
function member(character: string): string {
  return character === '-' ? '\\-' : literal(character);
}

function codePoint(code: number): string {
  if (code > 0x10ffff) throw new RegexSyntaxError('a character beyond U+10FFFF');
  return `\\u{${code.toString(16)}}`;
}

function unknownClass(name: string): never {
  throw new RegexSyntaxError(`${name} is no character class`);
}
