import { defaultsOf } from '../../config/defaults.ts';
import type { GatewayConfig } from '../../config/types.ts';
import type { CompiledApi } from '../../contract/compiled.ts';
import type { Exchange } from '../../contract/exchange.ts';
import { decodeClassic } from '../../definition/index.ts';
import { makeExchange, type RequestOptions } from '../../middleware/testing.ts';
import { flagOf } from '../flags.ts';
import type { Finish, RequestEnd } from '../types.ts';

/** Builders for the tests of this folder. */

/** A configuration with nothing set but `parts`. */
export function makeConfig(parts: Partial<GatewayConfig> = {}): GatewayConfig {
  return { ...defaultsOf('zero'), ...parts };
}

/** An API at `/<id>/` that strips its listen path; `parts` are fields of its Classic definition. */
export function makeApi(id: string, parts: Readonly<Record<string, unknown>> = {}): Partial<CompiledApi> {
  const json = { api_id: id, name: `${id} api`, org_id: 'org-fern', proxy: { listen_path: `/${id}/`, strip_listen_path: true }, ...parts };
  const definition = decodeClassic(json).value;
  return { id, name: definition.name, orgId: definition.org_id, listenPath: `/${id}/`, definition, oas: undefined };
}

/** A request on that API; `line` as `GET /brook/a?x=1`. */
export function makeRequest(line: string, api: Partial<CompiledApi>, options: RequestOptions = {}): Exchange {
  return makeExchange(line, { api, listenPrefix: api.listenPath ?? '', ...options });
}

/** As after an attempt at `http://127.0.0.1:9000` with this path. */
export function sent(x: Exchange, path: string, host = '127.0.0.1:9000'): Exchange {
  x.upstreamScheme = 'http';
  x.upstreamHost = host;
  x.upstreamPath = path;
  x.upstreamMs = 5.5;
  return x;
}

export function answered(status = 200): RequestEnd {
  return { status, refusal: undefined, failure: undefined, proxied: true };
}

/** 2026-03-01T10:00:00Z, 12.9 ms after the head came. */
export function finish(x: Exchange, end: RequestEnd): Finish {
  return { x, end, at: Date.UTC(2026, 2, 1, 10), totalMs: 12.9, upstreamMs: end.proxied ? x.upstreamMs : 0, flag: flagOf(end) };
}
