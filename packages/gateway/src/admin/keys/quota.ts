import type { WindowState } from '@gatehouse/store';
import type { AccessDefinition } from '../../definition/access.ts';
import type { Session } from '../../definition/session.ts';
import { quotaCounter } from '../../identity/counter-names.ts';
import { counterKeyFrom } from '../../identity/rate-pattern.ts';
import type { AdminContext } from '../context.ts';

/** Forgets what was counted for a key: under its own name, and under the scopes that its rights name. Counters that keys share by a pattern stay. */
export async function resetQuota(context: AdminContext, name: string, session: Session): Promise<void> {
  const scopes = Object.values(session.access_rights ?? {}).map((rights) => rights.allowance_scope);
  for (const scope of new Set(['', ...scopes])) await context.counters.reset(quotaCounter(name, scope));
}

/** The session with what is left of its quotas and when they are whole again. Sessions are not rewritten by requests, so the counters know best. */
export async function withCounters(context: AdminContext, name: string, session: Session): Promise<Session> {
  const key = counterKeyFrom(session.meta_data) || name;
  const now = context.now();
  const peek = async (scope: string): Promise<WindowState | undefined> => {
    const window = await context.counters.peek(quotaCounter(key, scope), now);
    // A copy: a store may use one object for all its answers.
    return window === undefined ? undefined : { ...window };
  };
  const root = session.quota_max === -1 ? undefined : await peek('');
  const rights: [string, AccessDefinition][] = [];
  let latest = root;
  for (const [id, right] of Object.entries(session.access_rights ?? {})) {
    const window = isCounted(right.limit.quota_max) ? await peek(right.allowance_scope) : undefined;
    rights.push([id, isCounted(right.limit.quota_max) ? { ...right, limit: counted(right.limit, window) } : right]);
    latest ??= window;
  }
  const quota_remaining = root === undefined ? session.quota_remaining : left(session.quota_max, root);
  const access_rights = session.access_rights === null ? null : Object.fromEntries(rights);
  return { ...session, access_rights, quota_remaining, quota_renews: renewal(latest, session.quota_renews) };
}

const isCounted = (max: number): boolean => max !== 0 && max !== -1;

function counted<T extends { quota_max: number; quota_renews: number }>(limit: T, window: WindowState | undefined): T & { quota_remaining: number } {
  const quota_remaining = window === undefined ? limit.quota_max : left(limit.quota_max, window);
  return { ...limit, quota_remaining, quota_renews: renewal(window, limit.quota_renews) };
}

const left = (max: number, window: WindowState): number => Math.max(0, max - window.count);

/** Unix seconds; a window that never ends keeps what the session says. */
const renewal = (window: WindowState | undefined, stored: number): number =>
  window === undefined || window.endsAt === 0 ? stored : Math.ceil(window.endsAt / 1000);
