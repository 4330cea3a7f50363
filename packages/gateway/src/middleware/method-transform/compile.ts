import { E } from '../../contract/errors.ts';
import { refuse } from '../../contract/outcome.ts';
import type { Middleware } from '../../contract/step.ts';
import { compileEndpoints, type Located } from '../endpoint-config.ts';
import { fromClassic } from './formats.ts';
import type { MethodEndpoint } from './schema.ts';

const METHODS = new Set(['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);

/** Sends requests upstream with another method; every other rule goes on matching the method that came. */
export const methodTransform: Middleware<readonly Located<MethodEndpoint>[]> = {
  id: 'method.transform',
  name: 'TransformMethod',
  stage: 'transform',
  skipIgnored: false,
  read: ({ version }) => fromClassic(version),
  compile(endpoints, site) {
    const table = compileEndpoints(endpoints, site, (entry) => entry.to.toUpperCase());
    return {
      request: function changeMethod(x) {
        const to = table.find(x);
        if (to === undefined) return;
        if (!METHODS.has(to)) return refuse(E.METHOD_NOT_ALLOWED, methodTransform.name);
        x.outgoingMethod = to;
      },
    };
  },
};
