import type { Middleware } from '../../contract/step.ts';
import { compileEndpoints } from '../endpoint-config.ts';
import { applyRules, compileRules } from '../header-rules.ts';
import { fromClassic, type ResponseHeaders } from './formats.ts';

/** Takes fields away from answers and sets others: the rules of the endpoint, then those of the version, then the header injector's. */
export const responseHeaders: Middleware<ResponseHeaders> = {
  id: 'response.headers',
  name: 'ResponseHeaderInjector',
  stage: 'respond',
  skipIgnored: false,
  read: ({ definition, version }) => fromClassic(definition, version),
  compile(config, site) {
    const table = compileEndpoints(config.endpoints, site, (entry) => compileRules(entry.rules, site.use.config));
    const global = compileRules(config.global, site.use.config);
    const injected = compileRules(config.injected, site.use.config);
    return {
      response: function setResponseHeaders(x, { fields }) {
        const own = table.find(x);
        if (own !== undefined) applyRules(own, x, fields);
        applyRules(global, x, fields);
        applyRules(injected, x, fields);
      },
    };
  },
};
