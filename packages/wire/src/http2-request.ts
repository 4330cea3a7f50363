import { consistsOf, sameName, TARGET, TOKEN } from './chars.ts';
import { getField, getFields } from './fields.ts';
import { contentLengthOf, splitHead } from './http2-fields.ts';
import type { RefusalCode } from './refusals.ts';
import type { Fields, RequestHead, ServerLimits } from './types.ts';

const AUTHORITY = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._~!$&'()*+,;=%]*)(?::[0-9]{0,5})?$/;

/** Reads the head of a request from its HTTP/2 fields (RFC 9113 §8.3.1), or says why it is refused. `endStream`: no body follows. */
export function readRequestHead(raw: readonly string[], endStream: boolean, limits: ServerLimits): RequestHead | RefusalCode {
  const { pseudo, fields } = splitHead(raw);
  const method = pseudo[':method'] ?? '';
  const host = getField(fields, 'host');
  const authority = pseudo[':authority'] ?? host ?? '';
  const target = method === 'CONNECT' ? authority : (pseudo[':path'] ?? '');
  const expect = getField(fields, 'expect') ?? '';
  const code = sizeRefusal(raw, fields, target, limits) ?? targetRefusal(method, target) ?? hostRefusal(authority, fields);
  if (code !== undefined) return code;
  if (expect !== '' && !sameName(expect, '100-continue')) return 'UNKNOWN_EXPECTATION';
  const contentLength = endStream ? 0 : contentLengthOf(fields);
  return { method, target, version: '2.0', fields, authority, contentLength, upgrade: '', expectContinue: expect !== '' };
}

/** HPACK counts 32 bytes more per field (RFC 9113 §10.5.1); here the same text is counted as in HTTP/1.1. */
function sizeRefusal(raw: readonly string[], fields: Fields, target: string, limits: ServerLimits): RefusalCode | undefined {
  if (fields.length > limits.maxFields * 2) return 'TOO_MANY_FIELDS';
  if (target.length > limits.maxTargetBytes) return 'TARGET_TOO_LONG';
  let bytes = 0;
  for (const text of raw) bytes += text.length + 2;
  return bytes > limits.maxHeadBytes ? 'HEAD_TOO_LARGE' : undefined;
}

function targetRefusal(method: string, target: string): RefusalCode | undefined {
  if (!consistsOf(method, TOKEN)) return 'BAD_REQUEST_LINE';
  if (method === 'CONNECT') return target.includes(':') ? undefined : 'BAD_TARGET';
  if (target === '*') return method === 'OPTIONS' ? undefined : 'BAD_TARGET';
  return target.startsWith('/') && consistsOf(target, TARGET) ? undefined : 'BAD_TARGET';
}

/** A Host that names something else than `:authority` would let two readers see two requests. */
function hostRefusal(authority: string, fields: Fields): RefusalCode | undefined {
  if (!AUTHORITY.test(authority)) return 'BAD_HOST';
  const hosts = getFields(fields, 'host');
  if (hosts.length > 1) return 'SEVERAL_HOSTS';
  return hosts[0] === undefined || sameName(hosts[0], authority.toLowerCase()) ? undefined : 'BAD_HOST';
}
