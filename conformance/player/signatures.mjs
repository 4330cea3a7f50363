// Credentials that depend on the time of day, and the check of signatures that upstreams received.
import fs from 'node:fs';
import path from 'node:path';
import { constants, createHash, createHmac, sign as signBytes, verify as verifyBytes } from 'node:crypto';
import { CERTS, pem } from './common.mjs';

/** Puts a credential that depends on the time of day into the step's headers (or query), and returns it. See README. */
export function sign(step, g) {
  const now = Date.now();
  step.headers = [...(step.headers ?? [])];
  const put = (value) => {
    if (g.param) step.path += `${step.path.includes('?') ? '&' : '?'}${g.param}=${encodeURIComponent(value)}`;
    else step.headers.push([g.header ?? 'Authorization', `${g.prefix ?? ''}${value}`]);
    return value;
  };
  if (g.kind === 'digest')
    return put(
      createHash(g.hash)
        .update(g.text.replaceAll('<seconds>', String(Math.floor(now / 1000) + (g.offset ?? 0))))
        .digest('hex'),
    );
  if (g.kind === 'jwt') {
    const times = (v) => (typeof v === 'string' && /^now[+-]\d+$/.test(v) ? Math.floor(now / 1000) + Number(v.slice(3)) : v);
    const part = (o) => Buffer.from(JSON.stringify(Object.fromEntries(Object.entries(o).map(([k, v]) => [k, times(v)])))).toString('base64url');
    const text = `${part({ alg: g.alg, typ: 'JWT', ...g.head })}.${part(g.claims)}`;
    const hash = `sha${g.alg.slice(2)}`;
    const bytes = g.alg.startsWith('HS')
      ? createHmac(hash, g.secret).update(text).digest()
      : signBytes(hash, Buffer.from(text), {
          key: pem(g.key),
          dsaEncoding: 'ieee-p1363',
          ...(g.alg.startsWith('PS') ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}),
        });
    return put(`${text}.${bytes.toString('base64url')}`);
  }
  // 'http': draft-cavage-http-signatures-10
  if (g.date !== undefined) step.headers.push([g.dateHeader ?? 'Date', new Date(now + g.date).toUTCString()]);
  const first = (name) => step.headers.find(([k]) => k.toLowerCase() === name)?.[1] ?? '';
  const lines = (g.headers ?? ['date']).map((name) =>
    name === '(request-target)' ? `${name}: ${(step.method ?? 'GET').toLowerCase()} ${step.path.split('?')[0]}` : `${name}: ${first(name)}`,
  );
  const text = g.text ?? lines.join('\n');
  const [kind, hash] = (g.algorithm ?? 'hmac-sha1').split('-');
  const bytes = kind === 'rsa' ? signBytes(hash, Buffer.from(text), pem(g.key)) : createHmac(hash, g.secret).update(text).digest();
  const value = kind === 'rsa' ? bytes.toString('base64') : encodeURIComponent(bytes.toString('base64'));
  step.headers.push([
    g.header ?? 'Authorization',
    `Signature keyId="${g.keyId}",${g.algorithm ? `algorithm="${g.algorithm}",` : ''}${g.headers ? `headers="${g.headers.join(' ')}",` : ''}signature="${value}"`,
  ]);
  return value;
}

/** `verify` of a step: recomputes the request signature (draft-cavage-10) over what the upstream received; the signature itself is masked. */
export function checkSignature(v, record) {
  const name = (v.header ?? 'authorization').toLowerCase();
  const entry = record.headers.find(([k]) => k.toLowerCase() === name);
  if (!entry?.[1].includes('signature="')) return { header: null };
  const fields = Object.fromEntries([...entry[1].matchAll(/(\w+)="([^"]*)"/g)].map((m) => [m[1], m[2]]));
  const list = (fields.headers ?? 'date').split(' ');
  const first = (n) => record.headers.find(([k]) => k.toLowerCase() === n)?.[1] ?? '';
  const lines = list.map(
    (n) =>
      v.lines?.[n] ??
      (n === '(request-target)' ? `${n}: ${record.method.toLowerCase()} ${record.target}` : `${n.toLowerCase()}: ${first(n.toLowerCase()).trim()}`),
  );
  const [kind, hash] = (fields.algorithm ?? '').split('-');
  let verified;
  try {
    const bytes = Buffer.from(decodeURIComponent(fields.signature), 'base64');
    verified =
      kind === 'rsa'
        ? verifyBytes(hash, Buffer.from(lines.join('\n')), fs.readFileSync(path.join(CERTS, v.key)), bytes)
        : createHmac(hash, v.secret).update(lines.join('\n')).digest().equals(bytes);
  } catch (e) {
    verified = e.message;
  }
  entry[1] = entry[1].replace(/signature="[^"]*"/, 'signature="<signature>"');
  if (v.anyOrder) {
    entry[1] = entry[1].replace(/headers="[^"]*"/, `headers="${[...list].sort().join(' ')}"`);
    list.sort();
    lines.sort();
  }
  return { keyId: fields.keyId, algorithm: fields.algorithm, headers: list, signingString: lines, verified, escaped: !/[+/=]/.test(fields.signature) };
}
