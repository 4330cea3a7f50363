import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const LONGEST_FRAME = 1_048_576;
const OP = { close: 0x8, ping: 0x9, pong: 0xa } as const;
/** Status codes of RFC 6455 §7.4.1. */
const PROTOCOL_ERROR = 1002;
const TOO_BIG = 1009;

interface Frame {
  /** First byte: FIN, reserved bits and opcode. */
  head: number;
  payload: Buffer;
  size: number;
}

/** Answers a WebSocket handshake (RFC 6455 §4.2) and sends every message back as it came. */
export function echoWebSocket(request: IncomingMessage, socket: Duplex, first: Buffer): void {
  const key = request.headers['sec-websocket-key'];
  socket.on('error', () => socket.destroy());
  if (request.headers.upgrade?.toLowerCase() !== 'websocket' || !key) {
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64');
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  echoFrames(socket, first);
}

function echoFrames(socket: Duplex, first: Buffer): void {
  let bytes = first;
  const read = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    for (let frame = nextFrame(bytes); frame !== undefined; frame = nextFrame(bytes)) {
      if (typeof frame === 'number') return void socket.end(frameOf(0x80 | OP.close, closeCode(frame)));
      bytes = bytes.subarray(frame.size);
      if (answerFrame(socket, frame) === 'closed') return;
    }
  };
  socket.on('data', read);
  socket.on('end', () => socket.end());
  read(Buffer.alloc(0));
}

function answerFrame(socket: Duplex, { head, payload }: Frame): 'open' | 'closed' {
  const op = head & 0x0f;
  if (op === OP.close) {
    socket.end(frameOf(head, payload));
    return 'closed';
  }
  if (op !== OP.pong) socket.write(op === OP.ping ? frameOf(0x80 | OP.pong, payload) : frameOf(head, payload));
  return 'open';
}

/** The first whole frame; undefined: more bytes are needed; a number: the close code for a frame that is not allowed. */
function nextFrame(bytes: Buffer): Frame | number | undefined {
  if (bytes.length < 2) return undefined;
  const [head = 0, second = 0] = bytes;
  if (!(second & 0x80)) return PROTOCOL_ERROR; // clients must mask
  const short = second & 0x7f;
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  if (bytes.length < 2 + extra + 4) return undefined;
  const length = extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (length > LONGEST_FRAME) return TOO_BIG;
  const start = 2 + extra + 4;
  if (bytes.length < start + length) return undefined;
  const mask = bytes.subarray(start - 4, start);
  const payload = Buffer.from(bytes.subarray(start, start + length).map((byte, i) => byte ^ (mask[i & 3] ?? 0)));
  return { head, payload, size: start + length };
}

/** An unmasked frame, as servers send them. */
function frameOf(head: number, payload: Buffer): Buffer {
  const { length } = payload;
  const prefix = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  prefix[0] = head;
  prefix[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (prefix.length === 4) prefix.writeUInt16BE(length, 2);
  if (prefix.length === 10) prefix.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([prefix, payload]);
}

function closeCode(code: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(code);
  return bytes;
}
