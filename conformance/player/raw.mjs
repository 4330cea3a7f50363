// Steps that send bytes as they are, and what HTTP is in the bytes that came back.
import net from 'node:net';
import tls from 'node:tls';
import { asJson, sleep } from './common.mjs';
import { tlsOptions } from './request.mjs';
import { QUIET_ANSWER, headersOf } from './values.mjs';

/** Sends bytes as they are and returns what came back until the peer closes or is silent for `idle` ms. */
export function sendRaw(step, port) {
  return new Promise((done) => {
    const t = tlsOptions(step.tls);
    const socket = t ? tls.connect({ host: '127.0.0.1', port, ...t }) : net.connect(port, '127.0.0.1');
    let bytes = '';
    let timer;
    let closed = false;
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      done({ raw: bytes.replace(/\r\nDate: [^\r]*/gi, '\r\nDate: <date>'), closed });
    };
    const arm = () => {
      clearTimeout(timer);
      timer = setTimeout(finish, step.idle ?? 700);
    };
    socket.on(t ? 'secureConnect' : 'connect', async () => {
      arm();
      for (const [i, piece] of [step.raw].flat().entries()) {
        if (i) await sleep(step.gap ?? 150);
        if (socket.destroyed) return;
        socket.write(Buffer.from(piece, 'latin1'));
        arm();
      }
    });
    socket.on('data', (d) => {
      bytes += d.toString('latin1');
      arm();
    });
    socket.on('end', () => {
      closed = true;
      finish();
    });
    socket.on('error', () => {
      closed = true;
      finish();
    });
  });
}

/** Takes the bytes of a raw step apart: one object per answer; what is no HTTP stays as `rest`. */
export function rawAnswers(bytes, head, plain) {
  const shape = plain ? (b) => b : asJson;
  const out = [];
  while (bytes) {
    const m = bytes.match(/^HTTP\/\d\.\d (\d{3})[^\r\n]*\r\n\r\n|^HTTP\/\d\.\d (\d{3})[^\r\n]*\r\n([^]*?)\r\n\r\n/);
    if (!m) {
      out.push({ rest: bytes });
      break;
    }
    bytes = bytes.slice(m[0].length);
    const status = Number(m[1] ?? m[2]);
    const list = (m[3] ?? '')
      .split('\r\n')
      .filter(Boolean)
      .map((l) => {
        const i = l.indexOf(':');
        return [l.slice(0, i), l.slice(i + 1).trim()];
      });
    const field = (name) => list.find(([k]) => k.toLowerCase() === name)?.[1];
    const answer = { status, headers: headersOf(list, QUIET_ANSWER) };
    if (/close/i.test(field('connection') ?? '')) answer.close = true;
    out.push(answer);
    if (status === 101) {
      if (bytes) answer.after = bytes;
      break;
    }
    if (status < 200 || status === 204 || status === 304 || head) continue;
    const length = field('content-length');
    if (/chunked/i.test(field('transfer-encoding') ?? '')) {
      let body = '',
        done = false;
      for (let c; (c = bytes.match(/^([0-9a-f]+)[^\r\n]*\r\n/i));) {
        const n = parseInt(c[1], 16);
        bytes = bytes.slice(c[0].length);
        if (n === 0) {
          const end = bytes.indexOf('\r\n\r\n');
          const t = bytes.startsWith('\r\n') ? '' : bytes.slice(0, end);
          if (t) answer.trailers = t;
          bytes = bytes.slice(t ? end + 4 : 2);
          done = true;
          break;
        }
        body += bytes.slice(0, n);
        bytes = bytes.slice(n + 2);
      }
      answer.body = shape(body);
      if (!done) {
        answer.unfinished = true;
        break;
      }
    } else if (length !== undefined) {
      const n = Number(length);
      answer.body = shape(bytes.slice(0, n));
      if (bytes.length < n) answer.unfinished = true;
      bytes = bytes.slice(n);
    } else {
      answer.body = shape(bytes);
      bytes = '';
    }
  }
  return out;
}
