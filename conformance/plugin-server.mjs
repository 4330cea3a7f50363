// A gRPC plugin server (`coprocess.Dispatcher`) and plugin bundles for conformance suites: `plugin`, `pluginServer` and `bundles`, see README.md.
// Node 20 or newer, no dependencies.
import { createHash, sign } from 'node:crypto';
import fs from 'node:fs';
import http2 from 'node:http2';
import path from 'node:path';

// ---------------------------------------------------------------- protobuf

/** Field number → [name, kind]. Kinds: string, bytes, int, bool, double, strings, doubles, map (text → text), map:M, M, M[]. */
const messages = Object.fromEntries(
  Object.entries({
    Object: '1 hook_type int, 2 hook_name string, 3 request Request, 4 session Session, 5 metadata map, 6 spec map, 7 response Response',
    Request:
      '1 headers map, 2 set_headers map, 3 delete_headers strings, 4 body string, 5 url string, 6 params map, 7 add_params map, 8 extended_params map, 9 delete_params strings, 10 return_overrides Overrides, 11 method string, 12 request_uri string, 13 scheme string, 14 raw_body bytes',
    Overrides: '1 response_code int, 2 response_error string, 3 headers map, 4 override_error bool, 5 response_body string',
    Response: '1 status_code int, 2 raw_body bytes, 3 body string, 4 headers map, 5 multivalue_headers Header[]',
    Header: '1 key string, 2 values strings',
    Session:
      '1 last_check int, 2 allowance double, 3 rate double, 4 per double, 5 expires int, 6 quota_max int, 7 quota_renews int, 8 quota_remaining int, 9 quota_renewal_rate int, 10 access_rights map:Access, 11 org_id string, 12 oauth_client_id string, 13 oauth_keys map, 14 basic_auth_data Basic, 15 jwt_data Jwt, 16 hmac_enabled bool, 17 hmac_secret string, 18 is_inactive bool, 19 apply_policy_id string, 20 data_expires int, 21 monitor Monitor, 22 enable_detailed_recording bool, 23 metadata map, 24 tags strings, 25 alias string, 26 last_updated string, 27 id_extractor_deadline int, 28 session_lifetime int, 29 apply_policies strings, 30 certificate string, 31 max_query_depth int, 32 key_id string, 33 post_expiry_action string, 34 post_expiry_grace_period int',
    Access: '1 api_name string, 2 api_id string, 3 versions strings, 4 allowed_urls Url[]',
    Url: '1 url string, 2 methods strings',
    Basic: '1 password string, 2 hash string',
    Jwt: '1 secret string',
    Monitor: '1 trigger_limits doubles',
    Event: '1 payload string',
  }).map(([name, text]) => [
    name,
    Object.fromEntries(
      text.split(', ').map((f) => {
        const [n, field, kind] = f.split(' ');
        return [n, [field, kind]];
      }),
    ),
  ]),
);
const HOOKS = ['Unknown', 'Pre', 'Post', 'PostKeyAuth', 'CustomKeyCheck', 'Response'];

export function decode(type, bytes) {
  const out = {};
  let i = 0;
  const varint = () => {
    let v = 0n;
    for (let s = 0n; ; s += 7n) {
      const b = bytes[i++];
      v |= BigInt(b & 127) << s;
      if (b < 128) return Number(BigInt.asIntN(64, v));
    }
  };
  while (i < bytes.length) {
    const key = varint();
    const [name, kind] = messages[type][key >> 3] ?? [`field ${key >> 3}`, 'unknown'];
    let v;
    if ((key & 7) === 0) v = varint();
    else if ((key & 7) === 1) {
      v = bytes.readDoubleLE(i);
      i += 8;
    } else if ((key & 7) === 2) {
      const n = varint();
      v = bytes.subarray(i, i + n);
      i += n;
    } else if ((key & 7) === 5) {
      v = bytes.readFloatLE(i);
      i += 4;
    } else throw new Error(`wire type ${key & 7}`);
    if (kind === 'string') out[name] = v.toString();
    else if (kind === 'bool') out[name] = Boolean(v);
    else if (kind === 'strings') (out[name] ??= []).push(v.toString());
    else if (kind === 'doubles') {
      if (typeof v === 'number') (out[name] ??= []).push(v);
      else for (let k = 0; k < v.length; k += 8) (out[name] ??= []).push(v.readDoubleLE(k));
    } else if (kind === 'map' || kind.startsWith('map:')) {
      const inner = `entry of ${kind}`;
      messages[inner] ??= { 1: ['key', 'string'], 2: ['value', kind === 'map' ? 'string' : kind.slice(4)] };
      const e = decode(inner, v);
      (out[name] ??= {})[e.key ?? ''] = e.value ?? (kind === 'map' ? '' : {});
    } else if (kind.endsWith('[]')) (out[name] ??= []).push(decode(kind.slice(0, -2), v));
    else if (messages[kind]) out[name] = decode(kind, v);
    else out[name] = v;
  }
  return out;
}

export function encode(type, value) {
  const parts = [];
  const varint = (n) => {
    const out = [];
    let v = BigInt.asUintN(64, BigInt(Math.trunc(Number(n))));
    do {
      const b = Number(v & 127n);
      v >>= 7n;
      out.push(v ? b | 128 : b);
    } while (v);
    parts.push(Buffer.from(out));
  };
  const bytes = (n, b) => {
    varint((n << 3) | 2);
    varint(b.length);
    parts.push(b);
  };
  const number = (v) => {
    const b = Buffer.alloc(8);
    b.writeDoubleLE(Number(v));
    return b;
  };
  for (const [no, [name, kind]] of Object.entries(messages[type])) {
    const v = value[name];
    const n = Number(no);
    if (v === undefined || v === null) continue;
    if (kind === 'string') bytes(n, Buffer.from(String(v)));
    else if (kind === 'bytes') bytes(n, Buffer.isBuffer(v) ? v : String(v).startsWith('base64:') ? Buffer.from(v.slice(7), 'base64') : Buffer.from(String(v)));
    else if (kind === 'int' || kind === 'bool') {
      varint(n << 3);
      varint(v === true ? 1 : v || 0);
    } else if (kind === 'double') {
      varint((n << 3) | 1);
      parts.push(number(v));
    } else if (kind === 'strings') for (const s of v) bytes(n, Buffer.from(String(s)));
    else if (kind === 'doubles') bytes(n, Buffer.concat(v.map(number)));
    else if (kind === 'map') for (const [k, s] of Object.entries(v)) bytes(n, encode(entry('string'), { key: k, value: s }));
    else if (kind.startsWith('map:')) for (const [k, s] of Object.entries(v)) bytes(n, encode(entry(kind.slice(4)), { key: k, value: s }));
    else if (kind.endsWith('[]')) for (const m of v) bytes(n, encode(kind.slice(0, -2), m));
    else bytes(n, encode(kind, v));
  }
  return Buffer.concat(parts);
}
const entry = (kind) => {
  messages[`pair ${kind}`] ??= { 1: ['key', 'string'], 2: ['value', kind] };
  return `pair ${kind}`;
};

// ---------------------------------------------------------------- answers as data

/** The Object as JSON: names for hook types, bytes as text (`base64:` where they are none), long texts as length and hash, headers with several values sorted. */
function shown(v, key) {
  if (Buffer.isBuffer(v)) {
    const s = v.toString('utf8');
    return shown(s.includes('\ufffd') ? `base64:${v.toString('base64')}` : s);
  }
  if (typeof v === 'string') return v.length > 1500 ? `<${v.length} characters, sha256 ${createHash('sha256').update(v).digest('hex').slice(0, 16)}>` : v;
  if (key === 'hook_type') return HOOKS[v] ?? v;
  if (key === 'multivalue_headers') return [...v].sort((a, b) => (a.key < b.key ? -1 : 1));
  if (Array.isArray(v)) return v.map((x) => shown(x));
  if (v && typeof v === 'object') return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, shown(x, k)]));
  return v;
}

/** `{{request.headers.X-In}}` is what the received Object holds there, `{{now+60}}` a time. */
function filled(text, object) {
  const time = text.match(/^\{\{now([+-]\d+)\}\}$/);
  if (time) return Math.floor(Date.now() / 1000) + Number(time[1]);
  return text.replace(/\{\{([^}]+)\}\}/g, (_, at) => {
    const v = at.split('.').reduce((o, k) => o?.[k], object);
    return v === undefined ? '' : Buffer.isBuffer(v) ? v.toString() : typeof v === 'object' ? JSON.stringify(v) : String(v);
  });
}
function changed(value, change, object) {
  if (typeof change === 'string') return filled(change, object);
  if (Array.isArray(change)) return change.map((c) => changed(undefined, c, object));
  if (!change || typeof change !== 'object') return change;
  const out = change.$only || !value || typeof value !== 'object' || Buffer.isBuffer(value) ? {} : { ...value };
  for (const [k, c] of Object.entries(change)) {
    if (k.startsWith('$')) continue;
    if (c === null) delete out[k];
    else out[k] = changed(out[k], c, object);
  }
  return out;
}

// ---------------------------------------------------------------- the server

/** hooks: hook name (or `*`) → what to change in the Object, or a list of these, one per call (the last one stays). See README. */
export async function pluginServer(hooks, options, work) {
  const seen = [];
  const calls = {};
  let server;
  const sessions = new Set();
  const failure = (stream, code, message) =>
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(code), 'grpc-message': encodeURIComponent(message ?? '') },
      { endStream: true },
    );
  const answer = (stream, message) => {
    const head = Buffer.alloc(5);
    head.writeUInt32BE(message.length, 1);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.concat([head, message]));
  };
  const onStream = (stream, headers) => {
    const chunks = [];
    stream.on('error', () => {});
    stream.on('data', (c) => chunks.push(c));
    stream.on('end', async () => {
      if (stream.destroyed || Buffer.concat(chunks).length < 5) return; // given up by the gateway
      try {
        const message = Buffer.concat(chunks).subarray(5);
        const call = options.calls
          ? {
              call: {
                path: headers[':path'],
                authority: headers[':authority'],
                type: headers['content-type'],
                te: headers.te,
                deadline: Boolean(headers['grpc-timeout']),
              },
            }
          : {};
        if (headers[':path'] === '/coprocess.Dispatcher/DispatchEvent') {
          const { payload } = decode('Event', message);
          let event = payload;
          try {
            event = JSON.parse(payload);
          } catch {}
          const wire = event?.message?.Meta?.OriginatingRequest;
          if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4} \w+$/.test(event?.message?.TimeStamp)) event.message.TimeStamp = '<time>';
          if (typeof wire === 'string') event.message.Meta.OriginatingRequest = Buffer.from(wire, 'base64').toString().split('\r\n');
          seen.push({ ...call, event });
          if (hooks.$event?.$error) return failure(stream, hooks.$event.$error.code, hooks.$event.$error.message);
          return answer(stream, Buffer.alloc(0));
        }
        if (headers[':path'] !== '/coprocess.Dispatcher/Dispatch') return failure(stream, 12, 'unknown method');
        const object = decode('Object', message);
        seen.push({ ...call, ...shown(object) });
        let change = hooks[object.hook_name ?? ''] ?? hooks['*'] ?? {};
        if (Array.isArray(change)) {
          const n = calls[object.hook_name] ?? 0;
          calls[object.hook_name] = n + 1;
          change = change[Math.min(n, change.length - 1)];
        }
        if (change.$delay) await new Promise((done) => setTimeout(done, change.$delay));
        if (change.$silent || stream.destroyed) return;
        if (change.$drop) return stream.session.destroy();
        if (change.$reset !== undefined) return stream.close(change.$reset);
        if (change.$http) {
          stream.respond({ ':status': change.$http, 'content-type': 'text/plain' });
          return stream.end('no');
        }
        if (change.$error) return failure(stream, change.$error.code, change.$error.message);
        if (change.$bytes !== undefined) return answer(stream, Buffer.from(change.$bytes, 'base64'));
        answer(stream, encode('Object', changed(change.$empty ? {} : object, change, object)));
      } catch (e) {
        process.stderr.write(`plugin server: ${e.stack}\n`);
        if (!stream.destroyed) stream.close(2);
      }
    });
  };
  const socket = options.unix ? path.join(work, 'plugin.sock') : undefined;
  let port = 0;
  const start = async () => {
    server = http2.createServer({ settings: { initialWindowSize: 1 << 22 } });
    server.on('session', (s) => {
      sessions.add(s);
      s.on('error', () => {});
      s.on('close', () => sessions.delete(s));
    });
    server.on('stream', onStream);
    if (socket) await new Promise((done) => server.listen(socket, done));
    else {
      await new Promise((done) => server.listen(port, '127.0.0.1', done));
      port = server.address().port;
    }
  };
  const stop = async () => {
    if (!server) return;
    const s = server;
    server = undefined;
    const closed = new Promise((done) => s.close(done));
    for (const x of sessions) x.destroy();
    await closed;
  };
  await start();
  if (options.off) await stop();
  return {
    address: socket ? `unix://${socket}` : `tcp://127.0.0.1:${port}`,
    host: socket ? socket : `127.0.0.1:${port}`,
    start,
    stop,
    close: () => {
      stop();
    },
    /** Hook calls in their order, then events (handlers run side by side) sorted. */
    take: () => {
      const all = seen.splice(0);
      const text = (x) => JSON.stringify(x.event);
      return [...all.filter((x) => !('event' in x)), ...all.filter((x) => 'event' in x).sort((a, b) => (text(a) < text(b) ? -1 : 1))];
    },
  };
}

// ---------------------------------------------------------------- bundles

const crcTable = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
const crc32 = (b) => {
  let c = 0xffffffff;
  for (const x of b) c = crcTable[(c ^ x) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
};

/** A zip of stored entries: [name, bytes][]; a name that ends with `/` is a folder. */
export function zip(entries) {
  const local = [];
  const central = [];
  let at = 0;
  for (const [name, content] of entries) {
    const n = Buffer.from(name);
    const data = Buffer.from(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(0, 4);
    common.writeUInt16LE(0, 6);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(n.length, 22);
    local.push(Buffer.from('PK\x03\x04', 'latin1'), common, n, data);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(name.endsWith('/') ? 0o40755 * 65536 + 16 : 0o100644 * 65536, 6);
    rest.writeUInt32LE(at, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, rest, n]));
    at += 30 + n.length + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...local, directory, Buffer.from('PK\x05\x06', 'latin1'), end]);
}

/** Suite key `bundles`: name → {manifest, files, …}; gives the upstream's answers, and writes the files that are wanted in the working folder. See README. */
export function makeBundles(bundles, certs, work) {
  const answers = {};
  for (const [name, b] of Object.entries(bundles)) {
    const files = b.files ?? {};
    const manifest = b.manifest === null ? null : { file_list: Object.keys(files), ...b.manifest };
    if (manifest) {
      const data = Buffer.from((manifest.file_list ?? []).map((f) => files[f] ?? '').join(''));
      manifest.checksum ??= createHash('md5').update(data).digest('hex');
      if (b.sign) manifest.signature = sign('sha256', Buffer.from(b.signed ?? data), fs.readFileSync(path.join(certs, b.sign))).toString('base64');
    }
    const entries = [
      ...(b.folders ?? []).map((f) => [f, '']),
      ...(manifest ? [['manifest.json', b.manifestText ?? JSON.stringify(manifest)]] : []),
      ...Object.entries(files).filter(([f]) => !(b.leaveOut ?? []).includes(f)),
      ...Object.entries(b.more ?? {}),
    ];
    const body = b.text !== undefined ? Buffer.from(b.text) : zip(entries);
    answers[`/bundles/${name}`] = { status: b.status ?? 200, headers: [['Content-Type', 'application/zip']], body, quiet: !b.show };
    if (b.file) {
      fs.mkdirSync(path.dirname(path.join(work, b.file)), { recursive: true });
      fs.writeFileSync(path.join(work, b.file), body);
    }
  }
  return answers;
}
