import { bool, list, map, omitEmpty, pointerTo, raw, string, struct, time, type GoStruct } from '../go-json.ts';

export interface GraphQL {
  enabled: boolean;
  /** `proxyOnly`, `executionEngine`, `subgraph` or `supergraph`. */
  execution_mode: string;
  /** Empty, `1`, `2` or `3-preview`. */
  version: string;
  /** SDL. */
  schema: string;
  /** RFC 3339. */
  last_schema_update: string | null;
  type_field_configurations: TypeFieldConfiguration[] | null;
  playground: { enabled: boolean; path: string };
  engine: GraphQLEngine;
  proxy: GraphQLProxy;
  subgraph: { sdl: string };
  supergraph: Supergraph;
  introspection: { disabled: boolean };
}

/** Field mapping of the version 1 engine. */
export interface TypeFieldConfiguration {
  type_name: string;
  field_name: string;
  mapping: { disabled: boolean; path: string } | null;
  data_source: { kind: string; data_source_config: unknown };
}

export interface GraphQLEngine {
  field_configs: FieldConfig[] | null;
  data_sources: DataSource[] | null;
  global_headers: { key: string; value: string }[] | null;
}

export interface FieldConfig {
  type_name: string;
  field_name: string;
  disable_default_mapping: boolean;
  path: string[] | null;
}

export interface DataSource {
  /** `REST`, `GraphQL` or `Kafka`; decides what `config` holds. */
  kind: string;
  name: string;
  internal: boolean;
  root_fields: { type: string; fields: string[] | null }[] | null;
  config: unknown;
}

export interface GraphQLProxy {
  features: { use_immutable_headers: boolean };
  auth_headers: Record<string, string> | null;
  subscription_type: string;
  sse_use_post: boolean;
  request_headers: Record<string, string> | null;
  use_response_extensions: { on_error_forwarding: boolean };
  request_headers_rewrite: Record<string, { value: string; remove: boolean }> | null;
}

export interface Supergraph {
  updated_at: string | null;
  subgraphs: Subgraph[] | null;
  merged_sdl: string;
  global_headers: Record<string, string> | null;
  disable_query_batching: boolean;
}

export interface Subgraph {
  api_id: string;
  name: string;
  url: string;
  sdl: string;
  headers: Record<string, string> | null;
  subscription_type: string;
  sse_use_post: boolean;
}

const typeFieldConfiguration: GoStruct<TypeFieldConfiguration> = {
  type_name: string,
  field_name: string,
  mapping: omitEmpty(pointerTo(struct<NonNullable<TypeFieldConfiguration['mapping']>>({ disabled: bool, path: string }))),
  data_source: struct<TypeFieldConfiguration['data_source']>({ kind: string, data_source_config: raw }),
};

const dataSource: GoStruct<DataSource> = {
  kind: string,
  name: string,
  internal: bool,
  root_fields: list(struct<NonNullable<DataSource['root_fields']>[number]>({ type: string, fields: list(string) })),
  config: raw,
};

const engine: GoStruct<GraphQLEngine> = {
  field_configs: list(struct<FieldConfig>({ type_name: string, field_name: string, disable_default_mapping: bool, path: list(string) })),
  data_sources: list(struct(dataSource)),
  global_headers: list(struct<NonNullable<GraphQLEngine['global_headers']>[number]>({ key: string, value: string })),
};

const graphqlProxy: GoStruct<GraphQLProxy> = {
  features: struct<GraphQLProxy['features']>({ use_immutable_headers: bool }),
  auth_headers: map(string),
  subscription_type: omitEmpty(string),
  sse_use_post: bool,
  request_headers: map(string),
  use_response_extensions: struct<GraphQLProxy['use_response_extensions']>({ on_error_forwarding: bool }),
  request_headers_rewrite: map(struct<NonNullable<GraphQLProxy['request_headers_rewrite']>[string]>({ value: string, remove: bool })),
};

const subgraph: GoStruct<Subgraph> = {
  api_id: string,
  name: string,
  url: string,
  sdl: string,
  headers: map(string),
  subscription_type: omitEmpty(string),
  sse_use_post: bool,
};

const supergraph: GoStruct<Supergraph> = {
  updated_at: omitEmpty(pointerTo(time)),
  subgraphs: list(struct(subgraph)),
  merged_sdl: string,
  global_headers: map(string),
  disable_query_batching: bool,
};

export const graphql: GoStruct<GraphQL> = {
  enabled: bool,
  execution_mode: string,
  version: string,
  schema: string,
  last_schema_update: omitEmpty(pointerTo(time)),
  type_field_configurations: list(struct(typeFieldConfiguration)),
  playground: struct<GraphQL['playground']>({ enabled: bool, path: string }),
  engine: struct(engine),
  proxy: struct(graphqlProxy),
  subgraph: struct<GraphQL['subgraph']>({ sdl: string }),
  supergraph: struct(supergraph),
  introspection: struct<GraphQL['introspection']>({ disabled: bool }),
};
