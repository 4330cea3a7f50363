import { accessDefinition, smoothing, sparse, type AccessDefinition, type Smoothing } from './access.ts';
import { any, bool, decodeGo, encodeGo, float, int, list, map, pointerTo, string, struct, time, type Decoded, type GoStruct } from './go-json.ts';

/** A key's session, complete: every field is there, with its zero value where the document had none (spec/gateway/traffic-policy.md §1). */
export interface Session {
  /** Unix seconds, as all times here that are numbers. */
  last_check: number;
  allowance: number;
  /** Requests per `per` seconds; both may have fractions. */
  rate: number;
  per: number;
  /** Seconds. */
  throttle_interval: number;
  throttle_retry_limit: number;
  max_query_depth: number;
  /** RFC 3339. */
  date_created: string;
  /** 0 or less: never. */
  expires: number;
  /** -1 or 0: unlimited. */
  quota_max: number;
  quota_renews: number;
  quota_remaining: number;
  /** Seconds. */
  quota_renewal_rate: number;
  /** API id → what may be done with it. */
  access_rights: Record<string, AccessDefinition> | null;
  org_id: string;
  oauth_client_id: string;
  oauth_keys: Record<string, string> | null;
  certificate: string;
  mtls_static_certificate_bindings: string[] | null;
  basic_auth_data: BasicAuthData;
  jwt_data: { secret: string };
  hmac_enabled: boolean;
  enable_http_signature_validation: boolean;
  hmac_string: string;
  rsa_certificate_id: string;
  is_inactive: boolean;
  /** The older form of `apply_policies`, with one policy. */
  apply_policy_id: string;
  apply_policies: string[] | null;
  data_expires: number;
  /** Percentages of the quota that fire an event. */
  monitor: { trigger_limits: number[] | null };
  /** Deprecated form of `enable_detailed_recording`. */
  enable_detail_recording: boolean;
  enable_detailed_recording: boolean;
  meta_data: Record<string, unknown> | null;
  tags: string[] | null;
  alias: string;
  /** Unix seconds as text. */
  last_updated: string;
  id_extractor_deadline: number;
  /** Seconds. */
  session_lifetime: number;
  /** `retain` or `delete`. */
  post_expiry_action: string;
  /** Seconds; -1: for ever. */
  post_expiry_grace_period: number;
  smoothing: Smoothing | null;
}

export interface BasicAuthData {
  password: string;
  /** `bcrypt`, a murmur or a SHA variant; empty: plain text. */
  hash_type: string;
}

export const session: GoStruct<Session> = sparse({
  last_check: int,
  allowance: float,
  rate: float,
  per: float,
  throttle_interval: float,
  throttle_retry_limit: int,
  max_query_depth: int,
  date_created: time,
  expires: int,
  quota_max: int,
  quota_renews: int,
  quota_remaining: int,
  quota_renewal_rate: int,
  access_rights: map(struct(accessDefinition)),
  org_id: string,
  oauth_client_id: string,
  oauth_keys: map(string),
  certificate: string,
  mtls_static_certificate_bindings: list(string),
  basic_auth_data: struct(sparse<BasicAuthData>({ password: string, hash_type: string })),
  jwt_data: struct(sparse<Session['jwt_data']>({ secret: string })),
  hmac_enabled: bool,
  enable_http_signature_validation: bool,
  hmac_string: string,
  rsa_certificate_id: string,
  is_inactive: bool,
  apply_policy_id: string,
  apply_policies: list(string),
  data_expires: int,
  monitor: struct(sparse<Session['monitor']>({ trigger_limits: list(float) })),
  enable_detail_recording: bool,
  enable_detailed_recording: bool,
  meta_data: map(any),
  tags: list(string),
  alias: string,
  last_updated: string,
  id_extractor_deadline: int,
  session_lifetime: int,
  post_expiry_action: string,
  post_expiry_grace_period: int,
  smoothing: pointerTo(struct(smoothing)),
});

/** Reads a session as `/tyk/keys` and the key store do. */
export function decodeSession(json: unknown): Decoded<Session> {
  return decodeGo(session, json);
}

/** The session as `GET /tyk/keys/{id}` answers it and as it is stored: zero values, empty lists and maps are left out at every level. */
export function encodeSession(value: Session): Record<string, unknown> {
  return encodeGo(session, value);
}
