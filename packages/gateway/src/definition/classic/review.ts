import { pointer, type Problem } from '../../schema/problem.ts';
import type { ClassicApi } from './types.ts';
import { applyRules, invalidAddresses, type ClassicRule, type Offence } from './validate.ts';

/** What Tyk stores without a word although it cannot work, or does not do what it says: for `check`, for the loader's log, for forms. */
const reviewRules: readonly ClassicRule[] = [
  { id: 'api_id_required', check: (api) => required('/api_id', api.api_id, 'give the API an id') },
  { id: 'name_required', check: (api) => required('/name', api.name, 'give the API a name') },
  { id: 'api_id_shape', check: apiIdShape },
  { id: 'listen_path', check: listenPath },
  { id: 'target_url', check: targetUrl },
  { id: 'auth_source', check: legacyAuthSource },
  { id: 'ip_list', check: skippedAddresses },
  { id: 'extended_paths_off', check: extendedPathsOff },
  { id: 'driver_required', check: driverRequired },
];

/** Mistakes that Tyk does not refuse. None of them keeps an API from being stored. */
export function reviewClassic(api: ClassicApi): Problem[] {
  return applyRules(reviewRules, api);
}

function required(path: string, value: string, hint: string): Offence[] {
  return value.trim() === '' ? [{ path, message: `${path.slice(1)} is empty`, hint }] : [];
}

function apiIdShape({ api_id: id }: ClassicApi): Offence[] {
  if (/[/\\]/.test(id) || id === '.' || id === '..') {
    return [{ path: '/api_id', message: `"${id}" cannot be a file name`, hint: 'use letters, digits and hyphens' }];
  }
  if (!/-(?:oas|mcp)$/.test(id)) return [];
  return [
    { path: '/api_id', message: `an id that ends like "${id}" is taken for the companion file of another API`, hint: 'choose an id with another ending' },
  ];
}

function listenPath({ proxy: { listen_path: path } }: ClassicApi): Offence[] {
  if (path.startsWith('/') && !path.includes(' ')) return [];
  const message = path === '' ? 'the listen path is empty' : `the listen path "${path}" does not begin with / or contains a space`;
  return [{ path: '/proxy/listen_path', message: `${message}, so the API is not served`, hint: 'write a path such as /orders/' }];
}

const TARGET = /^(?:https?|h2c|wss?|tyk|tcp|tls):\/\/[^/]/i;

/** References are looked at when they are resolved. */
const REFERENCE = /^(?:env|secrets|consul|vault|file|kv):\/\/|\$kv\{/;

function targetUrl({ proxy }: ClassicApi): Offence[] {
  const url = proxy.target_url;
  const listed = proxy.enable_load_balancing || proxy.service_discovery.use_discovery_service;
  if (TARGET.test(url) || REFERENCE.test(url) || (url === '' && listed)) return [];
  const message = url === '' ? 'there is no upstream' : `"${url}" is no upstream URL`;
  return [{ path: '/proxy/target_url', message, hint: 'write a URL such as http://orders.internal:8000/' }];
}

/** The older `auth` block counts where `auth_configs` has no entry, and is not among what Tyk checks. */
function legacyAuthSource(api: ClassicApi): Offence[] {
  const { auth } = api;
  const counts = !api.use_keyless && api.use_standard_auth && !Object.hasOwn(api.auth_configs ?? {}, 'authToken');
  if (!counts || !auth.disable_header || auth.use_cookie || auth.use_param) return [];
  return [{ path: '/auth', message: 'no credential can be given: header, cookie and query are all off', hint: 'set "disable_header" to false' }];
}

/** The lists are active whenever they have entries, but are only checked when their switch is on. */
function skippedAddresses(api: ClassicApi): Offence[] {
  return [
    ...(api.enable_ip_whitelisting ? [] : invalidAddresses('allowed_ips', api.allowed_ips)),
    ...(api.enable_ip_blacklisting ? [] : invalidAddresses('blacklisted_ips', api.blacklisted_ips)),
  ];
}

function extendedPathsOff({ version_data }: ClassicApi): Offence[] {
  return Object.entries(version_data.versions ?? {}).flatMap(([name, version]) => {
    const used = Object.values(version.extended_paths).some((entries: unknown[] | null) => (entries?.length ?? 0) > 0);
    if (version.use_extended_paths || !used) return [];
    const path = `${pointer('/version_data/versions', name)}/use_extended_paths`;
    return [{ path, message: `"extended_paths" of version "${name}" has no effect`, hint: 'set "use_extended_paths" to true' }];
  });
}

function driverRequired({ custom_middleware: plugins }: ClassicApi): Offence[] {
  const named = [plugins.pre, plugins.post, plugins.post_key_auth, plugins.response].some((hooks) => (hooks?.length ?? 0) > 0);
  if (!named || plugins.driver !== '') return [];
  return [
    { path: '/custom_middleware/driver', message: 'plugins are named, but no driver, so none of them runs', hint: 'name the driver, e.g. "otto" or "grpc"' },
  ];
}
