import type { PlannedStep } from '../contract/compiled.ts';
import { E } from '../contract/errors.ts';
import { refuse } from '../contract/outcome.ts';
import type { Site } from '../contract/site.ts';
import type { ChainRow } from './chain-row.ts';
import { compileEndpoints } from './endpoint-config.ts';
import { entriesWith } from './later.ts';

/**
 * The step that stands for a feature which is not there yet: it refuses the endpoints that ask for it, ignored ones too, as nobody knows what
 * the feature would have kept out or cut off. Undefined where the version has none. Throws a ProblemError for a pattern that does not compile.
 */
export function refuseEndpoints({ id, name, later }: ChainRow, site: Site): PlannedStep | undefined {
  if (later?.effect !== 'endpoint') return undefined;
  const entries = entriesWith(later.feature, site.version).map(({ at, entry: { path = '', method = '', ignore_case: ignoreCase = false } }) => {
    return { at, path, method, ignoreCase };
  });
  if (entries.length === 0) return undefined;
  const table = compileEndpoints(entries, site, () => true);
  return {
    id,
    name,
    skipIgnored: false,
    step: {
      request: function refuseEndpoint(x) {
        if (table.find(x) === true) return refuse(E.ENDPOINT_DISABLED, name);
      },
    },
  };
}
