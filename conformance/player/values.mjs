// Variables put into suites, what varies taken out of answers, and where two answers differ.

export function substitute(value, variables) {
  if (typeof value === 'string') {
    value = value.replace(/\$\{b64:(\w+)([^}]*)\}/g, (all, name, rest) =>
      name in variables ? Buffer.from(`${variables[name]}${rest}`).toString('base64') : all,
    );
    const whole = value.match(/^\$\{([\w.:-]+)\}$/);
    if (whole && whole[1] in variables) return variables[whole[1]];
    return value.replace(/\$\{([\w.:-]+)\}/g, (all, name) =>
      name in variables ? String(variables[name]) : /^repeat:.:\d+$/.test(name) ? name[7].repeat(Number(name.slice(9))) : all,
    );
  }
  if (Array.isArray(value)) return value.map((v) => substitute(v, variables));
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [substitute(k, variables), substitute(v, variables)]));
  return value;
}

const AGENT = /^(Tyk|Gatehouse)\/\S+$/;

/** Puts the names of ports, hosts and times back in place of their values, so that two runs give the same text. */
export function normalise(value, variables) {
  if (typeof value === 'string') {
    let s = value;
    for (const [name, v] of Object.entries(variables)) {
      if (name.startsWith('saved.')) {
        if (typeof v === 'string' && v.length >= 8) s = s.split(v).join(`\${${name}}`);
      } else if (/_HOST$/.test(name)) s = s.split(v).join(`\${${name}}`);
    }
    for (const [name, v] of Object.entries(variables)) if (/_PORT$/.test(name) && /:\d/.test(s)) s = s.replace(new RegExp(`:${v}\\b`, 'g'), `:\${${name}}`);
    s = s.split(variables.WORK).join('${WORK}');
    s = s.replace(/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d (GMT|UTC)\b/g, '<date>');
    s = s.replace(/\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, '<time>');
    s = s.replace(/\b127\.0\.0\.1:\d{4,5}\b/g, '127.0.0.1:<port>');
    s = s.replace(AGENT, '<gateway>'); // the gateway's own User-Agent
    return /^\d{10}$/.test(s) && Math.abs(Number(s) - Date.now() / 1000) < 400 * 86400 ? '<epoch>' : s;
  }
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value - Date.now() / 1000) < 400 * 86400 ? '<epoch>' : value;
  if (Array.isArray(value)) return value.map((v) => normalise(v, variables));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [normalise(k, variables), normalise(v, variables)]));
  return value;
}

export const QUIET_ANSWER = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']);

export const QUIET_UPSTREAM = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'accept-encoding']);

export const headersOf = (list, quiet) => {
  const out = {};
  for (const [k, v] of list) if (!quiet.has(k.toLowerCase())) (out[k.toLowerCase()] ??= []).push(v);
  return Object.fromEntries(Object.entries(out).sort(([x], [y]) => (x < y ? -1 : 1)));
};

export const pointer = (value, p) =>
  p
    .split('/')
    .slice(1)
    .reduce((v, k) => v?.[k.replaceAll('~1', '/').replaceAll('~0', '~')], value);

const escape = (k) => String(k).replaceAll('~', '~0').replaceAll('/', '~1');

/** All places where two values differ, as [pointer, want, got]. Places in `loose` need only be there and of one type. */
export function differences(want, got, loose, at = '', out = []) {
  if (loose.some((l) => l === at || (l.endsWith('/**') && at.startsWith(l.slice(0, -3))))) {
    if (typeof want !== typeof got) out.push([at, want, got]);
    return out;
  }
  if (want && got && typeof want === 'object' && typeof got === 'object' && Array.isArray(want) === Array.isArray(got)) {
    for (const k of new Set([...Object.keys(want), ...Object.keys(got)])) differences(want[k], got[k], loose, `${at}/${escape(k)}`, out);
  } else if (!Object.is(want, got)) out.push([at, want, got]);
  return out;
}

export const ownAgent = (v) => JSON.parse(JSON.stringify(v).replace(/"(Tyk|Gatehouse)\/[^"\s]+"/g, '"<gateway>"'));
