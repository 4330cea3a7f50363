import { type Fields, getField, getFields } from '@gatehouse/wire';
import type { Exchange } from '../../contract/exchange.ts';
import { reply, type Reply } from '../../contract/outcome.ts';
import type { CorsRules } from './rules.ts';

const VARY_PREFLIGHT = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers';

/**
 * Cross-origin requests (spec/gateway/traffic-policy.md §9, Fetch standard §3.2): preflights are answered here, every other request gets its fields on whatever
 * answer comes. A request that is not allowed is served all the same; the browser keeps the answer from the script.
 */
export function answerCors(rules: CorsRules): (x: Exchange) => Reply | void {
  return function answerCorsRequest(x) {
    // The answer to a loop goes to the page that asked the API before it.
    if (x.loopLevel > 0) return;
    const { fields } = x.head;
    const asked = x.method === 'OPTIONS' ? (getField(fields, 'access-control-request-method') ?? '') : '';
    if (asked !== '') return ended(204, preflightFields(fields, asked, rules));
    const own = requestFields(fields, x.method, rules);
    if (x.method === 'OPTIONS') return ended(200, own);
    x.answerFields = [...x.answerFields, ...own];
  };
}

function ended(status: number, fields: Fields): Reply {
  return reply(status, fields, '', { throughResponseSteps: false, recorded: false });
}

function preflightFields(fields: Fields, method: string, rules: CorsRules): Fields {
  const refused = ['Vary', VARY_PREFLIGHT];
  const origin = getField(fields, 'origin') ?? '';
  const allowed = origin === '' ? undefined : rules.originField(origin);
  const headers = getFields(fields, 'access-control-request-headers').join(',');
  if (allowed === undefined || !rules.allowsMethod(method) || !rules.allowsHeaders(headers)) return refused;
  const out = [...refused, 'Access-Control-Allow-Origin', allowed, 'Access-Control-Allow-Methods', method];
  if (headers !== '') out.push('Access-Control-Allow-Headers', headers);
  if (rules.credentials) out.push('Access-Control-Allow-Credentials', 'true');
  if (rules.maxAge > 0) out.push('Access-Control-Max-Age', String(rules.maxAge));
  return out;
}

function requestFields(fields: Fields, method: string, rules: CorsRules): Fields {
  const out = ['Vary', 'Origin'];
  const origin = getField(fields, 'origin') ?? '';
  const allowed = origin === '' ? undefined : rules.originField(origin);
  if (allowed === undefined || !rules.allowsMethod(method)) return out;
  out.push('Access-Control-Allow-Origin', allowed);
  if (rules.exposed !== '') out.push('Access-Control-Expose-Headers', rules.exposed);
  if (rules.credentials) out.push('Access-Control-Allow-Credentials', 'true');
  return out;
}
