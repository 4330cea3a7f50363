import { type EndpointConfig, endpoint, fieldName, group, list, map, type Section, template } from '../../schema/fields.ts';
import type { HeaderRules } from '../header-rules.ts';

export interface EndpointHeaders extends EndpointConfig {
  readonly rules: HeaderRules;
}

export interface ResponseHeadersConfig {
  readonly endpoints: readonly EndpointHeaders[];
  readonly global: HeaderRules;
  readonly injected: HeaderRules;
}

const rules: Section<HeaderRules> = {
  remove: list(fieldName('Name of a field, in any case'), 'Fields to take away first'),
  set: map(template('Value; variables are filled in'), 'Fields to set, in place of what the upstream sent'),
};

export const schema: Section<ResponseHeadersConfig> = {
  endpoints: list(
    group<EndpointHeaders>({ ...endpoint, rules: group(rules, 'For this endpoint, before the global ones') }, 'One endpoint'),
    'Rules of endpoints',
  ),
  global: group(rules, 'For every answer of the version'),
  injected: group(rules, 'The older `header_injector` response processor (Classic only), last'),
};
