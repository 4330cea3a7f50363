// What all parts of the player share: the certificates of the suites, and small conversions.
import fs from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';

export const SECRET = 'golden-secret';

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export const CERTS = fileURLToPath(new URL('../certs', import.meta.url));

export const cert = (name) => ({ cert: fs.readFileSync(path.join(CERTS, `${name}.pem`)), key: fs.readFileSync(path.join(CERTS, `${name}.key`)) });

export const pem = (name) => fs.readFileSync(path.join(CERTS, name), 'utf8');

/** SHA-256 (hex) of the first PEM block: the store's id of a certificate or public key. */
export const fingerprint = (pem) =>
  createHash('sha256')
    .update(Buffer.from(pem.match(/-----BEGIN [^-]+-----([^-]+)-----END/)?.[1] ?? '', 'base64'))
    .digest('hex');

export function pairs(raw, headers) {
  if (raw.length === 0) return Object.entries(headers).filter(([k]) => !k.startsWith(':'));
  const out = [];
  for (let i = 0; i < raw.length; i += 2) if (!raw[i].startsWith(':')) out.push([raw[i], raw[i + 1]]);
  return out;
}

export const text = (buffer) => {
  const s = buffer.toString('utf8');
  return s.includes('�') ? `base64:${buffer.toString('base64')}` : s;
};

export const asJson = (s) => {
  try {
    const v = JSON.parse(s);
    return v && typeof v === 'object' ? { json: v } : s;
  } catch {
    return s;
  }
};

export const merge = (a, b) => {
  const out = { ...a };
  for (const [k, v] of Object.entries(b ?? {}))
    out[k] = v && typeof v === 'object' && !Array.isArray(v) && a[k] && typeof a[k] === 'object' ? merge(a[k], v) : v;
  return out;
};
