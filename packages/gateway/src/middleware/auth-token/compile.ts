import { removeField } from '@gatehouse/wire';
import { E } from '../../contract/errors.ts';
import type { Exchange } from '../../contract/exchange.ts';
import type { EffectiveIdentity } from '../../contract/identity.ts';
import { type Outcome, refuse } from '../../contract/outcome.ts';
import type { Site } from '../../contract/site.ts';
import type { Middleware } from '../../contract/step.ts';
import { withoutParameter } from '../../routing/query.ts';
import { compileLookup, removeCookie, withoutBearer } from './credential.ts';
import { fromClassic, stripFromClassic } from './formats.ts';
import type { AuthTokenConfig } from './schema.ts';

/** Finds out who calls, by a key of ours. */
export const authToken: Middleware<AuthTokenConfig> = {
  id: 'auth.token',
  name: 'AuthKey',
  stage: 'identify',
  skipIgnored: true,
  read: ({ definition }) => fromClassic(definition),
  compile(config, site) {
    const lookup = compileLookup(config);
    return {
      request: function identifyByToken(x) {
        // A loop to the same API goes on with the caller that it has.
        if (x.identity !== undefined && x.loopLevel > 0) return;
        const presented = lookup(x);
        if (presented === '') return refuse(E.AUTH_FIELD_MISSING, authToken.name);
        x.credential = withoutBearer(presented);
        const found = site.use.identify(x.credential, site.api);
        return found instanceof Promise ? found.then((identity) => settle(x, identity, site)) : settle(x, found, site);
      },
    };
  },
};

function settle(x: Exchange, identity: EffectiveIdentity | undefined, { api, use }: Site): Outcome | void {
  x.identity = identity;
  if (identity !== undefined) return;
  use.event('AuthFailure', api, { path: x.originalPath, origin: x.clientIp, key: x.credential });
  return refuse(E.AUTH_KEY_NOT_FOUND, authToken.name);
}

/** Keeps the credential from the upstream. */
export const stripAuth: Middleware<AuthTokenConfig> = {
  id: 'auth.token.strip',
  name: 'StripAuth',
  stage: 'identify',
  skipIgnored: false,
  read: ({ definition }) => stripFromClassic(definition),
  compile(config) {
    const field = config.header.toLowerCase();
    return {
      request: function stripCredential(x) {
        removeField(x.changeFields(), field);
        if (config.query !== '') x.query = withoutParameter(x.query, config.query);
        if (config.cookie !== '') removeCookie(x, config.cookie);
      },
    };
  },
};
