import { E } from '../../contract/errors.ts';
import type { Exchange } from '../../contract/exchange.ts';
import { refuse } from '../../contract/outcome.ts';
import type { Middleware } from '../../contract/step.ts';
import { fromClassic } from './formats.ts';
import type { AccessRightsConfig } from './schema.ts';

/** Checks that a key's rights name this API and this version. */
export const accessRights: Middleware<AccessRightsConfig> = {
  id: 'access.rights',
  name: 'AccessRightsCheck',
  stage: 'authorize',
  skipIgnored: true,
  read: ({ definition }) => fromClassic(definition),
  compile(config) {
    return {
      request: function checkAccessRights(x) {
        if (x.identity?.allowed !== true || !mayUseVersion(x, config)) return refuse(E.API_DISALLOWED, accessRights.name);
      },
    };
  },
};

/** An empty list of versions allows none. */
function mayUseVersion({ identity, versionName }: Exchange, config: AccessRightsConfig): boolean {
  const versions = identity?.versions;
  if (!config.versioned || versions === undefined) return true;
  if (versions.includes(versionName === '' ? config.defaultVersion : versionName)) return true;
  return config.fallback && versions.includes(config.defaultVersion);
}
