import type { GatewayConfig } from '../../config/types.ts';
import type { Session } from '../../definition/session.ts';
import type { AdminContext } from '../context.ts';
import { findApi } from '../apis/write.ts';

/** What the APIs of a key say about how long it is stored. */
export interface ApiLifetime {
  /** Seconds; 0 = for ever. */
  readonly session_lifetime: number;
  readonly session_lifetime_respects_key_expiration: boolean;
}

const FOR_EVER = Number.POSITIVE_INFINITY;

/** Seconds that a key stays in the store from now on, 0 = for ever: the longest that any of its APIs asks for (spec/gateway/traffic-policy.md §2). */
export function storageSeconds(session: Session, apis: readonly ApiLifetime[], config: GatewayConfig, nowSeconds: number): number {
  if (config.force_global_session_lifetime) return Math.max(0, config.global_session_lifetime);
  const untilEnd = session.expires > 0 ? Math.max(1, session.expires - nowSeconds) : FOR_EVER;
  const seconds = afterEnd(session, untilEnd) ?? longest(lifetimes(session, apis, config, untilEnd));
  return seconds === FOR_EVER ? 0 : Math.ceil(seconds);
}

const longest = (all: readonly number[]): number => all.reduce((a, b) => Math.max(a, b));

/** What the key's own `post_expiry_action` asks for; `retain` without a grace period asks for nothing. */
function afterEnd({ post_expiry_action: action, post_expiry_grace_period: grace }: Session, untilEnd: number): number | undefined {
  if (action === 'delete') return untilEnd;
  if (action !== 'retain' || grace === 0) return undefined;
  return grace < 0 ? FOR_EVER : untilEnd + grace;
}

function lifetimes(session: Session, apis: readonly ApiLifetime[], config: GatewayConfig, untilEnd: number): number[] {
  const asking = apis.length > 0 ? apis : [{ session_lifetime: 0, session_lifetime_respects_key_expiration: false }];
  return asking.map((api) => {
    const seconds = session.session_lifetime > 0 ? session.session_lifetime : api.session_lifetime;
    if (seconds <= 0) return FOR_EVER;
    const respects = config.session_lifetime_respects_key_expiration || api.session_lifetime_respects_key_expiration;
    return respects ? Math.max(seconds, untilEnd) : seconds;
  });
}

/** The lifetimes of the loaded APIs that a key has rights for; all of them for a key without rights. */
export function apiLifetimes(context: AdminContext, session: Session): ApiLifetime[] {
  const ids = Object.keys(session.access_rights ?? {});
  const apis = ids.length === 0 ? context.loaded().apis : ids.map((id) => findApi(context, id)).filter((api) => api !== undefined);
  return apis.map(({ definition }) => definition);
}
