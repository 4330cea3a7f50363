import { choice, type EndpointConfig, endpoint, flag, group, list, regex, type Section, template, text } from '../../schema/fields.ts';

/** Where a trigger looks. */
export type RewriteSource = 'header' | 'query' | 'path' | 'metadata' | 'context' | 'body';

export interface RewriteRule {
  readonly source: RewriteSource;
  readonly name: string;
  readonly pattern: string;
  readonly negate: boolean;
}

export interface RewriteTrigger {
  readonly condition: 'all' | 'any';
  readonly rules: readonly RewriteRule[];
  readonly to: string;
}

export interface RewriteEndpoint extends EndpointConfig {
  readonly pattern: string;
  readonly to: string;
  readonly triggers: readonly RewriteTrigger[];
}

export interface UrlRewriteConfig {
  readonly endpoints: readonly RewriteEndpoint[];
}

const rule: Section<RewriteRule> = {
  source: choice(['header', 'query', 'path', 'metadata', 'context', 'body'], 'Where to look; `metadata` is the key’s'),
  name: text('Name of the field, parameter or variable; for a path segment a label of your own'),
  pattern: regex('What has to be found there'),
  negate: flag('It must be there, but not fit the pattern', { initial: false }),
};

const trigger: Section<RewriteTrigger> = {
  condition: choice(['all', 'any'], 'How many of the rules have to hold', { initial: 'all' }),
  rules: list(group(rule, 'One rule'), 'What is looked for'),
  to: template('Where the request goes then; captures are `$tyk_context.trigger-<number>-<name>-<value>[-<group>]`'),
};

export const schema: Section<UrlRewriteConfig> = {
  endpoints: list(
    group<RewriteEndpoint>(
      {
        ...endpoint,
        pattern: regex('Matched against path and query, listen path included; without a match nothing is rewritten', { example: '/users/(\\d+)' }),
        to: template('Path, absolute URL, or `tyk://` for a loop inside the gateway; `$1` is the first group of the pattern', { example: '/v2/people?id=$1' }),
        triggers: list(group(trigger, 'One trigger'), 'Tried in their order; the first that holds gives the target'),
      },
      'One endpoint',
    ),
    'Endpoints whose requests go to another path',
  ),
};
