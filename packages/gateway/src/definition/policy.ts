import { pointer } from '../schema/problem.ts';
import { accessDefinition, smoothing, type AccessDefinition, type Smoothing } from './access.ts';
import { any, bool, decodeGo, encodeGo, float, int, list, map, omitEmpty, pointerTo, string, struct, type Decoded, type GoStruct } from './go-json.ts';

/** A policy, complete: every field is there, with its zero value where the document had none (spec/gateway/traffic-policy.md §3). */
export interface Policy {
  /** Database id, 24 hexadecimal digits; becomes the `id` where that is missing. */
  _id: string;
  id: string;
  name: string;
  org_id: string;
  /** Requests per `per` seconds. */
  rate: number;
  per: number;
  /** -1 or 0: unlimited. */
  quota_max: number;
  /** Seconds. */
  quota_renewal_rate: number;
  throttle_interval: number;
  throttle_retry_limit: number;
  max_query_depth: number;
  /** API id → what may be done with it. */
  access_rights: Record<string, AccessDefinition> | null;
  hmac_enabled: boolean;
  enable_http_signature_validation: boolean;
  /** Has no effect; `is_inactive` decides. */
  active: boolean;
  is_inactive: boolean;
  tags: string[] | null;
  /** Seconds. */
  key_expires_in: number;
  post_expiry_action: string;
  /** Seconds; -1: for ever. */
  post_expiry_grace_period: number;
  partitions: Partitions;
  last_updated: string;
  meta_data: Record<string, unknown> | null;
  graphql_access_rights: Record<string, unknown> | null;
  smoothing: Smoothing | null;
}

/** The parts of a session that the policy governs; none set: all but `per_api`. */
export interface Partitions {
  quota: boolean;
  rate_limit: boolean;
  complexity: boolean;
  acl: boolean;
  per_api: boolean;
}

const partitions: GoStruct<Partitions> = { quota: bool, rate_limit: bool, complexity: bool, acl: bool, per_api: bool };

export const policy: GoStruct<Policy> = {
  _id: string,
  id: string,
  name: string,
  org_id: string,
  rate: float,
  per: float,
  quota_max: int,
  quota_renewal_rate: int,
  throttle_interval: float,
  throttle_retry_limit: int,
  max_query_depth: int,
  access_rights: map(struct(accessDefinition)),
  hmac_enabled: bool,
  enable_http_signature_validation: bool,
  active: bool,
  is_inactive: bool,
  tags: list(string),
  key_expires_in: int,
  post_expiry_action: omitEmpty(string),
  post_expiry_grace_period: int,
  partitions: struct(partitions),
  last_updated: string,
  meta_data: map(any),
  graphql_access_rights: map(any),
  smoothing: pointerTo(struct(smoothing)),
};

/** Reads a policy as `/tyk/policies` and policy files do. */
export function decodePolicy(json: unknown, at = ''): Decoded<Policy> {
  return decodeGo(policy, json, at);
}

/** The id under which a policy is kept: its database id where it has no other. */
export function policyIdOf({ id, _id }: Policy): string {
  return id === '' ? _id : id;
}

/**
 * Reads the older policy file, one object of id → policy; the key wins over an `id` inside. Each policy has its own problems, so a wrong one leaves
 * the others usable. Undefined where the file is no such object.
 */
export function decodePolicyMap(json: unknown): Decoded<Policy>[] | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  return Object.entries(json).map(([id, item]) => {
    const decoded = decodePolicy(item, pointer('', id));
    decoded.value.id = id;
    return decoded;
  });
}

/** The policy as `GET /tyk/policies/{id}` answers it and as it is written to its file: zero values are printed, but not below `access_rights`. */
export function encodePolicy(value: Policy): Record<string, unknown> {
  return encodeGo(policy, value);
}
