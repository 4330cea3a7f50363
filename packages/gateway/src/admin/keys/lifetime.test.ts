import { describe, expect, it } from 'vitest';
import { productDefaults } from '../../config/index.ts';
import { decodeSession } from '../../definition/session.ts';
import { storageSeconds } from './lifetime.ts';

const NOW = 1_000_000;
const FAR = NOW + 5000;

/** traffic-policy.md §2. */
describe('seconds that a key is stored', () => {
  const cases: readonly (readonly [string, number, object, readonly object[], object])[] = [
    ['nothing is said', 0, {}, [{}], {}],
    ['the API says', 500, {}, [{ session_lifetime: 500 }], {}],
    ['the key wins over the API', 50, { session_lifetime: 50 }, [{ session_lifetime: 500 }], {}],
    ['the longest of several APIs', 500, {}, [{ session_lifetime: 10 }, { session_lifetime: 500 }], {}],
    ['an API without a limit keeps it for ever', 0, {}, [{ session_lifetime: 10 }, {}], {}],
    ['no API is known', 70, { session_lifetime: 70 }, [], {}],
    ['a later end is not looked at', 500, { expires: FAR }, [{ session_lifetime: 500 }], {}],
    ['unless it is respected', 5000, { expires: FAR }, [{ session_lifetime: 500, session_lifetime_respects_key_expiration: true }], {}],
    ['by the gateway', 5000, { expires: FAR }, [{ session_lifetime: 500 }], { session_lifetime_respects_key_expiration: true }],
    ['respected, but the key never ends', 0, {}, [{ session_lifetime: 500, session_lifetime_respects_key_expiration: true }], {}],
    ['the end is respected, but earlier', 9000, { expires: FAR }, [{ session_lifetime: 9000, session_lifetime_respects_key_expiration: true }], {}],
    ['delete at the end', 5000, { expires: FAR, post_expiry_action: 'delete' }, [{ session_lifetime: 500 }], {}],
    ['delete, the grace period is ignored', 5000, { expires: FAR, post_expiry_action: 'delete', post_expiry_grace_period: -1 }, [{}], {}],
    ['delete, but the key never ends', 0, { post_expiry_action: 'delete' }, [{ session_lifetime: 500 }], {}],
    ['delete, the end has come', 1, { expires: 1, post_expiry_action: 'delete' }, [{}], {}],
    ['retain for a time', 5060, { expires: FAR, post_expiry_action: 'retain', post_expiry_grace_period: 60 }, [{ session_lifetime: 5 }], {}],
    ['retain for ever', 0, { expires: FAR, post_expiry_action: 'retain', post_expiry_grace_period: -1 }, [{ session_lifetime: 5 }], {}],
    ['retain without a time says nothing', 5, { expires: FAR, post_expiry_action: 'retain' }, [{ session_lifetime: 5 }], {}],
    ['retain, but the key never ends', 0, { post_expiry_action: 'retain', post_expiry_grace_period: 60 }, [{ session_lifetime: 5 }], {}],
    [
      'the gateway decides for all',
      120,
      { session_lifetime: 9, post_expiry_action: 'delete', expires: FAR },
      [{}],
      { force_global_session_lifetime: true, global_session_lifetime: 120 },
    ],
  ];

  it.each(cases)('%s: %i', (_name, expected, session, apis, conf) => {
    const named = apis.map((api) => ({ session_lifetime: 0, session_lifetime_respects_key_expiration: false, ...api }));
    expect(storageSeconds(decodeSession(session).value, named, { ...productDefaults(), ...conf }, NOW)).toBe(expected);
  });
});
