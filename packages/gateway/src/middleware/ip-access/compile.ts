import { E } from '../../contract/errors.ts';
import type { Exchange } from '../../contract/exchange.ts';
import { type Outcome, refuse } from '../../contract/outcome.ts';
import type { Site } from '../../contract/site.ts';
import type { Middleware } from '../../contract/step.ts';
import { AddressSet } from './address-set.ts';
import { allowedFromClassic, blockedFromClassic } from './formats.ts';
import type { IpAccessConfig } from './schema.ts';

/** Lets in only the addresses of a list. */
export const ipAllow: Middleware<IpAccessConfig> = {
  id: 'ip.access.allow',
  name: 'IPWhiteListMiddleware',
  stage: 'admit',
  skipIgnored: false,
  read: ({ definition }) => allowedFromClassic(definition),
  compile(config, site) {
    const set = new AddressSet(config.addresses);
    return {
      request: function checkAllowedAddress(x) {
        if (!set.has(x.clientIp)) return disallow(x, ipAllow.name, site);
      },
    };
  },
};

/** Keeps out the addresses of a list. */
export const ipBlock: Middleware<IpAccessConfig> = {
  id: 'ip.access.block',
  name: 'IPBlackListMiddleware',
  stage: 'admit',
  skipIgnored: false,
  read: ({ definition }) => blockedFromClassic(definition),
  compile(config, site) {
    const set = new AddressSet(config.addresses);
    return {
      request: function checkBlockedAddress(x) {
        if (set.has(x.clientIp)) return disallow(x, ipBlock.name, site);
      },
    };
  },
};

function disallow(x: Exchange, source: string, { api, use }: Site): Outcome {
  use.event('AuthFailure', api, { path: x.originalPath, origin: x.clientIp, key: '' });
  return refuse(E.IP_DISALLOWED, source);
}
