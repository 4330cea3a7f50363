import type { RecordBatch } from '@gatehouse/store';
import type { ApiFacts, IdentityFacts, IndexColumn, NumberColumn } from './record-columns.ts';

/** An analytics record with Tyk's JSON names (spec/gateway/analytics-and-observability.md §1). Latencies in milliseconds, calendar fields in local time. */
export interface AnalyticsRecord {
  method: string;
  host: string;
  path: string;
  raw_path: string;
  content_length: number;
  user_agent: string;
  day: number;
  /** 1–12. */
  month: number;
  year: number;
  hour: number;
  response_code: number;
  api_key: string;
  timestamp: Date;
  api_version: string;
  api_name: string;
  api_id: string;
  org_id: string;
  oauth_id: string;
  request_time: number;
  /** Base64 of HTTP; `''` without detailed recording. */
  raw_request: string;
  raw_response: string;
  ip_address: string;
  geo: {
    country: { iso_code: string };
    city: { geoname_id: number; names: Record<string, string> | null };
    location: { latitude: number; longitude: number; time_zone: string };
  };
  network: { open_connections: number; closed_connections: number; bytes_in: number; bytes_out: number };
  latency: { total: number; upstream: number; gateway: number };
  tags: string[];
  alias: string;
  track_path: boolean;
  expireAt: Date;
  api_schema: string;
  original_path: string;
  listen_path: string;
}

const DAY_S = 86_400;
/** Where the API sets no time. */
const EXPIRE_S = 36_500 * DAY_S;

/** The records of a batch, in its order. */
export function expandRecords(batch: RecordBatch): AnalyticsRecord[] {
  const texts = batch.texts ?? [];
  const apis = new Map<number, ApiFacts>();
  const identities = new Map<number, IdentityFacts>();
  const read: Reader = {
    number: (name, i) => Number(batch.columns[name]?.[i] ?? 0),
    text: (name, i) => texts[Number(batch.columns[name]?.[i] ?? 0)] ?? '',
    originalPath: (i) => String(batch.columns['original_path']?.[i] ?? ''),
    api: (i) => parsed(apis, Number(batch.columns['api']?.[i] ?? 0), texts),
    identity: (i) => parsed(identities, Number(batch.columns['identity']?.[i] ?? 0), texts),
  };
  return Array.from({ length: batch.count }, (_, i) => expand(read, i));
}

interface Reader {
  number(name: IndexColumn | NumberColumn, i: number): number;
  text(name: IndexColumn, i: number): string;
  originalPath(i: number): string;
  api(i: number): ApiFacts;
  identity(i: number): IdentityFacts;
}

function parsed<T>(known: Map<number, T>, index: number, texts: readonly string[]): T {
  const found = known.get(index) ?? (JSON.parse(texts[index] ?? '') as T);
  known.set(index, found);
  return found;
}

function expand(read: Reader, i: number): AnalyticsRecord {
  const api = read.api(i);
  const identity = read.identity(i);
  const timestamp = new Date(read.number('timestamp', i));
  const original = read.originalPath(i);
  const raw = read.text('raw_path', i) || original.slice(read.number('raw_path_at', i));
  const total = read.number('latency_total', i);
  const upstream = read.number('latency_upstream', i);
  return {
    method: read.text('method', i),
    host: read.text('host', i),
    path: read.text('path', i) || raw,
    raw_path: raw,
    content_length: read.number('content_length', i),
    user_agent: read.text('user_agent', i),
    day: timestamp.getDate(),
    month: timestamp.getMonth() + 1,
    year: timestamp.getFullYear(),
    hour: timestamp.getHours(),
    response_code: read.number('response_code', i),
    api_key: identity.key,
    timestamp,
    api_version: read.text('api_version', i),
    api_name: api.name,
    api_id: api.id,
    org_id: api.org,
    oauth_id: identity.oauthId,
    request_time: total,
    raw_request: '',
    raw_response: '',
    ip_address: read.text('ip_address', i),
    geo: NO_PLACE,
    network: NO_NETWORK,
    latency: { total, upstream, gateway: total - upstream },
    tags: tagsOf(api, identity, read.text('header_tags', i)),
    alias: identity.alias,
    track_path: read.number('track_path', i) === 1,
    expireAt: new Date(timestamp.getTime() + (api.expireAfter > 0 ? api.expireAfter : EXPIRE_S) * 1000),
    api_schema: '',
    original_path: original,
    listen_path: api.listenPath,
  };
}

const NO_PLACE: AnalyticsRecord['geo'] = {
  country: { iso_code: '' },
  city: { geoname_id: 0, names: null },
  location: { latitude: 0, longitude: 0, time_zone: '' },
};
const NO_NETWORK: AnalyticsRecord['network'] = { open_connections: 0, closed_connections: 0, bytes_in: 0, bytes_out: 0 };

/** In the order of spec/gateway/analytics-and-observability.md §2; duplicates stay. */
function tagsOf(api: ApiFacts, identity: IdentityFacts, headers: string): string[] {
  const fromHeaders = headers === '' ? [] : (JSON.parse(headers) as string[]);
  const tags = [...identity.tags, ...fromHeaders, ...api.tags, ...api.nodeTags];
  if (identity.key !== '') tags.push(`key-${identity.key}`);
  if (api.org !== '') tags.push(`org-${api.org}`);
  tags.push(`api-${api.id}`);
  return tags;
}
