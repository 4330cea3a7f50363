import { E, type ErrorRow } from '../../contract/errors.ts';
import type { Exchange } from '../../contract/exchange.ts';
import { type Outcome, refuse } from '../../contract/outcome.ts';
import type { Middleware } from '../../contract/step.ts';

/** Refuses keys that are switched off or past their time. It has no settings: every API with keys has it. */
export const keyExpired: Middleware<true> = {
  id: 'key.expired',
  name: 'KeyExpired',
  stage: 'authorize',
  skipIgnored: true,
  read: ({ definition }) => (definition.use_keyless ? undefined : true),
  compile(_config, { api, use }) {
    const refused = (x: Exchange, error: ErrorRow, key: string): Outcome => {
      use.event('KeyExpired', api, { path: x.originalPath, origin: x.clientIp, key });
      return refuse(error, keyExpired.name);
    };
    return {
      request: function checkKeyState(x) {
        const { identity } = x;
        if (identity === undefined) return refuse(E.KEY_STATE_MISSING, keyExpired.name);
        if (identity.inactive) return refused(x, E.KEY_INACTIVE, identity.shownKey);
        if (identity.expiresAt > 0 && identity.expiresAt <= use.now()) return refused(x, E.KEY_EXPIRED, identity.shownKey);
      },
    };
  },
};
