import { isCidr, isIp } from '../../schema/ip.ts';
import { pointer, type Problem } from '../../schema/problem.ts';
import type { ClassicApi } from './types.ts';

/** A problem that has not got its rule's code yet. */
export type Offence = Omit<Problem, 'code'>;

/** One thing that a definition must fulfil beyond having the right kinds. */
export interface ClassicRule {
  readonly id: string;
  /** The definition's offences against the rule. A message is Tyk's `<reason>` where Tyk has the rule. */
  readonly check: (api: ClassicApi) => Offence[];
}

/**
 * What `POST` and `PUT /tyk/apis` refuse with `Validation of API Definition failed. Reason: <reason>.`, in the order in which reasons are reported
 * (spec/control/gateway-api.md §3). Files are loaded without these checks.
 */
export const classicRules: readonly ClassicRule[] = [
  { id: 'unique_data_sources', check: uniqueDataSources },
  { id: 'auth_source', check: authSource },
  { id: 'ip_list', check: ipLists },
  { id: 'timeout', check: timeouts },
  { id: 'upstream_auth', check: upstreamAuth },
  { id: 'load_balancing', check: loadBalancing },
];

/** All offences; the first one's message is the reason that the REST API answers. */
export function validateClassic(api: ClassicApi): Problem[] {
  return applyRules(classicRules, api);
}

export function applyRules(rules: readonly ClassicRule[], api: ClassicApi): Problem[] {
  return rules.flatMap(({ id, check }) => check(api).map(({ path, message, hint }) => ({ code: `definition.${id}`, path, message, hint })));
}

/** The text of the REST API's refusal, without the status. */
export function refusalText(problems: readonly Problem[]): string | undefined {
  const first = problems[0];
  return first && `Validation of API Definition failed. Reason: ${first.message}.`;
}

function uniqueDataSources({ graphql }: ClassicApi): Offence[] {
  if (!graphql.enabled) return [];
  const names = (graphql.engine.data_sources ?? []).map(({ name }) => name);
  const repeated = names.findIndex((name, index) => names.indexOf(name) < index);
  if (repeated < 0) return [];
  const path = `/graphql/engine/data_sources/${repeated}/name`;
  return [{ path, message: 'duplicate data source names are not allowed', hint: `give the data source another name than "${names[repeated]}"` }];
}

/** Entry of `auth_configs` → the switch that makes it count. */
const AUTH_SWITCHES: Readonly<Record<string, (api: ClassicApi) => boolean>> = {
  authToken: (api) => api.use_standard_auth,
  basic: (api) => api.use_basic_auth && !api.basic_auth.extract_from_body,
  coprocess: (api) => api.custom_plugin_auth_enabled || api.enable_coprocess_auth,
  hmac: (api) => api.enable_signature_checking,
  jwt: (api) => api.enable_jwt,
  oauth: (api) => api.use_oauth2,
  oidc: (api) => api.use_openid,
};

function authSource(api: ClassicApi): Offence[] {
  return Object.entries(AUTH_SWITCHES).flatMap(([name, isOn]) => {
    const source = api.auth_configs !== null && Object.hasOwn(api.auth_configs, name) ? api.auth_configs[name] : undefined;
    if (source === undefined || !isOn(api) || !source.disable_header || source.use_cookie || source.use_param) return [];
    const message = `all auth sources are disabled for ${name}, at least one of header/cookie/query must be enabled`;
    return [{ path: `/auth_configs/${name}`, message, hint: 'set "disable_header" to false, or "use_cookie" or "use_param" to true' }];
  });
}

function ipLists(api: ClassicApi): Offence[] {
  const lists = [
    { name: 'allowed_ips', entries: api.enable_ip_whitelisting ? api.allowed_ips : null },
    { name: 'blacklisted_ips', entries: api.enable_ip_blacklisting ? api.blacklisted_ips : null },
  ];
  return lists.flatMap(({ name, entries }) => invalidAddresses(name, entries));
}

/** Entries of a list that are neither an address nor a range. */
export function invalidAddresses(name: string, entries: readonly string[] | null): Offence[] {
  return (entries ?? []).flatMap((entry, index) => {
    if (isIp(entry) || isCidr(entry)) return [];
    return [
      {
        path: `/${name}/${index}`,
        message: `invalid IP/CIDR ${JSON.stringify(entry)}`,
        hint: 'write an address such as 10.0.0.1 or a range such as 10.0.0.0/8',
      },
    ];
  });
}

function timeouts({ version_data }: ClassicApi): Offence[] {
  return Object.entries(version_data.versions ?? {}).flatMap(([name, version]) => {
    const at = `${pointer('/version_data/versions', name)}/extended_paths/hard_timeouts`;
    return (version.extended_paths.hard_timeouts ?? []).flatMap(({ timeout }, index) =>
      timeout < 0 ? [{ path: `${at}/${index}/timeout`, message: 'invalid timeout value', hint: 'write seconds, 0 or more' }] : [],
    );
  });
}

const GRANTS = ['clientCredentials', 'password'];

function upstreamAuth({ upstream_auth: auth }: ClassicApi): Offence[] {
  if (!auth.enabled || !auth.oauth.enabled) return [];
  if (auth.basic_auth.enabled) {
    return [{ path: '/upstream_auth', message: 'multiple upstream authentication modes not allowed', hint: 'switch off "basic_auth" or "oauth"' }];
  }
  const types = auth.oauth.allowed_authorize_types ?? [];
  const message = grantReason(types);
  if (message === undefined) return [];
  return [{ path: '/upstream_auth/oauth/allowed_authorize_types', message, hint: `list one of: ${GRANTS.join(', ')}` }];
}

function grantReason(types: readonly string[]): string | undefined {
  if (types.length === 0) return 'upstream OAuth authorization type is required';
  if (types.length > 1) return 'multiple upstream OAuth authorization type not allowed';
  return GRANTS.includes(types[0] ?? '') ? undefined : 'invalid OAuth authorization type';
}

function loadBalancing({ proxy }: ClassicApi): Offence[] {
  if (!proxy.enable_load_balancing || (proxy.target_list?.length ?? 0) > 0) return [];
  const message = 'all load balancing targets have weight 0, at least one target must have weight > 0';
  return [{ path: '/proxy/target_list', message, hint: 'list at least one target, or set "enable_load_balancing" to false' }];
}
