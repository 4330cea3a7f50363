import type { ClassicApi, ClassicVersion, ListedEndpoint } from '../../definition/classic/types.ts';
import { pointer } from '../../schema/problem.ts';
import { type Located, readEndpoints, versionPointer } from '../endpoint-config.ts';
import type { RuleConfig, VersionAccessConfig } from './schema.ts';

type Config = Omit<VersionAccessConfig, 'mock' | 'ignore' | 'block' | 'allow' | 'internal'> & {
  readonly [List in 'mock' | 'ignore' | 'block' | 'allow']: readonly Located<RuleConfig>[];
} & { readonly internal: readonly Located<RuleConfig>[] };

/** Classic keeps all of it in the version; OAS documents become the same lists, but their mocks have a step of their own. */
export function fromClassic(api: ClassicApi, version: ClassicVersion): Config {
  const simple = !version.use_extended_paths;
  return {
    apiExpires: api.expiration,
    versionExpires: api.version_data.not_versioned || version.expires === '-1' ? '' : version.expires,
    mock: api.is_oas ? [] : readEndpoints(version, 'mock_response', ({ code, body, headers }) => ({ reply: { code, body, headers: headers ?? {} } })),
    ignore: simple ? simpleList(version, 'ignored') : listed(version, 'ignored'),
    block: simple ? simpleList(version, 'black_list') : listed(version, 'black_list'),
    allow: simple ? simpleList(version, 'white_list') : listed(version, 'white_list'),
    internal: readEndpoints(version, 'internal', () => ({ reply: undefined })),
    ignorePreflight: api.CORS.enable && !api.CORS.options_passthrough,
  };
}

type ListName = 'ignored' | 'black_list' | 'white_list';

function simpleList(version: ClassicVersion, name: ListName): readonly Located<RuleConfig>[] {
  const list = pointer(pointer(versionPointer(version), 'paths'), name);
  return (version.paths[name] ?? []).map((path, index) => ({ path, method: '', ignoreCase: false, reply: undefined, at: pointer(list, index) }));
}

/** The old form without a method says per method what is done: the list applies (`no_action`), or a canned answer is given (`reply`). */
function listed(version: ClassicVersion, name: ListName): readonly Located<RuleConfig>[] {
  return readEndpoints(version, name, (entry) => ({ rules: rulesOf(entry) })).flatMap(({ rules, ...rule }) => rules.map((own) => Object.assign({}, rule, own)));
}

function rulesOf(entry: ListedEndpoint): readonly Pick<RuleConfig, 'method' | 'reply'>[] {
  const actions = Object.entries(entry.method_actions ?? {});
  if (entry.method !== '' || actions.length === 0) return [{ method: entry.method, reply: undefined }];
  return actions.map(([method, { action, code, data, headers }]) => ({
    method,
    reply: action === 'reply' ? { code, body: data, headers: headers ?? {} } : undefined,
  }));
}

export type { Config as VersionAccess };
