import { bool, float, int, list, omitEmpty, pointerTo, string, struct, type GoKind, type GoStruct } from './go-json.ts';

/** What a key or policy may do with one API; keys and policies share it. Zero values are left out at every level. */
export interface AccessDefinition {
  api_name: string;
  api_id: string;
  versions: string[] | null;
  allowed_urls: AllowedUrl[] | null;
  restricted_types: GraphQLType[] | null;
  allowed_types: GraphQLType[] | null;
  limit: ApiLimit;
  field_access_rights: FieldAccess[] | null;
  disable_introspection: boolean;
  /** Name of the counters that `limit` uses; empty: those of the key. */
  allowance_scope: string;
  endpoints: AccessEndpoint[] | null;
  json_rpc_methods: NamedLimit[] | null;
  json_rpc_methods_access_rights: AllowBlock;
  mcp_primitives: McpPrimitive[] | null;
  mcp_access_rights: { tools: AllowBlock; resources: AllowBlock; prompts: AllowBlock };
}

export interface AllowedUrl {
  /** Regular expression. */
  url: string;
  methods: string[] | null;
}

export interface GraphQLType {
  name: string;
  fields: string[] | null;
}

/** Requests per seconds; both may have fractions. */
export interface RateLimit {
  rate: number;
  per: number;
  smoothing: Smoothing | null;
}

export interface ApiLimit extends RateLimit {
  /** Seconds. */
  throttle_interval: number;
  throttle_retry_limit: number;
  max_query_depth: number;
  /** -1 or 0: unlimited. */
  quota_max: number;
  /** Unix seconds. */
  quota_renews: number;
  quota_remaining: number;
  /** Seconds. */
  quota_renewal_rate: number;
}

export interface Smoothing {
  enabled: boolean;
  threshold: number;
  trigger: number;
  step: number;
  /** Seconds. */
  delay: number;
}

export interface FieldAccess {
  type_name: string;
  field_name: string;
  limits: { max_query_depth: number };
}

export interface AccessEndpoint {
  path: string;
  methods: NamedLimit[] | null;
}

export interface NamedLimit {
  name: string;
  limit: RateLimit;
}

export interface McpPrimitive extends NamedLimit {
  type: string;
}

export interface AllowBlock {
  allowed: string[] | null;
  blocked: string[] | null;
}

/** A struct of which every zero value is left out. */
export function sparse<T>(fields: GoStruct<T>): GoStruct<T> {
  const omitted = Object.entries(fields as Record<string, GoKind<unknown>>).map(([name, kind]) => [name, omitEmpty(kind)]);
  return Object.fromEntries(omitted) as GoStruct<T>;
}

/** Printed whole where it is set. */
export const smoothing: GoStruct<Smoothing> = { enabled: bool, threshold: int, trigger: float, step: int, delay: int };

const rateLimit: GoStruct<RateLimit> = sparse({ rate: float, per: float, smoothing: pointerTo(struct(smoothing)) });

const apiLimit: GoStruct<ApiLimit> = sparse({
  rate: float,
  per: float,
  smoothing: pointerTo(struct(smoothing)),
  throttle_interval: float,
  throttle_retry_limit: int,
  max_query_depth: int,
  quota_max: int,
  quota_renews: int,
  quota_remaining: int,
  quota_renewal_rate: int,
});

const graphqlType: GoStruct<GraphQLType> = sparse({ name: string, fields: list(string) });

const fieldAccess: GoStruct<FieldAccess> = sparse({
  type_name: string,
  field_name: string,
  limits: struct(sparse<FieldAccess['limits']>({ max_query_depth: int })),
});

const namedLimit: GoStruct<NamedLimit> = sparse({ name: string, limit: struct(rateLimit) });

const mcpPrimitive: GoStruct<McpPrimitive> = sparse({ type: string, name: string, limit: struct(rateLimit) });

const allowBlock: GoKind<AllowBlock> = struct(sparse<AllowBlock>({ allowed: list(string), blocked: list(string) }));

export const accessDefinition: GoStruct<AccessDefinition> = sparse({
  api_name: string,
  api_id: string,
  versions: list(string),
  allowed_urls: list(struct(sparse<AllowedUrl>({ url: string, methods: list(string) }))),
  restricted_types: list(struct(graphqlType)),
  allowed_types: list(struct(graphqlType)),
  limit: struct(apiLimit),
  field_access_rights: list(struct(fieldAccess)),
  disable_introspection: bool,
  allowance_scope: string,
  endpoints: list(struct(sparse<AccessEndpoint>({ path: string, methods: list(struct(namedLimit)) }))),
  json_rpc_methods: list(struct(namedLimit)),
  json_rpc_methods_access_rights: allowBlock,
  mcp_primitives: list(struct(mcpPrimitive)),
  mcp_access_rights: struct(sparse<AccessDefinition['mcp_access_rights']>({ tools: allowBlock, resources: allowBlock, prompts: allowBlock })),
});
