import { type EndpointConfig, endpoint, fieldName, group, list, map, type Section, template } from '../../schema/fields.ts';
import type { HeaderRules } from '../header-rules.ts';

export interface EndpointHeaders extends EndpointConfig {
  readonly rules: HeaderRules;
}

export interface RequestHeadersConfig {
  readonly global: HeaderRules;
  readonly endpoints: readonly EndpointHeaders[];
}

const rules: Section<HeaderRules> = {
  remove: list(fieldName('Name of a field, in any case'), 'Fields to take away first'),
  set: map(template('Value; variables are filled in'), 'Fields to set, in place of what the client sent', { example: { 'X-User': '$tyk_meta.user' } }),
};

export const schema: Section<RequestHeadersConfig> = {
  global: group(rules, 'For every request of the version'),
  endpoints: list(
    group<EndpointHeaders>({ ...endpoint, rules: group(rules, 'For this endpoint, after the global ones') }, 'One endpoint'),
    'Rules of endpoints',
  ),
};
