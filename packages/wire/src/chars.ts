/** Character classes of RFC 9110 §5.6.2 and §5.5, one byte per char code: 1 = belongs to the class. Codes above 255 give undefined. */
function table(member: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (member(code) ? 1 : 0));
}

const TOKEN_MARKS = "!#$%&'*+-.^_`|~";

/** `tchar`: letters, digits and the marks that names and methods may hold. */
export const TOKEN: Uint8Array = table((code) => /^[0-9A-Za-z]$/.test(String.fromCharCode(code)) || TOKEN_MARKS.includes(String.fromCharCode(code)));

/** What a field value may hold: tab, blank, visible ASCII and obs-text. */
export const VALUE: Uint8Array = table((code) => code === 9 || (code >= 32 && code !== 127));

/** What a request target may hold: visible ASCII (RFC 3986 wants all else escaped); percent signs are not looked into. */
export const TARGET: Uint8Array = table((code) => code > 32 && code < 127);

/** True where every character of a non-empty text belongs to the class. */
export function consistsOf(text: string, chars: Uint8Array): boolean {
  for (let at = 0; at < text.length; at++) if (chars[text.charCodeAt(at)] !== 1) return false;
  return text.length > 0;
}

/**
 * Compares with a name that is lower case already and made of letters, digits and `-`. Spelt out, because making lower-case copies of every
 * name costs more than the parsing itself.
 */
export function sameName(name: string, lower: string): boolean {
  if (name === lower) return true;
  if (name.length !== lower.length) return false;
  for (let at = 0; at < lower.length; at++) if ((name.charCodeAt(at) | CASE_BIT) !== lower.charCodeAt(at)) return false;
  return true;
}

/** Sets a letter to lower case and leaves digits and `-` as they are. */
const CASE_BIT = 0x20;
