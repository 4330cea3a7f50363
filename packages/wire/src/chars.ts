/** Character classes of RFC 9110 §5.6.2 and §5.5, one byte per char code: 1 = belongs to the class. Codes above 255 give undefined. */
function table(member: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (member(code) ? 1 : 0));
}

const TOKEN_MARKS = "!#$%&'*+-.^_`|~";

/** `tchar`: letters, digits and the marks that names and methods may hold. */
export const TOKEN: Uint8Array = table((code) => /^[0-9A-Za-z]$/.test(String.fromCharCode(code)) || TOKEN_MARKS.includes(String.fromCharCode(code)));

/** What a field value may hold: tab, blank, visible ASCII and obs-text. */
export const VALUE: Uint8Array = table((code) => code === 9 || (code >= 32 && code !== 127));

/** What a request target may hold: visible ASCII and bytes above; percent signs are not looked into. */
export const TARGET: Uint8Array = table((code) => code > 32 && code !== 127);

/** True where every character of a non-empty text belongs to the class. */
export function consistsOf(text: string, chars: Uint8Array): boolean {
  for (let at = 0; at < text.length; at++) if (chars[text.charCodeAt(at)] !== 1) return false;
  return text.length > 0;
}

/** Compares with a name that is lower case already. */
export function sameName(name: string, lower: string): boolean {
  return name === lower || (name.length === lower.length && name.toLowerCase() === lower);
}
