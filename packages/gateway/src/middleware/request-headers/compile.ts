import type { Exchange } from '../../contract/exchange.ts';
import type { Middleware } from '../../contract/step.ts';
import { compileEndpoints } from '../endpoint-config.ts';
import { applyRules, compileRules, type CompiledRules, type HeaderRules } from '../header-rules.ts';
import { fromClassic, type RequestHeaders } from './formats.ts';

/** Takes fields away from requests and sets others: the rules of the version, then those of the endpoint. */
export const requestHeaders: Middleware<RequestHeaders> = {
  id: 'request.headers',
  name: 'TransformHeaders',
  stage: 'transform',
  skipIgnored: false,
  read: ({ version }) => fromClassic(version),
  compile(config, site) {
    const compile = (rules: HeaderRules): CompiledRules => compileRules(withoutHost(rules), site.use.config);
    const global = compile(config.global);
    const table = compileEndpoints(config.endpoints, site, (entry) => compile(entry.rules));
    return {
      request: function setRequestHeaders(x) {
        apply(global, x);
        const own = table.find(x);
        if (own !== undefined) apply(own, x);
      },
    };
  },
};

function apply(rules: CompiledRules, x: Exchange): void {
  if (rules.remove.length === 0 && rules.set.length === 0) return;
  applyRules(rules, x, x.changeFields());
  if (rules.remove.includes('x-forwarded-for')) x.noForwardedFor = true;
}

const isHost = (name: string): boolean => name.toLowerCase() === 'host';

/** The Host field is the target's: rules have no say in it. */
function withoutHost(rules: HeaderRules): HeaderRules {
  return {
    remove: rules.remove.filter((name) => !isHost(name)),
    set: Object.fromEntries(Object.entries(rules.set).filter(([name]) => !isHost(name))),
  };
}
