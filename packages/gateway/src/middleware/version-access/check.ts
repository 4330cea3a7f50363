import { getField } from '@gatehouse/wire';
import { E, type ErrorRow } from '../../contract/errors.ts';
import type { Exchange } from '../../contract/exchange.ts';
import { type Outcome, refuse, type Reply } from '../../contract/outcome.ts';
import type { Services, Site } from '../../contract/site.ts';
import type { EndpointTable } from '../../routing/endpoints.ts';

/** What the first matching entry of the lists says. */
export type Verdict = 'ignore' | 'block' | 'allow' | Reply;

export interface AccessRules {
  /** Unix milliseconds; undefined = never. */
  readonly apiExpires: number | undefined;
  readonly versionExpires: number | undefined;
  readonly internal: EndpointTable<true> | undefined;
  /** Mock, ignore, block and allow entries in this order: the first hit decides. */
  readonly lists: EndpointTable<Verdict> | undefined;
  /** Any allow entry: what no list names is refused. */
  readonly closed: boolean;
  readonly ignorePreflight: boolean;
}

const SOURCE = 'VersionCheck';

/** spec/gateway/request-chain.md §3.1, behind the choice of the version. */
export function makeCheck(rules: AccessRules, { api, use }: Site): (x: Exchange) => Outcome | void {
  const refused = (x: Exchange, error: ErrorRow): Outcome => {
    use.event('VersionFailure', api, { path: x.originalPath, origin: x.clientIp, reason: error.text });
    return refuse(error, SOURCE);
  };
  return function checkVersionAccess(x) {
    const expired = expiredBy(rules, use);
    if (expired !== undefined) return refused(x, expired);
    if (rules.ignorePreflight && isPreflight(x)) {
      x.ignored = true;
      return;
    }
    if (rules.internal !== undefined && x.loopLevel === 0 && rules.internal.find(x) === true) return refused(x, E.ENDPOINT_FORBIDDEN);
    const verdict = rules.lists?.find(x);
    if (verdict === 'block' || (verdict === undefined && rules.closed)) return refused(x, E.ENDPOINT_FORBIDDEN);
    if (verdict === 'ignore') x.ignored = true;
    else if (typeof verdict === 'object') return verdict;
  };
}

function expiredBy({ apiExpires, versionExpires }: AccessRules, use: Services): ErrorRow | undefined {
  if (apiExpires === undefined && versionExpires === undefined) return undefined;
  const now = use.now();
  if (versionExpires !== undefined && versionExpires <= now) return E.VERSION_EXPIRED;
  return apiExpires !== undefined && apiExpires <= now ? E.API_EXPIRED : undefined;
}

/** A browser's question whether it may send a request (Fetch standard, "CORS-preflight request"). */
function isPreflight({ method, head }: Exchange): boolean {
  return method === 'OPTIONS' && !!getField(head.fields, 'origin') && !!getField(head.fields, 'access-control-request-method');
}
