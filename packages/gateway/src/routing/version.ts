import type { CompiledApi, CompiledVersion } from '../contract/compiled.ts';
import { E } from '../contract/errors.ts';
import type { Exchange } from '../contract/exchange.ts';
import { type Outcome, type Refusal, refuse } from '../contract/outcome.ts';
import type { ApiFrame, Services } from '../contract/site.ts';
import type { ClassicApi } from '../definition/classic/types.ts';
import { createClientIp } from './client-ip.ts';
import { compileVersionName, type VersionName } from './version-name.ts';

/** What `makeEnter` needs to know of an API. */
export interface EnterApi extends ApiFrame {
  readonly definition: ClassicApi;
  readonly versions: ReadonlyMap<string, CompiledVersion>;
}

type EnterConfig = Pick<Services['config'], 'version_header' | 'http_server_options' | 'trusted_proxies'>;

type Enter = (x: Exchange) => Outcome | void;

/** Name under which access logs show what this file refuses. */
const SOURCE = 'VersionCheck';
/** Keys that the one version of an unversioned API may have; any key where it is alone. */
const DEFAULT_KEYS = ['Default', 'default', ''];
/** Names of APIs count only in the form that loops use: every other character is a hyphen there. */
const LOOP_NAME = /^[A-Za-z0-9-]+$/;

/**
 * Makes an API's `enter` (spec/gateway/request-chain.md §3.2): `definition` versioning hands a request over to a child API, the versions of
 * `version_data` are chosen by name. Refusals fire `VersionFailure`. It also finds out the client's address.
 */
export function makeEnter(api: EnterApi, config: EnterConfig, use?: Pick<Services, 'event'>): Enter {
  const { definition } = api;
  const own = definition.version_data.not_versioned ? enterOnly(api) : enterNamed(api, config);
  const chosen = definition.definition.enabled ? enterFamily(definition, own) : own;
  const complete = passthrough(api, use === undefined ? chosen : reporting(api, chosen, use));
  const clientIp = createClientIp(config.http_server_options.xff_depth, config.trusted_proxies);
  return function enter(x) {
    // Lists, records and events all need to know who is there, whatever API it goes to.
    if (x.clientIp === '') x.clientIp = clientIp(x.head.fields, x.wire.connection.remoteAddress);
    return isChosen(x, api) ? undefined : complete(x);
  };
}

/** A later round of a loop: the same API keeps the version that it has, another one chooses anew. */
function isChosen(x: Exchange, { versions }: EnterApi): boolean {
  if (x.version === undefined) return false;
  if (versions.get(x.version.key) === x.version) return true;
  x.version = undefined;
  x.versionName = '';
  return false;
}

function reporting(api: EnterApi, enter: Enter, use: Pick<Services, 'event'>): Enter {
  return function enterVersion(x) {
    const outcome = enter(x);
    const refused = outcome?.kind === 'refusal' && outcome.source === SOURCE ? outcome.error.text : undefined;
    if (refused !== undefined) use.event('VersionFailure', api, { path: x.originalPath, origin: x.clientIp, reason: refused });
    return outcome;
  };
}

/** With `CORS.options_passthrough` an OPTIONS request meets no step of the chain at all, and is not versioned either. */
function passthrough({ definition, versions }: EnterApi, enter: Enter): Enter {
  const version = versions.get(definition.version_data.default_version) ?? [...versions.values()][0];
  if (!definition.CORS.enable || !definition.CORS.options_passthrough || version === undefined) return enter;
  const bare: CompiledVersion = { ...version, request: [], identify: [] };
  return function enterUnlessOptions(x) {
    if (x.method !== 'OPTIONS') return enter(x);
    x.version = bare;
  };
}

/** `not_versioned`: one version serves everything. */
function enterOnly({ versions }: EnterApi): Enter {
  const known = DEFAULT_KEYS.filter((key) => versions.has(key));
  const only = versions.size === 1 ? [...versions.values()][0] : known.length === 1 ? versions.get(known[0] ?? '') : undefined;
  if (only === undefined) return () => refuse(known.length > 1 ? E.AMBIGUOUS_DEFAULT_VERSION : E.NO_DEFAULT_VERSION, SOURCE);
  return function enterOnlyVersion(x) {
    x.version = only;
  };
}

/** Versions of `version_data`, by the name in the request. */
function enterNamed({ definition, versions }: EnterApi, config: EnterConfig): Enter {
  const name = compileVersionName(definition);
  const { default_version: defaultName } = definition.version_data;
  const fallback = definition.definition.fallback_to_default;
  // A version that stands in the path is not announced when another one takes its place.
  const announces = (asked: string): boolean => config.version_header !== '' && (asked === '' || definition.definition.location !== 'url');
  return function enterNamedVersion(x) {
    const asked = name.read(x);
    if (asked === '' && defaultName === '') return refuse(E.VERSION_NOT_FOUND, SOURCE);
    const found = asked === '' ? undefined : versions.get(asked);
    if (found === undefined && asked !== '' && !fallback) return refuse(E.VERSION_DOES_NOT_EXIST_CLASSIC, SOURCE);
    const version = found ?? versions.get(defaultName);
    if (version === undefined) return refuse(E.VERSION_DOES_NOT_EXIST_CLASSIC, SOURCE);
    x.version = version;
    x.versionName = asked;
    if (found === undefined && announces(asked)) x.answerFields = [...x.answerFields, config.version_header, version.key];
    if (asked !== '') name.strip(x);
  };
}

/** Base API of `definition` versioning: itself, or a child API that runs its whole chain in its place. */
function enterFamily(definition: ClassicApi, enterSelf: Enter): Enter {
  const name = compileVersionName(definition);
  return function enterMember(x) {
    // A child that has versions of its own does not choose once more: a request has one version.
    if (x.versionName !== '') return enterSelf(x);
    const asked = name.read(x);
    const member = memberOf(definition, asked, x);
    if ('kind' in member) return member;
    if (asked !== '') name.strip(x);
    x.versionName = member.name;
    return member.child === undefined ? enterSelf(x) : enterChild(x, member.child, definition.proxy.strip_listen_path, name);
  };
}

interface Member {
  readonly name: string;
  /** Undefined: the base API itself. */
  readonly child: CompiledApi | undefined;
}

function memberOf({ definition }: ClassicApi, asked: string, x: Exchange): Member | Refusal {
  const name = asked === '' ? definition.default : asked;
  if (name === '' || name === 'self' || name === definition.name) return { name: name === 'self' ? definition.name : name, child: undefined };
  const child = childOf(definition, name, x);
  if (child !== undefined) return { name, child };
  if (!definition.fallback_to_default || asked === '') return refuse(E.VERSION_DOES_NOT_EXIST, SOURCE);
  const { default: standard } = definition;
  if (standard === 'self' || standard === definition.name) return { name: definition.name, child: undefined };
  const fallback = childOf(definition, standard, x);
  return fallback === undefined ? refuse(E.VERSION_TARGET_MISSING, SOURCE) : { name: standard, child: fallback };
}

function childOf(definition: ClassicApi['definition'], name: string, x: Exchange): CompiledApi | undefined {
  const { versions } = definition;
  const target = versions !== null && Object.hasOwn(versions, name) ? versions[name] : undefined;
  if (target === undefined) return undefined;
  return x.neighbours.byId(target) ?? (LOOP_NAME.test(target) ? x.neighbours.byLoopName(target) : undefined);
}

function enterChild(x: Exchange, child: CompiledApi, strip: boolean, name: VersionName): Outcome | void {
  name.leaveListenPath(x, strip);
  x.api = child;
  return child.disabled === undefined ? child.enter(x) : refuse(E.API_DISABLED, 'Definition');
}
