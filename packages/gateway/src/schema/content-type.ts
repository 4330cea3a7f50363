/** Signatures at the beginning of a body → media type, after the WHATWG MIME Sniffing standard §7 (the part that servers use). */
const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^\s*<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|!--)[\s>]/i, 'text/html; charset=utf-8'],
  [/^\s*<\?xml/, 'text/xml; charset=utf-8'],
  [/^%PDF-/, 'application/pdf'],
  [/^%!PS-Adobe-/, 'application/postscript'],
  [/^\xfe\xff/, 'text/plain; charset=utf-16be'],
  [/^\xff\xfe/, 'text/plain; charset=utf-16le'],
  [/^\xef\xbb\xbf/, 'text/plain; charset=utf-8'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^\x89PNG\r\n\x1a\n/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^RIFF[^]{4}WEBPVP/, 'image/webp'],
  [/^BM/, 'image/bmp'],
  [/^PK\x03\x04/, 'application/zip'],
  [/^\x1f\x8b\x08/, 'application/x-gzip'],
  [/^\x00asm/, 'application/wasm'],
];

/** Media type of a body by its first 512 bytes; `application/octet-stream` where it holds binary bytes. */
export function sniffContentType(body: Buffer): string {
  const head = body.toString('latin1', 0, 512);
  for (const [signature, type] of SIGNATURES) if (signature.test(head)) return type;
  return hasBinaryByte(head) ? 'application/octet-stream' : 'text/plain; charset=utf-8';
}

function hasBinaryByte(head: string): boolean {
  for (let i = 0; i < head.length; i++) {
    const c = head.charCodeAt(i);
    if (c < 0x09 || c === 0x0b || (c > 0x0d && c < 0x1b) || (c > 0x1b && c < 0x20)) return true;
  }
  return false;
}
