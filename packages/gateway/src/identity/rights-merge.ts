import type { AccessDefinition, AllowBlock, AllowedUrl, FieldAccess, GraphQLType } from '../definition/index.ts';
import { emptyLimit, mergeEndpoints, mergeNamed, morePermissive } from './limit-merge.ts';

/** Access rights without anything in them. */
export function emptyRights(): AccessDefinition {
  return {
    api_name: '',
    api_id: '',
    versions: null,
    allowed_urls: null,
    restricted_types: null,
    allowed_types: null,
    limit: emptyLimit(),
    field_access_rights: null,
    disable_introspection: false,
    allowance_scope: '',
    endpoints: null,
    json_rpc_methods: null,
    json_rpc_methods_access_rights: { allowed: null, blocked: null },
    mcp_primitives: null,
    mcp_access_rights: {
      tools: { allowed: null, blocked: null },
      resources: { allowed: null, blocked: null },
      prompts: { allowed: null, blocked: null },
    },
  };
}

/**
 * Adds what another policy grants for the same API: everything but limit, scope and name (spec/gateway/traffic-policy.md §3.5). Lists are
 * united; a policy without allowed URLs does not lift the list of another one. Changes `into` and never what it was made from.
 */
export function mergeRights(into: AccessDefinition, other: AccessDefinition): void {
  into.versions = unite(into.versions, other.versions);
  into.allowed_urls = mergeUrls(into.allowed_urls, other.allowed_urls);
  into.restricted_types = mergeTypes(into.restricted_types, other.restricted_types);
  into.allowed_types = mergeTypes(into.allowed_types, other.allowed_types);
  into.field_access_rights = mergeFields(into.field_access_rights, other.field_access_rights);
  into.disable_introspection ||= other.disable_introspection;
  into.endpoints = mergeEndpoints(into.endpoints, other.endpoints);
  into.json_rpc_methods = orNull(mergeNamed(into.json_rpc_methods ?? [], other.json_rpc_methods ?? []));
  into.json_rpc_methods_access_rights = mergeAllowBlock(into.json_rpc_methods_access_rights, other.json_rpc_methods_access_rights);
  into.mcp_primitives = orNull(mergeNamed(into.mcp_primitives ?? [], other.mcp_primitives ?? [], (entry) => `${entry.type} ${entry.name}`));
  into.mcp_access_rights = {
    tools: mergeAllowBlock(into.mcp_access_rights.tools, other.mcp_access_rights.tools),
    resources: mergeAllowBlock(into.mcp_access_rights.resources, other.mcp_access_rights.resources),
    prompts: mergeAllowBlock(into.mcp_access_rights.prompts, other.mcp_access_rights.prompts),
  };
}

/** The entries of both lists, each once, in the order of their first appearance; null where there are none. */
export function unite(a: readonly string[] | null, b: readonly string[] | null): string[] | null {
  return orNull([...new Set([...(a ?? []), ...(b ?? [])])]);
}

function mergeUrls(a: AllowedUrl[] | null, b: AllowedUrl[] | null): AllowedUrl[] | null {
  const byUrl = new Map<string, string[] | null>();
  for (const { url, methods } of [...(a ?? []), ...(b ?? [])]) byUrl.set(url, unite(byUrl.get(url) ?? null, methods));
  return orNull([...byUrl].map(([url, methods]) => ({ url, methods })));
}

function mergeTypes(a: GraphQLType[] | null, b: GraphQLType[] | null): GraphQLType[] | null {
  const byName = new Map<string, string[] | null>();
  for (const { name, fields } of [...(a ?? []), ...(b ?? [])]) byName.set(name, unite(byName.get(name) ?? null, fields));
  return orNull([...byName].map(([name, fields]) => ({ name, fields })));
}

function mergeFields(a: FieldAccess[] | null, b: FieldAccess[] | null): FieldAccess[] | null {
  const byField = new Map<string, FieldAccess>();
  for (const entry of [...(a ?? []), ...(b ?? [])]) {
    const known = byField.get(`${entry.type_name}.${entry.field_name}`);
    if (known === undefined) byField.set(`${entry.type_name}.${entry.field_name}`, { ...entry, limits: { ...entry.limits } });
    else known.limits.max_query_depth = morePermissive(known.limits.max_query_depth, entry.limits.max_query_depth);
  }
  return orNull([...byField.values()]);
}

function mergeAllowBlock(a: AllowBlock, b: AllowBlock): AllowBlock {
  return { allowed: unite(a.allowed, b.allowed), blocked: unite(a.blocked, b.blocked) };
}

function orNull<T>(list: T[]): T[] | null {
  return list.length === 0 ? null : list;
}
