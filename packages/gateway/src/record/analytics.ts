import type { RecordBatch } from '@gatehouse/store';
import { getField } from '@gatehouse/wire';
import type { GatewayConfig } from '../config/types.ts';
import type { CompiledApi } from '../contract/compiled.ts';
import type { Exchange } from '../contract/exchange.ts';
import type { EffectiveIdentity } from '../contract/identity.ts';
import { clientAddress } from './access-fields.ts';
import { HASH_OF_NOTHING } from './keys.ts';
import { pathNormaliser } from './normalise-path.ts';
import { sentPath, strippedPath } from './paths.ts';
import { type ApiFacts, type Columns, type IdentityFacts, makeColumns } from './record-columns.ts';
import { ObjectTexts, RepeatedText, TextTable } from './text-table.ts';
import type { Finish } from './types.ts';

export type AnalyticsConfig = Pick<GatewayConfig, 'enable_analytics' | 'analytics_config' | 'hash_keys' | 'db_app_conf_options'>;

/** Records of one thread on their way to the store. */
export interface AnalyticsBuffer {
  add(f: Finish): void;
  /** Hands over what is there. */
  flush(): void;
  /** Called every `IDLE_MS`: hands over when nothing new came since the last call, or the oldest record is `MAX_AGE_MS` old. */
  tick(now: number): void;
}

export const IDLE_MS = 200;
const MAX_AGE_MS = 1000;
/** Records of a batch, unless `analytics_config.records_buffer_size` says otherwise. */
const DEFAULT_CAPACITY = 1000;
const MAX_CAPACITY = 100_000;
/** Characters of texts after which a batch goes, however few its records: long paths must not fill the memory. */
const MAX_TEXT = 1024 * 1024;

/** Undefined where analytics are off. `deliver` takes each batch; its columns are views of one buffer, which may be transferred. */
export function analyticsBuffer(config: AnalyticsConfig, deliver: (batch: RecordBatch) => void): AnalyticsBuffer | undefined {
  return config.enable_analytics ? new ColumnBuffer(config, deliver) : undefined;
}

/** Buffers of a batch, for `postMessage`'s list of what is transferred. */
export function batchBuffers(batch: RecordBatch): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const column of Object.values(batch.columns)) if (ArrayBuffer.isView(column) && column.buffer instanceof ArrayBuffer) buffers.add(column.buffer);
  return [...buffers];
}

class ColumnBuffer implements AnalyticsBuffer {
  private readonly deliver: (batch: RecordBatch) => void;
  private readonly capacity: number;
  private readonly ignored: ReadonlySet<string>;
  private readonly normalise: ((path: string) => string) | undefined;
  private readonly noIdentity: string;
  private readonly texts = new TextTable();
  private readonly apis: ObjectTexts<CompiledApi>;
  private readonly identities = new ObjectTexts<EffectiveIdentity>(this.texts, identityText);
  private readonly methods = new RepeatedText(this.texts);
  private readonly hosts = new RepeatedText(this.texts);
  private readonly agents = new RepeatedText(this.texts);
  private readonly versions = new RepeatedText(this.texts);
  private readonly addresses = new RepeatedText(this.texts);
  private columns: Columns;
  private pathCharacters = 0;
  private count = 0;
  private countAtTick = 0;

  constructor(config: AnalyticsConfig, deliver: (batch: RecordBatch) => void) {
    const { records_buffer_size: size, ignored_ips: ignored, normalise_urls: rules } = config.analytics_config;
    this.deliver = deliver;
    this.capacity = size > 0 ? Math.min(size, MAX_CAPACITY) : DEFAULT_CAPACITY;
    this.ignored = new Set(ignored);
    this.normalise = pathNormaliser(rules);
    this.noIdentity = JSON.stringify({ key: config.hash_keys ? HASH_OF_NOTHING : '', alias: '', oauthId: '', tags: [] } satisfies IdentityFacts);
    const { node_is_segmented: segmented, tags } = config.db_app_conf_options;
    this.apis = new ObjectTexts(this.texts, (api) => apiText(api, segmented ? tags : []));
    this.columns = makeColumns(this.capacity);
  }

  add(f: Finish): void {
    const { x } = f;
    if (x.doNotTrack || x.api.definition.do_not_track) return;
    const address = clientAddress(f);
    if (this.ignored.size > 0 && this.ignored.has(address)) return;
    this.write(f, address, this.count++);
    if (this.count === this.capacity || this.texts.size + this.pathCharacters > MAX_TEXT) this.flush();
  }

  private write(f: Finish, address: string, i: number): void {
    const { x, end, at, totalMs, upstreamMs } = f;
    const { numbers, indexes } = this.columns;
    numbers.timestamp[i] = at;
    numbers.content_length[i] = x.head.contentLength;
    indexes.response_code[i] = end.status;
    indexes.latency_total[i] = totalMs;
    indexes.latency_upstream[i] = upstreamMs;
    indexes.method[i] = this.methods.index(x.outgoingMethod);
    indexes.host[i] = this.hosts.index(x.upstreamHost === '' ? targetHost(x) : x.upstreamHost);
    indexes.user_agent[i] = this.agents.index(getField(x.head.fields, 'user-agent') ?? '');
    indexes.api_version[i] = this.versions.index(x.versionName === '' ? 'Non Versioned' : x.versionName);
    indexes.ip_address[i] = this.addresses.index(address);
    indexes.api[i] = this.apis.index(x.api);
    indexes.identity[i] = x.identity ? this.identities.index(x.identity) : this.texts.index(this.noIdentity);
    indexes.header_tags[i] = this.texts.index(headerTags(x));
    this.writePath(x, i);
  }

  private writePath(x: Exchange, i: number): void {
    const { indexes, originalPath } = this.columns;
    const raw = x.upstreamPath === '' ? strippedPath(x) : sentPath(x);
    originalPath.push(x.originalPath);
    this.pathCharacters += x.originalPath.length;
    if (x.originalPath.endsWith(raw)) indexes.raw_path_at[i] = x.originalPath.length - raw.length;
    else indexes.raw_path[i] = this.texts.index(raw);
    indexes.track_path[i] = x.trackedPath === '' ? 0 : 1;
    if (x.trackedPath === '' && !this.normalise) return;
    const path = x.trackedPath === '' ? raw : x.trackedPath;
    indexes.path[i] = this.texts.index(this.normalise ? this.normalise(path) : path);
  }

  tick(now: number): void {
    if (this.count === 0) return;
    const oldest = this.columns.numbers.timestamp[0] ?? now;
    if (this.count === this.countAtTick || now - oldest >= MAX_AGE_MS) this.flush();
    this.countAtTick = this.count;
  }

  flush(): void {
    const { count, columns } = this;
    if (count === 0) return;
    const views = Object.entries({ ...columns.numbers, ...columns.indexes }).map(([name, column]) => [name, column.subarray(0, count)] as const);
    const batch: RecordBatch = { count, columns: { ...Object.fromEntries(views), original_path: columns.originalPath }, texts: this.texts.take() };
    this.columns = makeColumns(this.capacity);
    this.pathCharacters = 0;
    this.count = 0;
    this.countAtTick = 0;
    this.deliver(batch);
  }
}

/** The API's target where no attempt was made. */
function targetHost(x: Exchange): string {
  return x.version?.upstream.targets[0]?.authority ?? '';
}

function apiText({ definition, id, name, orgId, listenPath }: CompiledApi, nodeTags: readonly string[]): string {
  const facts: ApiFacts = { id, name, org: orgId, listenPath, expireAfter: definition.expire_analytics_after, tags: definition.tags ?? [], nodeTags };
  return JSON.stringify(facts);
}

function identityText({ shownKey, alias, oauthClientId, tags, policyIds, metaData }: EffectiveIdentity): string {
  const developer = metaData['tyk_developer_id'];
  const all = [...policyIds.map((id) => `pol-${id}`), ...(typeof developer === 'string' ? [`dev-${developer}`] : []), ...tags];
  return JSON.stringify({ key: shownKey, alias, oauthId: oauthClientId, tags: all } satisfies IdentityFacts);
}

/** Tags from request fields that the API asks for, as a JSON list; `''` = none. */
function headerTags(x: Exchange): string {
  const names = x.api.definition.tag_headers;
  if (names === null || names.length === 0) return '';
  const { fields } = x.head;
  const tags: string[] = [];
  for (const name of names.map((n) => n.toLowerCase())) {
    for (let i = 0; i < fields.length; i += 2) if (fields[i]?.toLowerCase() === name) tags.push(`${name}-${fields[i + 1]}`);
  }
  return tags.length === 0 ? '' : JSON.stringify(tags);
}
