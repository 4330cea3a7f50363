import type { WireRefusal } from './types.ts';

/** Why a message is not taken. `text` is the body of the engine's own answer to a request; answers from upstreams only use `message`. */
export interface RefusalRow {
  readonly status: number;
  readonly text: string;
  readonly message: string;
}

export type RefusalCode =
  | 'BAD_REQUEST_LINE'
  | 'BAD_STATUS_LINE'
  | 'BAD_TARGET'
  | 'BAD_VERSION'
  | 'UNSUPPORTED_VERSION'
  | 'BARE_LF'
  | 'BARE_CR'
  | 'FOLDED_FIELD'
  | 'BAD_FIELD_LINE'
  | 'BAD_FIELD_NAME'
  | 'BAD_FIELD_VALUE'
  | 'NO_HOST'
  | 'SEVERAL_HOSTS'
  | 'BAD_HOST'
  | 'BAD_CONTENT_LENGTH'
  | 'DIFFERENT_LENGTHS'
  | 'LENGTH_AND_CODING'
  | 'BAD_TRANSFER_ENCODING'
  | 'CODING_IN_HTTP_1_0'
  | 'UNKNOWN_CODING'
  | 'BODY_WITH_CONNECT'
  | 'BAD_CHUNK_SIZE'
  | 'CHUNK_TOO_LARGE'
  | 'BAD_CHUNK_EXTENSION'
  | 'CHUNK_EXTENSION_TOO_LONG'
  | 'BAD_CHUNK_END'
  | 'BAD_TRAILER'
  | 'HEAD_TOO_LARGE'
  | 'TOO_MANY_FIELDS'
  | 'TARGET_TOO_LONG'
  | 'HEAD_TIMEOUT'
  | 'BODY_TIMEOUT'
  | 'UNKNOWN_EXPECTATION'
  | 'TOO_MANY_INTERIM'
  | 'UNASKED_UPGRADE'
  | 'UNASKED_ANSWER';

/** The text that a bare refusal carries; kept to the byte, clients compare it. */
const BAD = '400 Bad Request';

const row = (status: number, text: string, message: string): RefusalRow => ({ status, text, message });
const bad = (message: string): RefusalRow => row(400, `${BAD}: ${message}`, message);

/**
 * Everything that the engine refuses by itself, requests (as this answer) and upstream answers (as error `BAD_ANSWER`).
 * Codes are stable: logs and metrics use them.
 */
export const REFUSALS: Readonly<Record<RefusalCode, RefusalRow>> = {
  BAD_REQUEST_LINE: row(400, BAD, 'the first line is not "METHOD target HTTP/1.1"'),
  BAD_STATUS_LINE: row(502, '502 Bad Gateway', 'the first line is not "HTTP/1.1 200 reason"'),
  BAD_TARGET: row(400, BAD, 'the target is neither a path, nor an http(s) URL, nor one that its method allows'),
  BAD_VERSION: bad('unsupported HTTP version'),
  UNSUPPORTED_VERSION: row(505, '505 HTTP Version Not Supported: unsupported protocol version', 'unsupported protocol version'),
  BARE_LF: bad('line feed without carriage return'),
  BARE_CR: bad('carriage return without line feed'),
  FOLDED_FIELD: bad('folded header line'),
  BAD_FIELD_LINE: row(400, BAD, 'a header line has no colon'),
  BAD_FIELD_NAME: bad('invalid header name'),
  BAD_FIELD_VALUE: row(400, BAD, 'a header value holds a control character'),
  NO_HOST: bad('missing required Host header'),
  SEVERAL_HOSTS: row(400, BAD, 'more than one Host header'),
  BAD_HOST: bad('malformed Host header'),
  BAD_CONTENT_LENGTH: row(400, BAD, 'Content-Length is not a whole number of bytes'),
  DIFFERENT_LENGTHS: row(400, BAD, 'several Content-Length headers that differ'),
  LENGTH_AND_CODING: bad('Content-Length with Transfer-Encoding'),
  BAD_TRANSFER_ENCODING: bad('malformed Transfer-Encoding'),
  CODING_IN_HTTP_1_0: bad('Transfer-Encoding in HTTP/1.0'),
  UNKNOWN_CODING: row(501, 'Unsupported transfer encoding', 'a transfer coding other than chunked'),
  BODY_WITH_CONNECT: bad('CONNECT with a body'),
  BAD_CHUNK_SIZE: bad('malformed chunk size'),
  CHUNK_TOO_LARGE: bad('chunk size out of range'),
  BAD_CHUNK_EXTENSION: bad('malformed chunk extension'),
  CHUNK_EXTENSION_TOO_LONG: bad('chunk extension too long'),
  BAD_CHUNK_END: bad('chunk without its line end'),
  BAD_TRAILER: bad('a trailer that would change framing or routing'),
  HEAD_TOO_LARGE: row(431, '431 Request Header Fields Too Large', 'the head is larger than allowed'),
  TOO_MANY_FIELDS: row(431, '431 Request Header Fields Too Large: too many headers', 'more header lines than allowed'),
  TARGET_TOO_LONG: row(414, '414 URI Too Long', 'the target is longer than allowed'),
  HEAD_TIMEOUT: row(408, '408 Request Timeout', 'the head did not come in time'),
  BODY_TIMEOUT: row(408, '408 Request Timeout', 'the body stalled'),
  UNKNOWN_EXPECTATION: row(417, '', 'an expectation other than 100-continue'),
  TOO_MANY_INTERIM: row(502, '502 Bad Gateway', 'too many interim answers'),
  UNASKED_UPGRADE: row(502, '502 Bad Gateway', 'the upstream switched protocols without being asked'),
  UNASKED_ANSWER: row(502, '502 Bad Gateway', 'the upstream sent more than its answer'),
};

/** What hooks are told of a refusal. */
export function refusalOf(code: RefusalCode): WireRefusal {
  const { status, message } = REFUSALS[code];
  return { status, code, message };
}

/** Given to body sinks whose body turned out to be malformed, cut off or stalled. */
export class BodyError extends Error {
  readonly code: RefusalCode | 'CLIENT_CLOSED';
  /** Status that fits an answer of the handler's own; 499 where nobody is left to read it. */
  readonly status: number;

  constructor(code: RefusalCode | 'CLIENT_CLOSED') {
    super(code === 'CLIENT_CLOSED' ? 'the client closed the connection in the middle of its body' : REFUSALS[code].message);
    this.name = 'BodyError';
    this.code = code;
    this.status = code === 'CLIENT_CLOSED' ? 499 : REFUSALS[code].status;
  }
}
