import { E } from '../../contract/errors.ts';
import type { Exchange } from '../../contract/exchange.ts';
import { refuse } from '../../contract/outcome.ts';
import type { Site } from '../../contract/site.ts';
import type { Middleware } from '../../contract/step.ts';
import { compileRegex } from '../../schema/regex.ts';
import { compileEndpoints, type Located } from '../endpoint-config.ts';
import { readBody } from '../request-body.ts';
import { compileTemplate, type Template } from '../template.ts';
import { fromClassic } from './formats.ts';
import { type CompiledRewrite, markGroups, rewrite } from './rewrite.ts';
import type { RewriteEndpoint, RewriteTrigger } from './schema.ts';
import { compileRule } from './trigger.ts';

/** Sends requests to another path, another upstream, or back into the gateway. It is only noted here and done when the request is sent. */
export const urlRewrite: Middleware<readonly Located<RewriteEndpoint>[]> = {
  id: 'url.rewrite',
  name: 'URLRewriteMiddleware',
  stage: 'transform',
  skipIgnored: false,
  read: ({ version }) => fromClassic(version),
  compile(endpoints, site) {
    const table = compileEndpoints(endpoints, site, (entry) => compileEntry(entry, site));
    return {
      request: function rewriteUrl(x) {
        const rule = table.find(x);
        if (rule === undefined) return;
        if (typeof rule === 'string') return refuse(E.REWRITE_FAILED, urlRewrite.name, rule);
        const pending = rule.readsBody ? readBody(x, urlRewrite.name) : undefined;
        return pending === undefined ? note(x, rule) : pending.then((refusal) => refusal ?? note(x, rule));
      },
    };
  },
};

function note(x: Exchange, rule: CompiledRewrite): void {
  x.rewrite = rewrite(x, rule) ?? x.rewrite;
}

/** A text: the pattern does not compile, which is what requests to this endpoint are told. The other endpoints work. */
function compileEntry(entry: Located<RewriteEndpoint>, site: Site): CompiledRewrite | string {
  const pattern = tryRegex(entry.pattern, site, `${entry.at}/match_pattern`);
  if (pattern === undefined) return `URLRewrite regexp error ${entry.pattern}`;
  const triggers = entry.triggers.map((trigger, number) => compileTrigger(trigger, number, site, `${entry.at}/triggers/${number}`));
  const readsBody = entry.triggers.some(({ rules }) => rules.some(({ source }) => source === 'body'));
  return { pattern, to: targetOf(entry.to, site), triggers, readsBody };
}

function compileTrigger({ condition, rules, to }: RewriteTrigger, number: number, site: Site, at: string): CompiledRewrite['triggers'][number] {
  return { any: condition === 'any', rules: rules.map((rule) => compileRule(rule, tryRegex(rule.pattern, site, at), number)), to: targetOf(to, site) };
}

function targetOf(target: string, { use }: Site): Template {
  return compileTemplate(markGroups(target), use.config, { escape: true });
}

function tryRegex(pattern: string, { api, use }: Site, path: string): RegExp | undefined {
  try {
    return compileRegex(pattern, { path });
  } catch (error) {
    use.log('warning', 'a URL rewrite has a pattern that does not compile', {
      api_id: api.id,
      path,
      error: error instanceof Error ? error.message : String(error),
    });
    return undefined;
  }
}
