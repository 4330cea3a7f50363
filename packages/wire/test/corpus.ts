import { MALFORMED_ANSWERS, MALFORMED_REQUESTS } from '../src/malformed.ts';

/** Valid requests, some of them several on one connection. Bytes as latin1 text. */
export const REQUESTS: readonly string[] = [
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /a/b?c=d&e=%20 HTTP/1.1\r\nHost: example.org:8080\r\nUser-Agent: x\r\nAccept: */*\r\nCookie: a=1; b=2\r\n\r\n',
  'GET / HTTP/1.0\r\n\r\n',
  'GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\n',
  'GET http://a.example/x HTTP/1.1\r\nHost: b\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
  'HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
  'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /next HTTP/1.1\r\nHost: a\r\n\r\n',
  'PUT /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  'POST /t HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n',
  'POST /t HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n4;n="q\\"v"\r\nwxyz\r\n000\r\n\r\nGET /after HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok',
  'GET /w HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  'DELETE /d HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 0\r\n\r\n',
  'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  'PATCH /x HTTP/1.1\r\nHost: a\r\nX-Empty:\r\nX-Blank: \t v \t\r\nX-Obs: \xe4\xf6\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n.',
];

/** Valid answers to a GET. */
export const ANSWERS: readonly string[] = [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n2;e=1\r\nab\r\n0\r\nX-T: 1\r\n\r\n',
  'HTTP/1.1 200 OK\r\n\r\nuntil the end',
  'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok',
  'HTTP/1.1 204 No Content\r\nX: y\r\n\r\n',
  'HTTP/1.1 304 Not Modified\r\nContent-Length: 42\r\nETag: "x"\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 404 \r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 1\r\n\r\nx',
  'HTTP/1.1 500\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
];

/** What mutations put in: everything that framing hangs on. */
export const WORDS: readonly string[] = [
  '\r\n',
  '\n',
  '\r',
  '\r\n\r\n',
  '\0',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '"',
  '\x7f',
  '\x80',
  '\xff',
  '0\r\n\r\n',
  '\r\n ',
  'Content-Length: 3\r\n',
  'Content-Length: +3\r\n',
  'Content-Length: 3, 3\r\n',
  'content-length:0\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: identity\r\n',
  'transfer-encoding : chunked\r\n',
  'Transfer-Encoding: gzip, chunked\r\n',
  'Transfer-Encoding: \x0bchunked\r\n',
  'Connection: close\r\n',
  'Connection: upgrade\r\nUpgrade: x\r\n',
  'Host: b\r\n',
  'Expect: 100-continue\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  ' HTTP/1.1',
  'HTTP/1.0',
  'HTTP/1.1 100 \r\n\r\n',
  'HTTP/1.1 101 Switching\r\n\r\n',
  'ffffffffffffffff\r\n',
  '-1\r\n',
  '0x5\r\n',
  '5 \r\n',
  'f'.repeat(300),
  'X: y\r\n'.repeat(300),
];

export const REQUEST_SEEDS: readonly string[] = [...REQUESTS, ...MALFORMED_REQUESTS.map(([, bytes]) => bytes)];
export const ANSWER_SEEDS: readonly string[] = [...ANSWERS, ...MALFORMED_ANSWERS.map(([, bytes]) => bytes)];
