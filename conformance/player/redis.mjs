// A small client of the Redis protocol.
import net from 'node:net';
import { SLOT } from './options.mjs';

export async function redis(port, ...commands) {
  const socket = net.connect(Number(port), '127.0.0.1');
  let buffer = Buffer.alloc(0);
  const waiters = [];
  socket.on('data', (d) => {
    buffer = Buffer.concat([buffer, d]);
    pump();
  });
  const parse = (i) => {
    const end = buffer.indexOf('\r\n', i);
    if (end < 0) return;
    const kind = String.fromCharCode(buffer[i]);
    const rest = buffer.toString('utf8', i + 1, end);
    let next = end + 2;
    if (kind === '+' || kind === '-') return [rest, next];
    if (kind === ':') return [Number(rest), next];
    const n = Number(rest);
    if (n < 0) return [null, next];
    if (kind === '$') return buffer.length < next + n + 2 ? undefined : [buffer.toString('utf8', next, next + n), next + n + 2];
    const list = [];
    for (let k = 0; k < n; k++) {
      const r = parse(next);
      if (!r) return;
      list.push(r[0]);
      next = r[1];
    }
    return [list, next];
  };
  const pump = () => {
    for (;;) {
      const r = parse(0);
      if (!r || !waiters.length) return;
      buffer = buffer.subarray(r[1]);
      waiters.shift()(r[0]);
    }
  };
  const call = (args) =>
    new Promise((done) => {
      waiters.push(done);
      socket.write(`*${args.length}\r\n${args.map((a) => `$${Buffer.byteLength(String(a))}\r\n${a}\r\n`).join('')}`);
    });
  await call(['SELECT', 9 + SLOT]);
  const out = [];
  for (const c of commands) out.push(await call(c));
  socket.end();
  return out;
}
