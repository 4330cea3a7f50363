import { E } from '../../contract/errors.ts';
import { refuse } from '../../contract/outcome.ts';
import type { Middleware } from '../../contract/step.ts';
import { compileEndpoints } from '../endpoint-config.ts';
import { fromClassic, type RequestSize } from './formats.ts';

const UNMEASURED = new Set(['GET', 'DELETE', 'TRACE', 'OPTIONS', 'HEAD']);

/** Refuses bodies that announce themselves as too large, and such that do not say how large they are. */
export const requestSize: Middleware<RequestSize> = {
  id: 'request.size',
  name: 'RequestSizeLimitMiddleware',
  stage: 'admit',
  skipIgnored: false,
  read: ({ definition, version }) => fromClassic(definition, version),
  compile(config, site) {
    const table = compileEndpoints(config.endpoints, site, (entry) => entry.limit);
    return {
      request: function checkRequestSize(x) {
        if (UNMEASURED.has(x.method)) return;
        const own = table.find(x);
        if (config.limit === 0 && own === undefined) return;
        if (x.field('content-length') === undefined) return refuse(E.LENGTH_REQUIRED, requestSize.name);
        const { contentLength } = x.head;
        if (contentLength < 0) return refuse(E.LENGTH_INVALID, requestSize.name);
        const tooLarge = (config.limit > 0 && contentLength > config.limit) || (own !== undefined && contentLength > own);
        if (tooLarge) return refuse(E.REQUEST_TOO_LARGE, requestSize.name);
      },
    };
  },
};
