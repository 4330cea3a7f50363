import { E } from '../../contract/errors.ts';
import type { Exchange } from '../../contract/exchange.ts';
import type { UrlGrant } from '../../contract/identity.ts';
import { refuse } from '../../contract/outcome.ts';
import type { Middleware } from '../../contract/step.ts';
import { candidatesOf, fullPathOf } from '../../routing/candidates.ts';

/** Checks path and method against the `allowed_urls` of a key. It has no settings: the list is the key's. */
export const granularAccess: Middleware<true> = {
  id: 'granular.access',
  name: 'GranularAccessMiddleware',
  stage: 'authorize',
  skipIgnored: true,
  read: ({ definition }) => (definition.use_keyless ? undefined : true),
  compile(_config, { use }) {
    const { enable_path_prefix_matching: prefix, enable_path_suffix_matching: suffix } = use.config.http_server_options;
    // Without anchors a pattern is searched in the full path, which holds every other form of it.
    const pathsOf = prefix || suffix ? candidatesOf : (x: Exchange): readonly string[] => [fullPathOf(x)];
    return {
      request: function checkAllowedUrls(x) {
        const urls = x.identity?.urls;
        // A list whose patterns all fail to compile is empty, and allows nothing.
        if (urls === undefined) return;
        const paths = pathsOf(x);
        if (!urls.some((grant) => grants(grant, x.method, paths))) return refuse(E.RESOURCE_DISALLOWED, granularAccess.name);
      },
    };
  },
};

function grants({ methods, pattern }: UrlGrant, method: string, paths: readonly string[]): boolean {
  return methods.includes(method) && paths.some((path) => pattern.test(path));
}
