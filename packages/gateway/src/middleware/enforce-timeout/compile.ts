import type { Exchange } from '../../contract/exchange.ts';
import type { Site } from '../../contract/site.ts';
import type { Middleware } from '../../contract/step.ts';
import { cleanPathOf } from '../../routing/candidates.ts';
import type { EndpointTable } from '../../routing/endpoints.ts';
import { compileEndpoints } from '../endpoint-config.ts';
import { type EnforceTimeout, fromClassic } from './formats.ts';

/** Limits how long the head of an upstream's answer may take. */
export const enforceTimeout: Middleware<EnforceTimeout> = {
  id: 'enforce.timeout',
  name: 'HardTimeout',
  stage: 'upstream',
  skipIgnored: false,
  read: ({ version }) => fromClassic(version),
  compile(config, site) {
    const table = compileEndpoints(config.endpoints, site, (entry) => entry.timeoutMs);
    const target = targetPath(site);
    return {
      request: function setTimeLimit(x) {
        x.timeoutMs = table.find(x) ?? upstreamMatch(x, table, target) ?? config.timeoutMs;
      },
    };
  },
};

/**
 * Tyk matches these patterns on the path that goes upstream alone, so definitions may be written for it; every other rule, and so this one
 * first, goes by the client's path.
 */
function upstreamMatch(x: Exchange, table: EndpointTable<number>, target: string): number | undefined {
  if (target === '' && x.rewrite === '') return undefined;
  const path = x.rewrite.startsWith('/') ? (x.rewrite.split('?')[0] ?? '') : cleanPathOf(x);
  return table.match(x.method, [target + path]);
}

/** Path of the target URL, without a slash at its end. */
function targetPath({ definition, version }: Site): string {
  const url = (!definition.version_data.not_versioned && version.override_target) || definition.proxy.target_url;
  const path = /^[a-z0-9+.-]+:\/\/[^/?#]*(\/[^?#]*)?/i.exec(url)?.[1] ?? '';
  return path.replace(/\/$/, '');
}
