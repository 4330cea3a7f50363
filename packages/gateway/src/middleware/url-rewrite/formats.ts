import type { ClassicVersion, RegexMatch, RewriteTrigger as ClassicTrigger } from '../../definition/classic/types.ts';
import { type Located, readEndpoints } from '../endpoint-config.ts';
import type { RewriteEndpoint, RewriteRule, RewriteSource, RewriteTrigger } from './schema.ts';

export function fromClassic(version: ClassicVersion): readonly Located<RewriteEndpoint>[] | undefined {
  const endpoints = readEndpoints(version, 'url_rewrites', ({ match_pattern, rewrite_to, triggers }) => ({
    pattern: match_pattern,
    to: rewrite_to,
    triggers: (triggers ?? []).map(triggerOf),
  }));
  return endpoints.length === 0 ? undefined : endpoints;
}

function triggerOf({ on, options, rewrite_to }: ClassicTrigger): RewriteTrigger {
  const body = options.payload_matches.match_rx === '' ? [] : [ruleOf('body', 'payload', options.payload_matches)];
  const rules = [
    ...rulesOf('header', options.header_matches),
    ...rulesOf('query', options.query_val_matches),
    ...rulesOf('path', options.path_part_matches),
    ...rulesOf('metadata', options.session_meta_matches),
    ...rulesOf('context', options.request_context_matches),
    ...body,
  ];
  return { condition: on === 'any' ? 'any' : 'all', rules, to: rewrite_to };
}

function rulesOf(source: RewriteSource, matches: Readonly<Record<string, RegexMatch>> | null): RewriteRule[] {
  return Object.entries(matches ?? {}).map(([name, match]) => ruleOf(source, name, match));
}

function ruleOf(source: RewriteSource, name: string, { match_rx, reverse }: RegexMatch): RewriteRule {
  return { source, name, pattern: match_rx, negate: reverse };
}
